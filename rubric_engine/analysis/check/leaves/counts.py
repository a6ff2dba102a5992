"""RUB402: the counts of ``contains`` against the outline."""

from collections.abc import Iterator

from rubric_engine.analysis.check.printed import noted
from rubric_engine.analysis.check.subject import Subject
from rubric_engine.diagnostics.shape import Diagnostic, problem
from rubric_engine.syntax.keywords import forms


def check_counts(subject: Subject) -> Iterator[Diagnostic]:
    """One finding for each level whose headings are not as many as the header says."""
    for counted in subject.rubric.contains:
        number = subject.levels_found[counted.level.upper()]
        if number == counted.number:
            continue
        level = _plural(counted.level, subject)
        if counted.as_printed is not None:
            what = subject.words.word("CONTAINS")
            because = counted.as_printed
            yield noted(counted.span, what, "count", because, declared=counted.number, found=number)
        else:
            yield problem("RUB402", counted.span, level=level, declared=counted.number, found=number)


def _plural(level: str, subject: Subject) -> str:
    """The word for several headings of a level: the longer of the two English forms."""
    name, _, number = level.partition(" ")
    words = forms(name.upper(), subject.rubric.language)
    longest = max(words[:2], key=len) if subject.rubric.language == "en" else words[0]
    return f"{longest} {number}".strip()
