"""The fenced blocks of a document, each made into a rubric that can be checked.

``rubric`` is a whole file; ``rubric-fragment`` a piece whose first line names the heading it stands under or after;
``rubric-wrong`` is refused with the code of its first line; ``rubric-file NAME`` is a file the rubrics below it may
use. `` same`` after the kind marks the translation of the block above it, and a ``json`` block is a submission to the
rubric above it. ``json cohort`` is a list of submissions and ``json dossier`` a dossier; the ``text`` block that
follows is what comes of it.
"""

import json
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from rubric_engine.casetest import run_examples
from rubric_engine.cohort import UnitGrade, score_cohort
from rubric_engine.engine import CompiledRubric, check_text, compile_rubric
from rubric_engine.meaning.exact import show_number
from rubric_engine.rounds import score_stages
from rubric_engine.syntax.formatter import format_text

ROOT = Path(__file__).parents[1]

_BLOCK = re.compile(r"^```(?P<kind>rubric[a-z-]*)(?: (?P<note>[a-z.]+))?\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_JSON = re.compile(r"^```json\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_ROUND = re.compile(
    r"^```json (?P<note>cohort|dossier)\n(?P<body>.*?)^```\n\n```text\n(?P<shown>.*?)^```$", re.MULTILINE | re.DOTALL
)
_CONTEXT = re.compile(r"# (?P<place>under|after|dưới|sau): (?P<heading>.*)\n")
_TITLE = re.compile(r'"(?:[^"]|"")*"')
_POINTS = re.compile(r"(?:-?[\d.,]+ (?:to|đến) )?(?P<points>[\d.,]+) (?P<word>points?|điểm)\b")

_HEADER = {
    "en": 'rubric "Example" id example\nversion 1\ntotal {points} {word}\n\n{heading}\n',
    "vi": 'bộ tiêu chí "Example" mã example\nphiên bản 1\ntổng điểm {points} {word}\n\n{heading}\n',
}
_SHEET = {
    "en": "  input sheet: number, from 0 to {points}\n  score sheet\n\n",
    "vi": "  dữ liệu sheet: số, từ 0 đến {points}\n  chấm sheet\n\n",
}


@dataclass(frozen=True)
class Block:
    """A fenced block: its kind, its own text, the line it starts at, whether it translates the one above."""

    kind: str
    body: str
    line: int
    same: bool
    name: str = ""

    @property
    def context(self) -> re.Match[str] | None:
        """The first line of a fragment, which says where it stands."""
        return _CONTEXT.match(self.body)

    @property
    def whole(self) -> str:
        """A complete rubric: a fragment is put where its first line says."""
        context = self.context
        if context is None:
            return self.body
        language = "en" if context["place"] in ("under", "after") else "vi"
        points = _POINTS.search(_TITLE.sub("", context["heading"]))
        assert points is not None, f"line {self.line}: the heading says no points"
        head = _HEADER[language] + (_SHEET[language] if context["place"] in ("after", "sau") else "")
        return head.format(heading=context["heading"], **points.groupdict()) + self.body[context.end() :]


class Document:
    """A document and its blocks."""

    def __init__(self, path: str) -> None:
        self.folder = (ROOT / path).parent
        self.text = (ROOT / path).read_text(encoding="utf-8")
        blocks = [
            Block(
                found["kind"], found["body"], self.text.count("\n", 0, found.start()) + 1, found["note"] == "same",
                found["note"] or "",
            )
            for found in _BLOCK.finditer(self.text)
        ]  # fmt: skip
        self.blocks = blocks
        self.right = [block for block in blocks if block.kind in ("rubric", "rubric-fragment")]
        self.wrong = [block for block in blocks if block.kind == "rubric-wrong"]
        self.files = [block for block in blocks if block.kind == "rubric-file"]
        self.pairs = [(above, below) for above, below in pairwise(blocks) if below.same]
        self.submissions = [
            (self._above(self.text.count("\n", 0, found.start()) + 1), found["body"])
            for found in _JSON.finditer(self.text)
        ]
        self.rounds = [
            (self._above(self.text.count("\n", 0, found.start()) + 1), found) for found in _ROUND.finditer(self.text)
        ]

    def _above(self, line: int) -> Block:
        """The nearest rubric above; of a pair the one that is not the translation."""
        return [block for block in self.right if block.line < line and not block.same][-1]

    def write_files(self, folder: Path) -> Path:
        """The files that rubrics of the document use, written where they can be read."""
        for block in self.files:
            (folder / block.name).write_text(block.body, encoding="utf-8")
        return folder

    def broken_links(self) -> set[str]:
        """Links to headings that are not there, in this document or in one beside it."""
        prose = _FENCED.sub("", self.text)
        broken = {link for link in re.findall(r"\]\(#([^)]*)\)", prose) if link not in _anchors(self.text)}
        for path, link in re.findall(r"\]\(([^)#:]+\.md)(?:#([^)]*))?\)", prose):
            beside = self.folder / path
            if not beside.exists() or (link and link not in _anchors(beside.read_text(encoding="utf-8"))):
                broken.add(f"{path}#{link}")
        return broken


def _anchors(text: str) -> set[str]:
    """As the usual renderers make them: lower case, punctuation dropped, spaces to hyphens."""
    headings = re.findall(r"^#+ (.*)$", _FENCED.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def assert_round_stands(block: Block, found: re.Match[str], folder: Path) -> None:
    """What is shown under a cohort or a dossier comes of it by the rubric above."""
    compiled = compile_rubric(block.whole, folder=folder)
    tell = _cohort_told if found["note"] == "cohort" else _dossier_told
    told = "".join(f"{line}\n" for line in tell(compiled, json.loads(found["body"])))
    assert told == found["shown"]


def _cohort_told(rubric: CompiledRubric, submissions: list[object]) -> list[str]:
    """``2. Unit A: 85, good``, by groups; places and grades an authority decides are marked."""
    cohort = score_cohort(rubric, submissions)
    assert [problem for problem in cohort.problems if not problem.scored] == []
    ranking = cohort.ranking()
    lines = []
    for row in ranking.rows:
        place = f"{row.first}-{row.last}" if row.rank is None else str(row.rank)
        grade = "" if row.grade is None else f", {_grade_told(row.grade)}"
        group = "" if row.group is None else f"{row.group} "
        total = cohort[row.unit].total.published
        assert total is not None
        lines.append(f"{group}{place}. {row.unit}: {show_number(total, rubric.language)}{grade}")
    return [*lines, *(f"-. {one.unit}: {one.text(rubric.language)}" for one in ranking.unranked)]


def _grade_told(grade: UnitGrade) -> str:
    if grade.name is None:
        return " / ".join(grade.possible) + f" ({grade.because or grade.state})"
    return grade.name if grade.name == grade.before else f"{grade.name} ({grade.before})"


def _dossier_told(rubric: CompiledRubric, dossier: object) -> list[str]:
    """``self: 8.5 of 10``, by stages; what still waits has a range."""
    lines = []
    for stage in score_stages(rubric, dossier).stages:
        total = stage.result.total
        shown = (total.low, total.high, total.applicable_maximum or 0)
        low, high, most = (show_number(each, rubric.language) for each in shown)
        grade = stage.result.grade
        named = f", {grade.name}" if grade is not None and grade.name else ""
        lines.append(f"{stage.stage.name}: {low if low == high else f'{low}..{high}'} / {most}{named}")
    return lines


def name_of(block: Block) -> str:
    """How a test report names a block."""
    return f"line {block.line}"


def assert_holds(block: Block, folder: Path) -> None:
    """It checks without a finding, and its examples pass."""
    checked = check_text(block.whole, folder=folder)
    assert checked.ok, [(found.code, dict(found.values)) for found in checked.diagnostics]
    compiled = compile_rubric(block.whole, folder=folder)
    assert [outcome for outcome in run_examples(compiled) if not outcome.passed] == []


def assert_formatted(block: Block) -> None:
    """It is written as the formatter writes it."""
    formatted = format_text(block.whole)
    assert not formatted.diagnostics
    assert formatted.text == block.whole


def assert_translation(above: Block, below: Block) -> None:
    """Each is what the formatter makes of the other."""
    there, back = ("vi", "en") if format_text(above.whole, to="en").text == above.whole else ("en", "vi")
    assert format_text(above.whole, to=there).text == below.whole
    assert format_text(below.whole, to=back).text == above.whole
