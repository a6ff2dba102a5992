"""Where each statement stands on the page: indentation, blank lines, comments, and lines that are too long."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from rubric_engine.syntax.keywords import forms, languages, meanings, spell
from rubric_engine.syntax.printing.sheet import show_statement
from rubric_engine.syntax.tree import nodes as n

WIDTH = 120

_STEP = "  "
_PRAGMA = re.compile(r"#\s*language\s*:\s*([A-Za-z]+)\s*")


@dataclass(frozen=True, slots=True)
class Gaps:
    """Where blank lines stand: before which comments and before which statements, by index."""

    comments: frozenset[int]
    statements: frozenset[int]


def gaps_of(tree: n.SyntaxTree, text: str | None = None) -> Gaps:
    """The author's blank lines.

    The tree only tells before which statements they stand; the text it was parsed from tells on which side of a
    comment.
    """
    remarks = [(at, each) for at, each in enumerate(tree.trivia.comments) if each.own_line]
    if text is not None:
        comments = {at for at, each in remarks if _after_blank(text, each.span.start)}
        return Gaps(
            frozenset(comments),
            frozenset(at for at, stmt in enumerate(tree.statements) if _after_blank(text, stmt.span.start)),
        )
    first: dict[int, int] = {}
    for at, each in reversed(remarks):
        first[each.before] = at
    blank = tree.trivia.blank_before
    # Above the first statement stand comments about the file, below a blank line; elsewhere they belong to what
    # follows.
    return Gaps(
        frozenset(first[at] for at in blank if at > 0 and at in first),
        frozenset(at for at in blank if at == 0 or at not in first),
    )


def _after_blank(text: str, at: int) -> bool:
    end = at
    while end and text[end - 1].isspace():
        end -= 1
    return text.count("\n", end, at) > 1


def layout(tree: n.SyntaxTree, language: str, width: int | None = WIDTH, gaps: Gaps | None = None) -> str:
    """The whole text. Statements wider than ``width`` columns are broken; ``None`` breaks nothing."""
    found = gaps or gaps_of(tree)
    above: dict[int, list[tuple[str, bool]]] = {}
    beside: dict[int, str] = {}
    for index, comment in enumerate(settled(tree.trivia.comments, language)):
        if comment.own_line:
            above.setdefault(comment.before, []).append((comment.text, index in found.comments))
        else:
            beside[comment.before] = _STEP + comment.text
    lines: list[str] = []
    inside = ""
    previous: n.Statement | None = None
    for at, (stmt, indent) in enumerate(_placed(tree.statements)):
        remarks, blank = above.get(at, []), at in found.statements
        opens = previous is not None and (_opens_block(stmt, previous) or bool(inside and not indent))
        if opens and not blank and not any(gap for _, gap in remarks):
            remarks, blank = _gap_first(remarks)
        lines.extend(_remarks(remarks, inside, indent, blank))
        if blank:
            lines.append("")
        lines.extend(_broken(show_statement(stmt, language), indent, language, width))
        lines[-1] += beside.get(at, "")
        previous, inside = stmt, indent
    lines.extend(_remarks(above.get(len(tree.statements), []), inside, "", False))
    return "\n".join(lines).lstrip("\n") + "\n"


def _gap_first(above: list[tuple[str, bool]]) -> tuple[list[tuple[str, bool]], bool]:
    """A blank line before the comments of a block, or before the block if it has none."""
    if not above:
        return [], True
    return [(above[0][0], True), *above[1:]], False


def _remarks(above: list[tuple[str, bool]], upper: str, lower: str, blank: bool) -> list[str]:
    """Comments between two statements.

    They stand under the statement they precede, but for those that follow the upper statement without a blank line
    and are parted from the lower one: they are about the upper.
    """
    parted = [at for at, (_, gap) in enumerate(above) if gap]
    first = parted[0] if parted else (len(above) if blank else 0)
    lines: list[str] = []
    for at, (text, gap) in enumerate(above):
        if gap:
            lines.append("")
        lines.append((upper if at < first else lower) + text)
    return lines


def _placed(statements: tuple[n.Statement, ...]) -> Iterator[tuple[n.Statement, str]]:
    """Each statement with its indentation: two spaces for what belongs to a heading, grades, ranking or an example."""
    inside = ""
    clause = ""
    graded = False
    for stmt in statements:
        match stmt:
            case n.Heading() | n.Pool() | n.Grades() | n.AllGrades() | n.RankingClause() | n.Example():
                inside = _STEP
                graded = isinstance(stmt, n.Grades | n.AllGrades)
                yield stmt, ""
            case n.TotalLimit() if not graded:
                # It is about the sheet, not about the heading it happens to follow.
                yield stmt, ""
            case n.UseClause():
                # Another file stands here, with headings of its own.
                yield stmt, ""
            case n.Row() | n.InputClause(column=True):
                yield stmt, clause + _STEP
            case _:
                clause = inside
                yield stmt, inside


def _opens_block(stmt: n.Statement, previous: n.Statement) -> bool:
    """A blank line stands before every block; headings that follow each other directly stay as the author set them."""
    if isinstance(stmt, n.Heading):
        return not isinstance(previous, n.Heading | n.Pool)
    return isinstance(stmt, n.Pool | n.Grades | n.AllGrades | n.RankingClause | n.Example)


def settled(comments: tuple[n.Comment, ...], language: str) -> tuple[n.Comment, ...]:
    """Comments as they will stand: one space after the mark, the language pragma rewritten, one beside a statement.

    A statement that was broken over several lines may have had several comments beside it; when it is laid out anew
    only the last can stay there, and the others go above it.
    """
    kept: list[n.Comment] = []
    for at, comment in enumerate(comments):
        more = any(not each.own_line and each.before == comment.before for each in comments[at + 1 :])
        kept.append(replace(comment, text=_tidy(comment.text, language), own_line=comment.own_line or more))
    return tuple(kept)


def _tidy(text: str, language: str) -> str:
    body = text.strip()
    pragma = _PRAGMA.fullmatch(body)
    if pragma and pragma[1].lower() in languages():
        return f"# language: {language}"
    marks = re.match(r"#+!?", body)
    if marks is None:
        return f"# {body}".rstrip()
    rest = body[marks.end() :]
    return marks.group() + (f" {rest}" if rest and not rest[0].isspace() else rest)


# ---------------------------------------------------------------- long lines


def _broken(line: str, indent: str, language: str, width: int | None) -> list[str]:
    """The statement on one line, or broken before ``because``, ``or``, ``and``, then before signs, as far as needed."""
    if width is None or "\n" in line or len(indent) + len(line) <= width:
        return [indent + line]
    pieces = [line]
    # A line with a colon or a text is one of its own, however it begins.
    signs = () if ":" in line or '"' in line else ("+", "-")
    for sign in (*(spell(meaning, language) for meaning in ("BECAUSE", "OR", "AND")), *signs):
        shorter: list[str] = []
        for piece in pieces:
            if len(indent) + len(_STEP) + len(piece) <= width:
                shorter.append(piece)
            else:
                shorter.extend(_split_before(piece, sign, language))
        pieces = shorter
    return [indent + pieces[0]] + [indent + _STEP + piece for piece in _filled(pieces[1:], width - len(indent + _STEP))]


def _filled(pieces: list[str], width: int) -> list[str]:
    """The terms of a long formula, as many to a line as fit; what a word joins begins a line of its own."""
    lines: list[str] = []
    for piece in pieces:
        if lines and piece.startswith(("+ ", "- ")) and len(lines[-1]) + 1 + len(piece) <= width:
            lines[-1] += f" {piece}"
        else:
            lines.append(piece)
    return lines


def _split_before(line: str, word: str, language: str) -> list[str]:
    """Cut before each `` word `` that stands outside quotes and brackets and is a keyword of its own."""
    compounds = _compounds(word, language)
    starts = [0]
    depth = 0
    quoted = False
    for at, char in enumerate(line):
        if char == '"':
            quoted = not quoted
        elif not quoted and char in "()[]":
            depth += 1 if char in "([" else -1
        elif (
            not quoted
            and depth == 0
            and line.startswith(f" {word} ", at)
            and not any(line.startswith(form, at + 1 - offset) for form, offset in compounds if at + 1 >= offset)
        ):
            starts.append(at)
    ends = [*starts[1:], len(line)]
    return [line[start:end].strip() for start, end in zip(starts, ends, strict=True)]


@cache
def _compounds(word: str, language: str) -> tuple[tuple[str, int], ...]:
    """Keywords that hold the word, with its place in them: `or more`, `on or before` are not to be torn."""
    return tuple(
        (form, found.start())
        for meaning in meanings()
        for form in forms(meaning, language)
        if form != word
        for found in re.finditer(rf"(?<!\S){re.escape(word)}(?!\S)", form)
    )
