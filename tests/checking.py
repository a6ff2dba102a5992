"""What the tests of the checks share: a rubric text in, its findings out, before anything is lowered or emitted."""

from dataclasses import dataclass

from rubric_engine.analysis.check import check
from rubric_engine.analysis.resolve.rubric import resolve
from rubric_engine.diagnostics.catalogue import help_text, message, severity
from rubric_engine.diagnostics.shape import Diagnostic, Severity
from rubric_engine.model import Rubric
from rubric_engine.source import SourceFile
from rubric_engine.syntax.parser import parse

HEAD = 'rubric "Test" id test.check\nversion 1\n'
HEAD_VI = 'bộ tiêu chí "Thử" mã test.check\nphiên bản 1\n'


@dataclass(frozen=True)
class Found:
    """A finding as a reader meets it."""

    diagnostic: Diagnostic
    code: str
    line: int
    text: str
    message: str
    help: str
    example: dict[str, str]


def rubric_of(text: str) -> tuple[Rubric, SourceFile]:
    """A text that parses and resolves without an error."""
    source = SourceFile.from_text(text)
    parsed = parse(source)
    assert not [one for one in parsed.diagnostics if severity(one) is Severity.ERROR], parsed.diagnostics
    resolved = resolve(parsed.tree, source)
    assert not [one for one in resolved.diagnostics if severity(one) is Severity.ERROR], resolved.diagnostics
    return resolved.rubric, source


def findings(body: str, head: str = HEAD) -> list[Found]:
    """Every finding of the checks; lines are counted from the first of ``body``."""
    text = head + body.strip() + "\n"
    rubric, source = rubric_of(text)
    skipped = head.count("\n")
    return [
        Found(
            one,
            one.code,
            source.line_number(one.span.start) - skipped,
            source.text[one.span.start : one.span.end],
            message(one, rubric.language),
            help_text(one, rubric.language) or "",
            dict(one.example),
        )
        for one in check(rubric)
    ]


def told(body: str, head: str = HEAD) -> list[tuple[str, int]]:
    """Codes and lines only."""
    return [(one.code, one.line) for one in findings(body, head)]


def only(body: str, head: str = HEAD) -> Found:
    """The one finding there is."""
    found = findings(body, head)
    assert len(found) == 1, [(one.code, one.line, one.message) for one in found]
    return found[0]


def leaf(body: str, points: str = "2 points") -> str:
    """A rubric of one leaf; its first line is line 1."""
    return f'component 1 "Leaf" {points}\n{body}'
