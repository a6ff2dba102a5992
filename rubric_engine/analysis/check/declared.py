"""What every fact, node and total of a rubric can be, from its declarations alone."""

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import replace
from fractions import Fraction

from rubric_engine.analysis.check.groups.weighing import is_rated_without
from rubric_engine.meaning.exact import round_to
from rubric_engine.meaning.finish import held_step
from rubric_engine.model import Node, Rubric
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import Bound, InputSpec, Let, MissingPolicy, Policy, ReferenceKind
from rubric_engine.ranges.absence import at_most
from rubric_engine.ranges.bounds import Bounds
from rubric_engine.ranges.values.declared import env_of_inputs
from rubric_engine.ranges.values.env import Env
from rubric_engine.ranges.values.interval import Interval, interval, point
from rubric_engine.solve.world import keys_of

_ZERO = Fraction(0)
_MOST_BOUNDED = 3
_LEAVING = frozenset({MissingPolicy.EXCLUDED, MissingPolicy.NOT_APPLICABLE})
DROPPING = frozenset({Policy.EXCLUDED, Policy.KEEP_WORTH})


class Declarations:
    """The declared possibilities of a rubric, from which the ranges of any few names are made.

    Ranges cost by how many names they hold, so each place gets those it reads, those that bound them and those they
    bound: what else is declared cannot narrow them.
    """

    def __init__(self, rubric: Rubric) -> None:
        self.inputs = inputs_of(rubric)
        self.judged = {at.value.key: at.value for at in rubric.judged}
        self.lets = {at.value.name: at.value for at in rubric.lets}
        self.nodes = {node.code: at for at, node in enumerate(rubric.nodes)}
        self.rubric = rubric
        self.least = least_maxima(rubric)
        self.total = _total(rubric)
        self.whole = self._whole()
        self._bounded_by = _bounded_by(self.inputs.values(), self.lets)
        self._bounds: Bounds | None = None

    def bounded_by(self, bounds: Bounds) -> "Declarations":
        """The same with what headings and sheet can really come to."""
        found = copy(self)
        found._bounds, found.total, found.whole = bounds, bounds.total, bounds.total_maximum
        return found

    def env_for(self, expressions: Iterable[x.Expr]) -> Env:
        """Ranges of everything these expressions read; nothing is too narrow."""
        keys = keys_of(expressions, self.lets)
        points: dict[str, Interval] = {}
        maxima: dict[str, Interval] = {}
        bounds = self._bounds
        for key in keys:
            kind, _, code = key.partition(":")
            at = self.nodes.get(code)
            if at is not None and kind == "points":
                points[code] = _points(self.rubric.nodes[at]) if bounds is None else bounds.points[code]
            elif at is not None and kind == "maximum":
                declared = _between(self.least[at], self.rubric.nodes[at].maximum)
                maxima[code] = declared if bounds is None else bounds.maxima[code]
        judged = [self.judged[key[7:]] for key in keys if key.startswith("judged:") and key[7:] in self.judged]
        env = env_of_inputs(
            self._inputs(keys), judged, self.lets.values(), points=points, maxima=maxima, total=self.total,
            total_maximum=self.whole,
        )  # fmt: skip
        return env if bounds is None else _related(env, bounds, points.keys() & maxima.keys())

    def _inputs(self, keys: Iterable[str]) -> list[InputSpec]:
        found = dict.fromkeys(key for key in keys if key in self.inputs)
        for name in tuple(found):
            # A large cohort of names bounded by one says hardly more about it than a few of them do.
            found.update(dict.fromkeys(self._bounded_by.get(name, ())[:_MOST_BOUNDED]))
        queue = list(found)
        while queue:
            for name in bounds_read(self.inputs[queue.pop()], self.lets):
                if name in self.inputs and name not in found:
                    found[name] = None
                    queue.append(name)
        return [self.inputs[name] for name in found]

    def _whole(self) -> Interval:
        roots = summed_roots(self.rubric)
        whole = sum((self.rubric.nodes[at].maximum for at in roots), _ZERO)
        return _between(sum((self.least[at] for at in roots), _ZERO), whole)


def inputs_of(rubric: Rubric) -> dict[str, InputSpec]:
    """Every input by name. A rank is never above the number of the units it is taken among."""
    found = {at.value.name: at.value for at in rubric.inputs}
    figures = [at.value for at in rubric.references if at.value.where is None]
    counted = {each.within: each.name for each in figures if each.kind is ReferenceKind.NUMBER}
    for each in figures:
        if each.kind is ReferenceKind.RANK and each.within in counted and each.name in found:
            found[each.name] = replace(found[each.name], maximum=Bound(x.Fact(counted[each.within])))
    return found


def _related(env: Env, bounds: Bounds, codes: Iterable[str]) -> Env:
    """That no more is earned than the maximum, of headings and of the sheet of which this is known."""
    for code in sorted(bounds.within & frozenset(codes)):
        env = at_most(env, x.PointsOf(code), x.MaximumOf(code))
    return at_most(env, x.Total(), x.TotalMaximum()) if bounds.total_within else env


def bounds_read(spec: InputSpec, lets: Mapping[str, Let]) -> Iterable[str]:
    """Names that stand in the bounds of an input, or of the columns of a register."""
    bounds = [
        bound.value for each in (spec, *spec.columns) for bound in (each.minimum, each.maximum) if bound is not None
    ]
    return keys_of([bound for bound in bounds if not isinstance(bound, x.Const)], lets)


