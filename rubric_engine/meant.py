"""A text as it is meant: with every mend made that its findings offer, so that a slip hides nothing wrong elsewhere.

What is found in the mended text is told at its place in the author's own.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from rubric_engine.diagnostics.shape import Diagnostic, Fix
from rubric_engine.source import SourceFile, Span

# What a mended line hides is found in the next reading; a text that needs more of them is told as far as it goes.
MOST_READINGS = 3


class Meant:
    """A text with mends made, and the way back from places in it to the author's own.

    ``mended`` are the findings that offered the mends.
    """

    def __init__(self, own: str, mended: Sequence[Diagnostic], edits: Sequence[Fix]) -> None:
        self.mended = mended
        self._edits = edits
        self._ends = [edit.span.end for edit in edits]
        # Where each replacement begins in the mended text, and how far it moves what follows.
        self._starts: list[int] = []
        self._shifts: list[int] = []
        pieces: list[str] = []
        at = shift = 0
        for edit in edits:
            pieces += [own[at : edit.span.start], edit.replacement]
            at = edit.span.end
            self._starts.append(edit.span.start + shift)
            shift += len(edit.replacement) - (edit.span.end - edit.span.start)
            self._shifts.append(shift)
        self.text = "".join([*pieces, own[at:]])

    def told(self, findings: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
        """What is found in the mended text, at its place in the author's; their mends, where they touch no other.

        A mended piece whose names or place are wrong was meant otherwise: that is not told a second time.
        """
        for found in findings:
            span = self._back(found.span)
            if not found.code.startswith("RUB2") or not self._is_mended(span):
                labels = tuple(replace(label, span=self._back(label.span)) for label in found.labels)
                yield replace(found, span=span, labels=labels, fix=self._apart(found.fix))

    def _apart(self, fix: Fix | None) -> Fix | None:
        span = None if fix is None else self._back(fix.span)
        return None if fix is None or span is None or self._is_mended(span) else Fix(span, fix.replacement)

    def _is_mended(self, span: Span) -> bool:
        """Some of the span is mended, or what stands right beside it."""
        first = bisect_left(self._ends, span.start)
        return first < len(self._edits) and self._edits[first].span.start <= span.end

    def _back(self, span: Span) -> Span:
        return Span(self._offset(span.start, after=False), self._offset(span.end, after=True))

    def _offset(self, offset: int, *, after: bool) -> int:
        """An offset in the author's text; one within a replacement is before or ``after`` all that was replaced."""
        at = bisect_right(self._starts, offset) - 1
        if at < 0 or offset == self._starts[at]:
            return offset if at < 0 else self._edits[at].span.start
        edit = self._edits[at]
        if offset < self._starts[at] + len(edit.replacement):
            return edit.span.end if after else edit.span.start
        return offset - self._shifts[at]


def as_meant(source: SourceFile, errors: Sequence[Diagnostic]) -> Meant | None:
    """The rubric's own text with the mends that errors offer, those of slips before those of names.

    ``None`` where nothing is offered. Files that the rubric uses are left as they are.
    """
    own = source.text if len(source.parts) < 2 else source.text[: source.parts[1].start].rstrip("\n") + "\n"
    offering = [each for each in errors if each.fix is not None and each.fix.span.end <= len(own)]
    # A name is unknown as well where the line that declares it could not be read.
    slips = [each for each in offering if each.code.startswith("RUB1")]
    mended: list[Diagnostic] = []
    edits: list[Fix] = []
    for found in sorted(slips or offering, key=_place_of_mend):
        assert found.fix is not None
        if not edits or found.fix.span.start >= edits[-1].span.end:
            edits.append(found.fix)
        elif found.fix != edits[-1]:
            continue
        mended.append(found)
    return Meant(own, mended, edits) if edits else None


def _place_of_mend(found: Diagnostic) -> Span:
    assert found.fix is not None
    return found.fix.span
