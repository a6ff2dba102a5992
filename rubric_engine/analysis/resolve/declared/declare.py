"""Names: inputs, parameters and lets, declared once and known in the whole rubric."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from fractions import Fraction

from rubric_engine.analysis.resolve.declared.level_lists import declare_choice, levels_of, list_of
from rubric_engine.analysis.resolve.declared.missing import with_missing
from rubric_engine.analysis.resolve.outline import Outline
from rubric_engine.analysis.resolve.rounds import stage_number
from rubric_engine.facts.fold import Folded
from rubric_engine.facts.suggest import closest
from rubric_engine.meaning.exact import Unreadable
from rubric_engine.model import At, Unit
from rubric_engine.plan.expr import Add, Always, Const, Expr, Fact, Mul, Sub, walk
from rubric_engine.plan.plan import Bound, InputSpec, Kind, Let, ParameterValue
from rubric_engine.rules.expressions import resolve, resolve_number
from rubric_engine.rules.names.level_values import name_levels
from rubric_engine.rules.names.scope import TOP, Heading, Scope
from rubric_engine.rules.names.stand_ins import settle_stand_ins
from rubric_engine.rules.names.typed import BROKEN, UNIT_OF_KIND, Sort, Typed, comparable, number
from rubric_engine.source import Span
from rubric_engine.syntax.keywords import spell
from rubric_engine.syntax.tree import nodes as n

# What a bound may be made of: `limit_of` in facts.readers reads exactly these.
BOUND_FORMS = (Const, Fact, Add, Sub, Mul)


def declare(outline: Outline, headings: list[Heading], scope: Scope, parameters: Mapping[str, object]) -> None:
    """Fill the scope's names, then bounds (which may read other inputs), then the parameters' values."""
    clauses: list[tuple[n.InputClause, str | None]] = []
    for one in outline.level_lists:
        if _is_new(one.name, scope):
            scope.level_lists[one.name.text] = list_of(one.name.text, one.levels, scope)
    for clause, at in outline.declared:
        match clause:
            case n.InputClause():
                code = None if at is None else outline.drafts[at].code
                clauses.append((clause, code))
                _declare_input(clause, code, scope, 0 if at is None else scope.rounds.headings[at])
            case n.LetClause():
                if _is_new(clause.name, scope):
                    scope.let_clauses[clause.name.text] = (clause, TOP if at is None else headings[at])
            case n.ParameterClause():
                # Its default may not read a fact, so the facts must be known to say so.
                _is_new(clause.name, scope)
    declare_functions(outline, scope)
    for clause, _ in clauses:
        _bind_bounds(clause, scope)
        _bind_columns(clause, outline, scope)
    own = Folded((one.name.text, None) for one, _ in outline.declared if isinstance(one, n.ParameterClause))
    # One given in two spellings stays under the other, which no parameter has.
    exact = frozenset(own) & parameters.keys()
    parameters = {
        name if (known := own.written(name)) is None or known in exact else known: value
        for name, value in parameters.items()
    }
    for parameter, _ in outline.declared:
        if isinstance(parameter, n.ParameterClause) and scope.spans[parameter.name.text] is parameter.name.span:
            _declare_parameter(parameter, scope, parameters)
    settle_stand_ins(scope)
    for name in parameters:
        # One whose own line is wrong is told there.
        if name not in scope.parameters and name not in own:
            near = closest(name, scope.parameters)
            scope.report("RUB216", Span(0, 0), name=name, near=near or "",
                         known=", ".join(scope.parameters) or "-")  # fmt: skip
    scope.resolve_let = resolve_let


def declare_functions(outline: Outline, scope: Scope) -> None:
    """Definitions, lookup tables and scales: names like the others, called instead of read."""
    for clause in outline.defines:
        if _is_new(clause.name, scope):
            scope.defines[clause.name.text] = clause
    for head, rows in outline.tables:
        if not rows:
            # What is wrong with the file of a table has been said.
            if isinstance(head, n.ScaleClause) or head.path is None:
                scope.report("RUB246", head.span, row=scope.words(head.span))
            scope.unreadable.add(head.name.text)
        if _is_new(head.name, scope) and rows:
            if isinstance(head, n.TableClause):
                scope.tables[head.name.text] = (head, rows)
            else:
                scope.scales[head.name.text] = rows


def _is_new(name: n.Ident, scope: Scope) -> bool:
    if name.text in scope.spans:
        first = scope.line(scope.spans[name.text])
        scope.report("RUB202", name.span, name=name.text, line=first)
        return False
    scope.spans[name.text] = name.span
    return True


def _declare_input(clause: n.InputClause, code: str | None, scope: Scope, asked_from: int) -> None:
    """``asked_from`` is the stage of the heading; the input may name another."""
    if clause.asked_from is not None:
        asked_from = stage_number(clause.asked_from, scope)
    for at, name in enumerate(clause.names):
        if _is_new(name, scope):
            spec = replace(_spec(clause, at, code, scope), asked_from=asked_from)
            if spec.kind is not Kind.LEVEL or spec.levels:
                scope.inputs[name.text] = spec


def _spec(clause: n.InputClause, at: int, code: str | None, scope: Scope) -> InputSpec:
    """One of the inputs or columns of a clause, before its bounds are known."""
    name, written = clause.names[at], clause.label_of(at)
    own = levels_of(clause, name, scope)
    label = name.text if written is None else written.value
    return InputSpec(
        name.text, label, Kind(clause.type), own.levels, own.ordered, None, None, clause.decimals,
        clause.optional, clause.shared, code, scope.line(name.span),
    )  # fmt: skip


def _bind_bounds(clause: n.InputClause, scope: Scope) -> None:
    for ident in clause.names:
        spec = scope.inputs.get(ident.text)
        if spec is not None and scope.spans[ident.text] is ident.span and spec.kind not in (Kind.LIST, Kind.RATINGS):
            scope.inputs[ident.text] = with_missing(_bounded(spec, clause, scope), clause, scope)


def _bounded(spec: InputSpec, clause: n.InputClause, scope: Scope) -> InputSpec:
    low, high = _bounds(clause.bounds, spec, scope)
    if spec.kind is Kind.COUNT and low is None:
        low = Bound(Const(Fraction(0)))
    return replace(spec, minimum=low, maximum=high)


def _bind_columns(clause: n.InputClause, outline: Outline, scope: Scope) -> None:
    """The columns of a register; the one column of ratings. Their bounds are numbers, not other facts."""
    kind = Kind(clause.type)
    if kind not in (Kind.LIST, Kind.RATINGS):
        return
    for ident in clause.names:
        spec = scope.inputs.get(ident.text)
        if spec is None or scope.spans[ident.text] is not ident.span:
            continue
        if kind is Kind.RATINGS:
            one = InputSpec("rating", spec.label, Kind.NUMBER, decimals=clause.decimals or 0, line=spec.line)
            columns = [_bounded(one, clause, scope)]
        else:
            columns = _columns(ident.text, outline.columns.get(clause.names[0].text, []), scope)
            if not columns:
                scope.report("RUB312", ident.span, register=ident.text, name="", columns="-", near="",
                             help="help_none")  # fmt: skip
        whole = replace(spec, columns=tuple(columns), raters=clause.raters or 0)
        scope.inputs[ident.text] = with_missing(whole, clause, scope)


def _columns(register: str, clauses: list[n.InputClause], scope: Scope) -> list[InputSpec]:
    found: dict[str, InputSpec] = {}
    for clause in clauses:
        if Kind(clause.type) in (Kind.LIST, Kind.RATINGS):
            scope.report("RUB301", clause.span, text=scope.words(clause.span), found="register", expected="input",
                         help="help_column")  # fmt: skip
            continue
        if clause.if_missing is not None or clause.excluded_if_missing:
            given = clause.span if clause.if_missing is None else clause.if_missing.span
            scope.report("RUB315", given, name=clause.names[0].text, value=scope.words(given), help="help_column")
        for at, name in enumerate(clause.names):
            if name.text in found:
                scope.report("RUB202", name.span, name=name.text, line=found[name.text].line)
                continue
            spec = _spec(clause, at, None, scope)
            scope.spans[f"{register}.{name.text}"] = name.span
            found[name.text] = _bounded(spec, clause, scope)
    return list(found.values())


def _bounds(clauses: tuple[n.BoundClause, ...], spec: InputSpec, scope: Scope) -> tuple[Bound | None, Bound | None]:
    """Lower and upper bound; each must be a number of the input's own unit and may read other inputs."""
    low: Bound | None = None
    high: Bound | None = None
    if clauses and spec.kind in (Kind.YES_NO, Kind.TEXT, Kind.LEVEL):
        scope.report("RUB307", clauses[0].span, low="", high="", text=scope.words(clauses[0].span), help="help_kind")
        return None, None
    own = number(Const(Fraction(0)), UNIT_OF_KIND.get(spec.kind, UNIT_OF_KIND[Kind.NUMBER]))
    used_before = set(scope.used)
    for clause in clauses:
        value = resolve_number(clause.value, scope, TOP)
        if value.broken or not isinstance(value.expr, BOUND_FORMS) or not _is_bound(value.expr, scope):
            if not value.broken:
                scope.report("RUB310", clause.value.span, text=scope.words(clause.value.span))
            continue
        if not comparable(own, value):
            scope.report("RUB303", clause.value.span, left=own.unit, right=value.unit,
                         text=scope.words(clause.value.span), help="help_percent_bound")  # fmt: skip
            continue
        bound = Bound(value.expr, clause.order in ("<", ">"))
        if clause.order in (">", ">="):
            low = bound
        else:
            high = bound
    # Standing in another input's bound does not make an input used: it must matter to a score.
    scope.used.intersection_update(used_before | {name for name in scope.used if name not in scope.inputs})
    if _crossed(low, high):
        span = clauses[0].span.merge(clauses[-1].span)
        scope.report("RUB307", span, low=scope.words(clauses[0].span), high=scope.words(clauses[-1].span),
                     text=scope.words(span))  # fmt: skip
        return None, None
    return low, high


