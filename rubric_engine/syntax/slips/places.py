"""Rounding and means written without all they need: how the phrase goes on."""

from collections.abc import Callable, Iterator

from rubric_engine.diagnostics.shape import Diagnostic, Fix, problem
from rubric_engine.source import Span
from rubric_engine.syntax.grammar import END
from rubric_engine.syntax.keywords import spell
from rubric_engine.syntax.lines import LogicalLine
from rubric_engine.syntax.statement import Stuck

# The number of places an offer speaks of, by the keyword that asks for one.
_PLACES = {"ROUNDED": 2, "GEOMETRIC_MEAN": 6, "POWER_MEAN": 6}


def places_left_out(
    text: str, line: LogicalLine, stuck: Stuck, language: str, parses: Callable[[int, str], bool]
) -> Diagnostic | None:
    """``rounded half-up``, ``geometric mean``: to how many places is left out. ``parses`` tries words put in."""
    opener = next((token for token, _ in reversed(stuck.before) if token.type in _PLACES), None)
    if opener is None:
        return None
    last = stuck.before[-1][0].span
    for help_key, tail, sure in _tails(opener.type, language):
        if parses(last.end, f" {tail}"):
            end = next(stop for start, stop in line.segments if start <= last.end <= stop)
            rest = "" if stuck.token.type == END else text[last.end : end].partition(",")[0]
            phrase = " ".join(f"{text[opener.start : last.end]} {tail}{rest}".split())
            span = last if stuck.token.type == END else stuck.token.span
            found = " ".join(text[span.start : span.end].split())
            fix = Fix(Span(last.end, last.end), f" {tail}") if sure else None
            return problem("RUB101", span, help=help_key, fix=fix, found=found, expected=phrase)
    return None


def _tails(opener: str, language: str) -> Iterator[tuple[str, str, bool]]:
    """The help, what may be missing, and whether nothing else can be meant by leaving it out."""
    to, places, mode = (spell(name, language) for name in ("TO", "PLACES", "HALF_UP"))
    number = f"{to} {_PLACES[opener]} {places}"
    yield from (("places", places, True), ("places", to, True), ("places", number, False))
    if opener == "ROUNDED":
        for tail in (mode, f"{mode} {to}", f"{mode} {number}"):
            yield "rounding", tail, False
