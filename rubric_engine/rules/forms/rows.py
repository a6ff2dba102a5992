"""What the row tables share: reading a row's value, splitting off ``otherwise``, lowering to cases."""

from collections.abc import Callable, Sequence
from fractions import Fraction

from rubric_engine.model import At, BandRow, Unit
from rubric_engine.plan.expr import All, Compare, Const, Num, Order, Truth
from rubric_engine.plan.plan import Case
from rubric_engine.rules.expressions import resolve_number, resolve_points
from rubric_engine.rules.folding import multiply
from rubric_engine.rules.names.scope import Heading, Scope
from rubric_engine.source import Span
from rubric_engine.syntax.tree import nodes as n


def row_value(row: n.Row, scope: Scope, heading: Heading) -> Num | None:
    """The points of a row; ``None`` after its problem was reported."""
    value = resolve_points(row.value, scope, heading)
    return value.num if not value.broken else None


def row_share(row: n.Row, scope: Scope, heading: Heading) -> Num | None:
    """The points of a scale's row: a percent of full points; ``None`` after its problem was reported."""
    value = resolve_number(row.value, scope, heading)
    if value.broken:
        return None
    zero = isinstance(value.expr, Const) and value.expr.value == 0
    if value.unit is not Unit.PERCENT and not zero:
        scope.report("RUB303", value.span, left=value.unit, right="percent", text=scope.words(value.span),
                     help="help_share")  # fmt: skip
        return None
    return multiply(Const(heading.maximum or Fraction(0)), value.expr)


def split_otherwise(
    rows: Sequence[n.Row], scope: Scope, heading: Heading, *, shares: bool = False
) -> tuple[list[n.Row], At[Num] | None]:
    """The rows before ``otherwise``, and its value. It stands once, and last."""
    plain = [row for row in rows if not isinstance(row.key, n.OtherwiseKey)]
    last = [row for row in rows if isinstance(row.key, n.OtherwiseKey)]
    for row in last[1:]:
        scope.report("RUB211", row.span, clause=scope.words(row.key.span), help="help_row")
    if not last:
        return plain, None
    if last[0] is not rows[-1] and len(last) == 1:
        scope.report("RUB210", last[0].span, clause=scope.words(last[0].key.span), help="help_otherwise")
    value = (row_share if shares else row_value)(last[0], scope, heading)
    return plain, None if value is None else At(value, last[0].span)


_KEYS: dict[str, type | tuple[type, ...]] = {
    "anchors": n.Band,
    "bands": (n.Band, n.OtherwiseKey),
    "levels": (n.LevelKeys, n.OtherwiseKey),
    "yes_no": (n.LevelKeys, n.OtherwiseKey),
    "when": (n.WhenKey, n.OtherwiseKey),
}


def wrong_row(row: n.Row, scope: Scope, form: str) -> None:
    """A row whose key does not fit the clause above it."""
    told = f"help_{form}"
    misfit(scope, row.span, lambda meant: isinstance(meant, n.Row) and isinstance(meant.key, _KEYS[form]), told)


def misfit(scope: Scope, span: Span, fits: Callable[[n.Row | n.GradeRowClause], bool], help: str) -> None:
    """A row that fits nothing above it, with how it was meant where that is known."""
    # Most rubrics have no such row: what mends one is loaded where one is met.
    from rubric_engine.syntax.slips.rows import row_meant

    fix = row_meant(scope.source.text, span, scope.language, fits)
    shown = scope.words(span).split(":")[0]
    if fix is None:
        scope.report("RUB212", span, row=shown, help=help)
    else:
        scope.report("RUB212", span, row=shown, mend=fix.replacement, fix=fix, help="meant")


def in_band(subject: Num, row: BandRow, *, skip_low: bool = False, skip_high: bool = False) -> Truth:
    """The test that the subject lies in the band; a side already settled by earlier rows may be left out."""
    tests: list[Truth] = []
    if row.low is not None and row.low == row.high and not skip_low and not skip_high:
        return Compare(Order.EQ, subject, Const(row.low))
    if row.low is not None and not skip_low:
        tests.append(Compare(Order.GT if row.low_open else Order.GE, subject, Const(row.low)))
    if row.high is not None and not skip_high:
        tests.append(Compare(Order.LT if row.high_open else Order.LE, subject, Const(row.high)))
    return tests[0] if len(tests) == 1 else All(tuple(tests))


def closed(cases: list[Case]) -> tuple[Case, ...]:
    """Complete cases (proved by ``check``) without ``otherwise``: the last needs no test."""
    if cases and cases[-1].when is not None:
        last = cases[-1]
        cases = [*cases[:-1], Case(None, last.value, last.label, last.line)]
    return tuple(cases)