def _crossed(low: Bound | None, high: Bound | None) -> bool:
    if low is None or high is None or not isinstance(low.value, Const) or not isinstance(high.value, Const):
        return False
    return low.value.value > high.value.value


def _is_bound(expr: Expr, scope: Scope) -> bool:
    # A figure of the cohort is known long after the facts were checked against their bounds.
    parts = list(walk(expr))
    figures = any(isinstance(part, Fact) and part.name not in scope.inputs for part in parts)
    return not figures and all(isinstance(part, BOUND_FORMS) for part in parts)


def _declare_parameter(clause: n.ParameterClause, scope: Scope, given: Mapping[str, object]) -> None:
    name = clause.name.text
    kind = Kind(clause.type)
    if kind is Kind.LEVEL:
        declare_choice(clause, scope, given)
        return
    default = resolve(clause.value, scope, TOP)
    scope.unreadable.add(name)
    if default.broken:
        return
    usual = _usual(default, kind, clause, scope)
    if usual is None:
        return
    spec = InputSpec(name, name, kind)
    low, high = _bounds(clause.bounds, spec, scope)
    spec = InputSpec(name, name, kind, minimum=low, maximum=high)
    value = usual
    if not (_holds(low, value) and _holds(high, value, upper=True)):
        scope.report("RUB309", clause.name.span, name=name, value=scope.words(clause.value.span),
                     bounds=_shown_bounds(clause, scope))  # fmt: skip
    elif name in given:
        from rubric_engine.facts.readers import InputReader

        try:
            # A parameter is read as an input of its kind is, bounds and all.
            value = Fraction(InputReader(spec, scope.language).read(given[name])[0])
        except Unreadable as error:
            usual_help = "help_given" if clause.bounds else "help_unbounded"
            scope.report("RUB309", clause.name.span, name=name, value=str(given[name])[:40],
                         expected=kind.value, bounds=_shown_bounds(clause, scope),
                         one=error.values.get("one", ""), other=error.values.get("other", ""),
                         help="help_percent" if error.code == "RUB506" else usual_help)  # fmt: skip
    label = clause.label.value if clause.label else name
    scope.parameters[name] = ParameterValue(name, label, value, usual, kind)


