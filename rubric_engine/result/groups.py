"""Groups told: sums, combined indices with their weights, worth that is kept. Standard library only."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from rubric_engine.meaning.exact import show_number, show_percent
from rubric_engine.plan.clauses import expressions_in
from rubric_engine.plan.combine import CHOOSING, Combine, CombineKind, MissingPolicy, places_left_out
from rubric_engine.plan.expr import Expr, Inexact, PointsOf, Ref, RefTruth, walk
from rubric_engine.plan.layout import PlanLayout, sum_exactly
from rubric_engine.plan.plan import Observed, PlanNode, Policy
from rubric_engine.ranges.index import exact_index, weight_in
from rubric_engine.result.outcome import Reason, ReasonKind, ShownFact
from rubric_engine.result.view import ReadingView

_KEEPS_WORTH = (Policy.FULL, Policy.ZERO, Policy.UNDECIDED, Policy.DECIDED)
_NO_WORTH = Fraction(0)
_ONE_WEIGHT = Fraction(1)
_ROUNDED_MEANS = (CombineKind.GEOMETRIC, CombineKind.POWER)
_WEIGHING = (CombineKind.WEIGHTED_MEAN, CombineKind.GEOMETRIC, CombineKind.HARMONIC, CombineKind.POWER)

# ---------------------------------------------------------------- combined indices


def weight_of(node: PlanNode) -> Fraction:
    """The weight written, 1 where none is."""
    return _ONE_WEIGHT if node.weight is None else node.weight


def effective_weights(view: ReadingView, at: int) -> dict[int, Fraction] | None:
    """The share of weight of each child that counts, 0 where it takes no part or is left out as one of the lowest.

    ``None`` while that is not known.
    """
    combine = view.plan.nodes[at].combine
    if combine is None:
        return None
    weights: dict[int, Fraction] = {}
    for child in view.layout.counted[at]:
        maximum = view.number(Observed.MAXIMUM, child)
        if maximum is None:
            return None
        own = weight_of(view.plan.nodes[child]) if combine.kind in _WEIGHING else _ONE_WEIGHT
        own = maximum if combine.kind is CombineKind.SUM_POSITIVE else own
        weights[child] = own if maximum > 0 else _NO_WORTH
    dropped = _dropped(view, combine, weights)
    if dropped is None:
        return None
    weights |= dict.fromkeys(dropped, _NO_WORTH)
    whole = sum(weights.values(), _NO_WORTH)
    return {child: own / whole if whole else own for child, own in weights.items()}


def _dropped(view: ReadingView, combine: Combine, weights: Mapping[int, Fraction]) -> frozenset[int] | None:
    """The children that take part and are left out as the lowest; ``None`` while points of one are not known."""
    if combine.kind not in CHOOSING:
        return frozenset()
    taking = [child for child, weight in weights.items() if weight]
    indices: list[Fraction] = []
    for child in taking:
        points, maximum = view.number(Observed.POINTS, child), view.number(Observed.MAXIMUM, child)
        if points is None or not maximum:
            return None
        indices.append(points / maximum)
    return frozenset(taking[at] for at in places_left_out(combine, indices))


def combined(
    view: ReadingView, at: int, node: PlanNode, combine: Combine
) -> tuple[Reason | None, Fraction | None]:
    """How the indices of the children became one, and the points that gives."""
    rated = view.mark(Observed.RATED, at)
    if rated is None:
        return None, None
    if not rated:
        return None, None
    if combine.kind is CombineKind.SUM_POSITIVE:
        return _over_positive(view, at, node, combine)
    weights = effective_weights(view, at)
    if weights is None:
        return None, None
    facts: list[ShownFact] = []
    parts: list[tuple[Fraction, Fraction]] = []
    for child, weight in weights.items():
        below = view.plan.nodes[child]
        points, maximum = view.number(Observed.POINTS, child), view.number(Observed.MAXIMUM, child)
        if points is None or not maximum:
            if not maximum:
                continue
            return None, None
        parts.append((weight_of(below), points / maximum))
        text = show_percent(points / maximum)
        named = "index of" if weight or combine.kind in _WEIGHING else "dropped of"
        if combine.kind in _WEIGHING:
            text += f" × {show_number(weight)}"
        facts.append(ShownFact(f"{named} {below.code}", below.title, text))
    points, effect = _combined_points(view, node, combine, parts)
    if points is None:
        return None, None
    index = points / node.maximum if node.maximum else None
    rough = combine.kind in _ROUNDED_MEANS and effect != "zero"
    if rough:
        facts.append(ShownFact("places", "", str(combine.places)))
    reason = Reason(
        ReasonKind.COMBINED, combine.label or str(combine.kind), points, index, True, tuple(facts),
        line=combine.line or node.line, effect=effect, inexact=rough,
    )  # fmt: skip
    return reason, points


def _over_positive(
    view: ReadingView, at: int, node: PlanNode, combine: Combine
) -> tuple[Reason | None, Fraction | None]:
    """Points of all children over their maxima where above 0; the facts say both of each."""
    points = whole = _NO_WORTH
    facts: list[ShownFact] = []
    for child in view.layout.counted[at]:
        below = view.plan.nodes[child]
        earned, maximum = view.number(Observed.POINTS, child), view.number(Observed.MAXIMUM, child)
        if earned is None or maximum is None:
            return None, None
        points, whole = points + earned, whole + max(maximum, _NO_WORTH)
        if earned or maximum > 0:
            text = show_number(earned) + (f" / {show_number(maximum)}" if maximum > 0 else "")
            facts.append(ShownFact(f"index of {below.code}", below.title, text))
    index = points / whole
    reason = Reason(
        ReasonKind.COMBINED, combine.label or str(combine.kind), index * node.maximum, index, True, tuple(facts),
        line=combine.line or node.line, effect=str(combine.kind),
    )  # fmt: skip
    return reason, index * node.maximum


def _combined_points(
    view: ReadingView, node: PlanNode, combine: Combine, parts: list[tuple[Fraction, Fraction]]
) -> tuple[Fraction | None, str]:
    lowest = min(index for _, index in parts)
    if combine.kind in (CombineKind.GEOMETRIC, CombineKind.HARMONIC) and combine.if_zero is not None and lowest <= 0:
        return view.exact(combine.if_zero), "zero"
    return exact_index(combine, parts) * node.maximum, str(combine.kind)


def not_rated(view: ReadingView, at: int) -> Iterator[Reason]:
    """Why a group, or the sheet (-1), is not rated, and what the rubric says of that."""
    node = None if at < 0 else view.plan.nodes[at]
    if node is not None and node.combine is not None:
        yield _too_little(view, at, node, node.combine)
    else:
        yield _nothing_to_add(view, view.layout.roots if node is None else view.layout.counted[at], node)
    policy = None if node is None else node.if_not_rated
    if policy is not None:
        points = None if policy.value is None else view.number(Observed.POINTS, at)
        yield Reason(ReasonKind.POLICY, policy.label, points, line=policy.line, effect=f"not rated {policy.policy}")


def _nothing_to_add(view: ReadingView, places: Iterable[int], node: PlanNode | None) -> Reason:
    """Of what is added the headings that are not rated themselves; where there are none, nothing is left at all."""
    below = [view.plan.nodes[child] for child in places]
    line = 0 if node is None else node.line
    spoilt = [child for child in below if view.is_rated(view.layout.places[child.code]) is False
              and child.if_not_rated is None]  # fmt: skip
    facts = tuple(ShownFact(f"heading {child.code}", child.title, "") for child in spoilt)
    return Reason(ReasonKind.NOT_RATED, facts=facts, line=line, effect="part" if spoilt else "nothing")


def _too_little(view: ReadingView, at: int, node: PlanNode, combine: Combine) -> Reason:
    everything = part = _NO_WORTH
    facts: list[ShownFact] = []
    for child in view.layout.counted[at]:
        below = view.plan.nodes[child]
        weight = weight_in(combine, below)
        everything += weight
        if (view.number(Observed.MAXIMUM, child) or _NO_WORTH) > 0:
            part += weight
        elif weight:
            facts.append(ShownFact(f"heading {below.code}", below.title, ""))
    share = part / everything if everything else _NO_WORTH
    return Reason(
        ReasonKind.NOT_RATED, combine.label, combine.needs, share, True, tuple(facts), line=combine.line or node.line,
        effect=str(combine.kind),
    )  # fmt: skip


# ---------------------------------------------------------------- inexact


def places_of(layout: PlanLayout, exprs: tuple[Expr | None, ...]) -> tuple[ShownFact, ...]:
    """To how many places a rounded function is given that takes part, by name or directly; nothing where none does."""
    return layout.remembered(("places", *map(id, exprs)), lambda: _fewest_places(layout, exprs))


def _fewest_places(layout: PlanLayout, exprs: Iterable[Expr | None]) -> tuple[ShownFact, ...]:
    found = [part.places for part in parts_of(layout, exprs) if isinstance(part, Inexact)]
    return (ShownFact("places", "", str(min(found))),) if found else ()


def _rounds(layout: PlanLayout, exprs: Iterable[Expr | None], marked: list[bool]) -> bool:
    """``marked`` tells of the headings already looked at."""
    return any(
        isinstance(part, Inexact) or (isinstance(part, PointsOf) and marked[layout.places[part.code]])
        for part in parts_of(layout, exprs)
    )


def parts_of(layout: PlanLayout, exprs: Iterable[Expr | None]) -> Iterator[Expr]:
    """Everything in these expressions, and in the values they name."""
    todo = [expr for expr in exprs if expr is not None]
    names: set[str] = set()
    while todo:
        for part in walk(todo.pop()):
            yield part
            if isinstance(part, Ref | RefTruth) and part.name not in names:
                names.add(part.name)
                todo.append(layout.lets[part.name].value)


def inexact_nodes(layout: PlanLayout) -> list[bool]:
    """Of each heading, whether a rounded function or mean can take part in its points."""
    found = layout.worked_out.get(("inexact nodes",))
    if found is None:
        found = layout.worked_out["inexact nodes",] = marked = [False] * len(layout.plan.nodes)
        for at in layout.plan.order:
            node = layout.plan.nodes[at]
            rough = node.combine is not None and node.combine.kind in _ROUNDED_MEANS
            rough = rough or (node.base is None and any(marked[child] for child in layout.counted[at]))
            parts = expressions_in(node.requirements, node.base, node.adjustments, node.limits)
            marked[at] = rough or _rounds(layout, parts, marked)
    return found  # type: ignore[return-value]


# ---------------------------------------------------------------- sums, worth


def summed(view: ReadingView, places: Iterable[int]) -> Fraction | None:
    """What these headings, which all count, come to together, when all are known."""
    found: list[Fraction] = []
    for at in places:
        points = view.number(Observed.POINTS, at)
        if points is None:
            return None
        found.append(points)
    return sum_exactly(found)


def kept(
    view: ReadingView,
    code: str | None,
    printed: Fraction,
    places: Iterable[int],
    points: Fraction | None,
    line: int,
) -> tuple[Reason | None, Fraction | None]:
    """The rescaling of a worth that is kept, told in plain numbers, and the points after it."""
    asked = _keeps_worth(view, code)
    if asked is False:
        return None, points
    leaves = _leaves(view, places)
    if asked is None or points is None or leaves is None:
        return None, None
    applied, excluded = leaves
    if not applied:
        return None, points
    worth = printed - excluded
    after = points * worth / applied
    facts = (ShownFact("applied", "", show_number(applied)), ShownFact("worth", "", show_number(worth)))
    return Reason(ReasonKind.KEPT_WORTH, code or "", after, points, facts=facts, line=line), after


def _keeps_worth(view: ReadingView, code: str | None) -> bool | None:
    """Whether a clause in force asks this heading to keep its worth; ``None`` while that is not known."""
    possible = False
    for at, i in view.layout.keepers.get(code, ()):
        marks = view.marks(Observed.ABSENT, at)
        if i not in marks.values:
            continue
        # The outermost heading that does not apply speaks for all below it.
        above = _above(view, at)
        if marks.exact == i and above:
            return True
        possible = possible or above is not False
    return None if possible else False


def _above(view: ReadingView, at: int) -> bool | None:
    """Whether every heading above applies; ``None`` while that is not known."""
    found: bool | None = True
    above = view.plan.nodes[at].parent
    while above is not None:
        mark = view.absent(above)
        if mark is None:
            found = None
        elif mark != -1:
            return False
        above = view.plan.nodes[above].parent
    return found


def _leaves(view: ReadingView, places: Iterable[int]) -> tuple[Fraction, Fraction] | None:
    """Printed maxima of the leaves below that apply, and of those a clause excluded; ``None`` while not known."""
    applied = excluded = _NO_WORTH
    for at in places:
        node = view.plan.nodes[at]
        if node.met is not None or node.unscored:
            continue
        absent = view.absent(at)
        if absent is None:
            return None
        if absent >= 0:
            printed = _printed_leaves(view, at)
            policy = node.absent[absent].policy
            applied += printed if policy in _KEEPS_WORTH else _NO_WORTH
            excluded += printed if policy in (Policy.EXCLUDED, Policy.NOT_DUE) else _NO_WORTH
        elif view.policy_applied(at) and node.if_missing is not None:
            left_out = node.if_missing.policy in (MissingPolicy.EXCLUDED, MissingPolicy.NOT_APPLICABLE)
            applied += _NO_WORTH if left_out else node.maximum
            excluded += node.maximum if left_out else _NO_WORTH
        elif node.children:
            below = _leaves(view, node.children)
            if below is None:
                return None
            applied, excluded = applied + below[0], excluded + below[1]
        else:
            applied += node.maximum
    return applied, excluded


def _printed_leaves(view: ReadingView, at: int) -> Fraction:
    node = view.plan.nodes[at]
    if node.met is not None or node.unscored:
        return _NO_WORTH
    return sum((_printed_leaves(view, child) for child in node.children), _NO_WORTH) if node.children else node.maximum