def _bounded_by(inputs: Iterable[InputSpec], lets: Mapping[str, Let]) -> dict[str, list[str]]:
    """Of each name, the inputs in whose bounds it stands."""
    found: dict[str, list[str]] = {}
    for spec in inputs:
        if _is_held(spec):
            for name in bounds_read(spec, lets):
                found.setdefault(name, []).append(spec.name)
    return found


def _is_held(spec: InputSpec) -> bool:
    """Whether an input says something of the one it is bound by: it must itself be held from the other side."""
    bounds = [bound.value for bound in (spec.minimum, spec.maximum) if bound is not None]
    # Not below 0, which every count is, tells nothing new.
    return len(bounds) == 2 and not any(isinstance(bound, x.Const) and not bound.value for bound in bounds)


def _points(node: Node) -> Interval:
    """A node that does not apply reads 0."""
    most = most_of(node)
    if node.endless:
        return Interval()
    return Interval(min(node.minimum, _ZERO)) if most is None else _between(min(node.minimum, _ZERO), max(most, _ZERO))


def most_of(node: Node) -> Fraction | None:
    """The most a heading can have; ``None`` where awards beyond full points have no end known here."""
    if node.endless or any(each.value.beyond for each in node.adjustments):
        return None
    if node.rounding is None or not node.rounding.beyond:
        return node.maximum
    return round_to(node.maximum, node.rounding.mode, node.rounding.step)


def _between(low: Fraction, high: Fraction) -> Interval:
    found = interval(min(low, high), max(low, high))
    return point(low) if found is None else found


def _total(rubric: Rubric) -> Interval:
    """The total as published: floored, limited and rounded."""
    roots = [rubric.nodes[at] for at in rubric.roots if rubric.nodes[at].kind == "scored"]
    low = sum((min(node.minimum, _ZERO) for node in roots), _ZERO) if rubric.signed else _ZERO
    mosts = [most_of(node) for node in roots]
    high = None if None in mosts else sum((max(most, _ZERO) for most in mosts if most is not None), _ZERO)
    if any(not limit.value.at_most for limit in rubric.limits):
        high = None
    if rubric.rounding is None:
        found = interval(low, high)
    else:
        mode, step = rubric.rounding.mode, rubric.rounding.step
        printed = [] if rubric.total is None else [rubric.total]
        leaving = any(node.absent or node.if_missing is not None for node in rubric.nodes)
        grid = held_step(rubric.rounding, [*printed, *(node.maximum for node in rubric.nodes if leaving)])
        found = interval(round_to(low, mode, step), None if high is None else round_to(high, mode, step), grid=grid)
    return Interval(low) if found is None else found


def least_maxima(rubric: Rubric) -> list[Fraction]:
    """Of each node, the least its applicable maximum can be; 0 below a group that may not apply."""
    nodes = rubric.nodes
    least = [_ZERO] * len(nodes)
    for at in range(len(nodes) - 1, -1, -1):
        node = nodes[at]
        if any(absent.value.policy in DROPPING for absent in node.absent) or _left_out_when_missing(node):
            continue
        if node.combine is not None:
            rated = is_rated_without(node, rubric, [child for child in node.children if not least[child]])
            least[at] = node.maximum if rated else _ZERO
            continue
        # What a child may lose by its own clauses, its group loses as well.
        children = [child for child in node.children if nodes[child].kind == "scored"]
        lost = sum((nodes[child].maximum - least[child] for child in children), _ZERO)
        least[at] = max(_ZERO, node.maximum - lost)
    hidden = [False] * len(nodes)
    for at, node in enumerate(nodes):
        if node.parent is not None:
            hidden[at] = hidden[node.parent] or bool(nodes[node.parent].absent)
    return [_ZERO if hidden[at] else value for at, value in enumerate(least)]


def _left_out_when_missing(node: Node) -> bool:
    return node.if_missing is not None and node.if_missing.value.policy in _LEAVING


def summed_roots(rubric: Rubric) -> list[int]:
    """The headings whose maxima make the whole: pools stand beside it."""
    return [at for at in rubric.roots if rubric.nodes[at].kind == "scored" and not rubric.nodes[at].pool]


def samples_of(rubric: Rubric) -> dict[str, tuple[Fraction, ...]]:
    """Values worth trying for what no input says: points, maxima, the total."""
    least = least_maxima(rubric)
    found: dict[str, tuple[Fraction, ...]] = {}
    for at, node in enumerate(rubric.nodes):
        found[f"points:{node.code}"] = (node.maximum, node.minimum, (node.maximum + node.minimum) / 2)
        found[f"maximum:{node.code}"] = tuple(dict.fromkeys((node.maximum, least[at])))
    roots = summed_roots(rubric)
    whole = sum((rubric.nodes[at].maximum for at in roots), _ZERO)
    with_bonus = whole + sum((rubric.nodes[at].maximum for at in rubric.roots if rubric.nodes[at].pool), _ZERO)
    found["total:"] = tuple(dict.fromkeys((whole, _ZERO, with_bonus)))
    found["maximum:"] = tuple(dict.fromkeys((whole, sum((least[at] for at in roots), _ZERO))))
    return found