def _usual(default: Typed, kind: Kind, clause: n.ParameterClause, scope: Scope) -> Fraction | None:
    """The default of a parameter: a number of its own unit, or 1 and 0 for yes and no. ``None`` after a report."""
    if kind is Kind.YES_NO and isinstance(default.expr, Always):
        return Fraction(default.expr.value)
    if kind is Kind.YES_NO or default.sort is not Sort.NUMBER or not isinstance(default.expr, Const):
        scope.report("RUB310", clause.value.span, text=scope.words(clause.value.span))
        return None
    own = number(Const(Fraction(0)), UNIT_OF_KIND.get(kind, UNIT_OF_KIND[Kind.NUMBER]))
    if not comparable(own, default):
        scope.report("RUB303", clause.value.span, left=own.unit, right=default.unit,
                     text=scope.words(clause.value.span), help="help_default")  # fmt: skip
        return None
    return default.expr.value


def _holds(bound: Bound | None, value: Fraction, *, upper: bool = False) -> bool:
    if bound is None or not isinstance(bound.value, Const):
        return True
    limit = bound.value.value
    if value == limit:
        return not bound.strict
    return value < limit if upper else value > limit


def _shown_bounds(clause: n.ParameterClause, scope: Scope) -> str:
    """The bounds in the author's words: ``from 50% to 100%``, ``at least 50%``."""
    text = ""
    for bound in clause.bounds:
        words = scope.words(bound.span)
        # Each end of a range stands in the text as its number alone.
        ranged = bound.span == bound.value.span
        if ranged and bound.order == "<=":
            text += f" {spell('TO', scope.language)} {words}"
        else:
            text += (", " if text else "") + (f"{spell('FROM', scope.language)} " if ranged else "") + words
    return text


def resolve_lets(scope: Scope) -> None:
    """Every let, used or not, so that its own mistakes are found; those it names first.

    The order is found without recursion: a chain of a thousand lets must not exhaust Python's stack.
    """
    path: list[str] = []
    for start in scope.let_clauses:
        stack = [(start, False)]
        while stack:
            name, ready = stack.pop()
            if ready:
                path.pop()
                scope.settle_let(name)
            elif name in path:
                ring = [*path[path.index(name) :], name]
                shown = ring if len(ring) <= 8 else [*ring[:4], "…", *ring[-3:]]
                scope.report("RUB208", scope.let_clauses[name][0].name.span, ring=" → ".join(shown))
                scope.break_let(name)
            elif not scope.is_settled(name):
                path.append(name)
                stack.append((name, True))
                named = _names_in(scope.let_clauses[name][0].value)
                stack += [(other, False) for other in named if other in scope.let_clauses]


def _names_in(node: object) -> list[str]:
    found: list[str] = []
    stack = [node]
    while stack:
        here = stack.pop()
        if isinstance(here, n.Name):
            found.append(here.text)
        elif isinstance(here, tuple):
            stack.extend(here)
        elif is_dataclass(here):
            stack.extend(getattr(here, part.name) for part in fields(here) if part.name != "span")
    return found


# How a number is shown. A ratio of like amounts is a share of one in the other.
_KINDS = {
    Unit.PERCENT: Kind.PERCENT, Unit.RATIO: Kind.PERCENT, Unit.MONEY: Kind.MONEY, Unit.DATE: Kind.DATE,
}  # fmt: skip


def resolve_let(scope: Scope, name: str) -> Typed:
    """The value of a let, resolved when first needed; its dependencies come to stand before it."""
    clause, heading = scope.let_clauses[name]
    value = resolve(clause.value, scope, heading)
    if value.sort is Sort.LEVEL:
        return name_levels(scope, name, value, scope.words(clause.value.span), clause.span)
    if value.sort is Sort.TEXT:
        scope.report("RUB301", clause.value.span, text=scope.words(clause.value.span), found=value.sort.value,
                     expected="number", help="help_number")  # fmt: skip
        return BROKEN
    if value.broken:
        return BROKEN
    label = scope.words(clause.value.span)
    number = value.sort is Sort.NUMBER
    kind = _KINDS.get(value.unit, Kind.NUMBER) if number else Kind.YES_NO
    let = Let(name, value.num if number else value.test, label, scope.line(clause.span), name, kind)
    scope.lets[name] = At(let, clause.span)
    return value
