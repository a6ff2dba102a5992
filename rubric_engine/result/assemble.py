"""``assemble``: a reading becomes a result. Nothing is built before somebody looks. Standard library only."""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from operator import itemgetter
from typing import Any, Final

from rubric_engine.facts.facts import Facts
from rubric_engine.meaning.exact import round_to
from rubric_engine.meaning.finish import rounded_within
from rubric_engine.meaning.reading import Reading
from rubric_engine.plan.layout import SHEET_LEVEL, PlanLayout
from rubric_engine.plan.plan import Observed, Plan, Publication, PublishedForm, Rounding
from rubric_engine.plan.record import later
from rubric_engine.result.grade import first_of_sheet, grade_results
from rubric_engine.result.groups import inexact_nodes, kept, not_rated, summed
from rubric_engine.result.nodes import (
    coverages,
    effective_weights_of,
    node_results,
    outcomes,
    printed_end,
    sheet_coverage,
    waits_of,
)
from rubric_engine.result.outcome import (
    Coverage,
    GradeResult,
    GradeState,
    NodeResult,
    Reason,
    ReasonKind,
    RubricIdentity,
    State,
    TotalResult,
)
from rubric_engine.result.reasons import limited, node_reasons, rounding_step
from rubric_engine.result.result import Result
from rubric_engine.result.view import ReadingView
from rubric_engine.result.words import parameter_text

_MOST_TOTALS: Final = 4096


def assemble(plan: Plan, facts: Facts, reading: Reading, *, engine: str) -> Result:
    """The result of one reading; ``engine`` is the version that made it."""
    return Result(Assembly(plan, facts, reading, engine))


class Assembly:
    """What a reading says, part by part; :class:`Result` keeps what was asked for.

    Nothing here holds what it gave out, so that a result is free again as soon as nobody looks at it.
    """

    __slots__ = ("_engine", "_facts", "_late", "_plan", "_reading")

    def __init__(self, plan: Plan, facts: Facts, reading: Reading, engine: str) -> None:
        self._plan = plan
        self._facts = facts
        self._reading = reading
        self._engine = engine
        self._late: _Late | None = None

    @property
    def late(self) -> "_Late":
        if self._late is None:
            self._late = _Late(ReadingView(self._plan, self._facts, self._reading))
        return self._late

    @property
    def rubric(self) -> RubricIdentity:
        plan = self._plan
        changed = [given for given in plan.parameters if given.changed]
        stage = next((stage for stage in plan.stages if stage.name == plan.stage), None)
        return RubricIdentity(
            plan.id, plan.title, plan.version, plan.language, plan.digest, self._engine,
            {given.name: given.value for given in changed}, plan.stage, "" if stage is None else stage.title,
            {given.name: text for given in changed if (text := parameter_text(given))},
        )  # fmt: skip

    @property
    def unit(self) -> str:
        return self._facts.unit

    @property
    def notes(self) -> tuple[str, ...]:
        return self._plan.notes

    @property
    def claims(self) -> Mapping[str, Fraction]:
        return self._facts.claims

    @property
    def total(self) -> TotalResult:
        return _total_result(self.late)

    @property
    def grade(self) -> GradeResult | None:
        return first_of_sheet(self.grades)

    @property
    def grades(self) -> tuple[GradeResult, ...]:
        return grade_results(self.late.view)

    @property
    def nodes(self) -> tuple[NodeResult, ...]:
        return node_results(self.late.view, self.late)

    @property
    def coverage(self) -> Coverage:
        return sheet_coverage(self.late.view, self.late.states, self.late.shares)

    @property
    def inexact(self) -> bool:
        layout = self.late.view.layout
        return any(inexact_nodes(layout)[at] for at in layout.roots)

    @property
    def missing(self) -> tuple[str, ...]:
        view = self.late.view
        if view.settled:
            return ()
        waits = view.waits(Observed.PUBLISHED) | view.waits(Observed.SHEET_MAXIMUM)
        for number in range(len(self._plan.grades)):
            waits |= view.marks(Observed.GRADE, number).waits
        for at in range(len(self._plan.nodes)):
            waits |= waits_of(view, at)
        return view.layout.in_order(waits)

    @property
    def settled(self) -> bool:
        total = self.total
        known = total.state is State.NOT_RATED or None not in (total.published, total.applicable_maximum)
        return known and all(grade.state is not GradeState.PENDING for grade in self.grades)


class _Late:
    """What of headings and the total is left for whoever looks."""

    __slots__ = ("_shares", "_states", "_weights", "view")

    def __init__(self, view: ReadingView) -> None:
        self.view = view
        self._states: list[State] | None = None
        self._shares: list[Fraction | None] | None = None
        self._weights: dict[int, Fraction | None] | None = None

    @property
    def states(self) -> list[State]:
        if self._states is None:
            self._states = [outcome.state for outcome in outcomes(self.view)]
        return self._states

    @property
    def shares(self) -> list[Fraction | None]:
        if self._shares is None:
            self._shares = coverages(self.view, self.states)
        return self._shares

    def late(self, like: Any, name: str) -> Any:
        """Reasons; of a heading also the share assessed and its effective weight."""
        if not isinstance(like, NodeResult):
            return tuple(_total_reasons(self.view, like))
        at = self.view.layout.places[like.code]
        match name:
            case "reasons":
                return node_reasons(self.view, at, like.missing)
            case "coverage":
                return self.shares[at]
            case _:
                if self._weights is None:
                    self._weights = effective_weights_of(self.view)
                return self._weights.get(at)


# ---------------------------------------------------------------- the sheet


def _total_result(late: _Late) -> TotalResult:
    view = late.view
    values = view.values
    if values is None:
        return later(TotalResult, _total(view), late)
    key, known = view.layout.remembered(("totals",), lambda: _totals(view.layout))
    at = key(values)
    found = known.get(at)
    if found is None:
        if len(known) >= _MOST_TOTALS:
            known.clear()
        found = known[at] = _total(view)
    return later(TotalResult, found, late)


def _totals(layout: PlanLayout) -> tuple[Callable[[Any], Any], dict[object, TotalResult]]:
    """What the total stands on, and those of readings so far."""
    firsts = layout.firsts[-1]
    asked = (Observed.RATED, Observed.TOTAL, Observed.PUBLISHED, Observed.SHEET_MAXIMUM)
    return itemgetter(*(firsts[kind] for kind in asked)), {}


def _total(view: ReadingView) -> TotalResult:
    """The total without its reasons."""
    plan = view.plan
    form = PublishedForm.POINTS if plan.publication is None else plan.publication.form
    fixed: dict[str, Any] = {
        "printed_maximum": plan.total, "places": _decimals_of(plan.rounding), "published_as": str(form)
    }  # fmt: skip
    if view.is_rated(-1) is False:
        return later(TotalResult, None, None, exact=None, published=None, low=Fraction(0), high=Fraction(0),
                     applicable_maximum=None, published_index=None, state=State.NOT_RATED, **fixed)  # fmt: skip
    published = view.range(Observed.PUBLISHED)
    applicable = view.number(Observed.SHEET_MAXIMUM)
    known = None if published.exact is None else Fraction(published.exact)
    return later(
        TotalResult, None, None, exact=view.number(Observed.TOTAL), published=known,
        low=printed_end(published.low, Fraction(0)),
        # Only a floor raised by a fact without bounds has no end; there is no closer number to name.
        high=printed_end(published.high, max(plan.total, published.low or plan.total)),
        applicable_maximum=applicable,
        published_index=None if form is PublishedForm.POINTS else _published_index(plan.publication, known, applicable),
        state=State.PENDING if published.exact is None else State.SCORED,
        **fixed,
    )  # fmt: skip


def _total_reasons(view: ReadingView, total: TotalResult) -> Iterator[Reason]:
    if total.state is not State.NOT_RATED:
        return _total_steps(view)
    plan = view.plan
    whole = next((at for at in plan.roots if plan.nodes[at].level == SHEET_LEVEL), -1)
    return not_rated(view, whole)


def _published_index(
    publication: Publication | None, total: Fraction | None, applicable: Fraction | None
) -> Fraction | None:
    """The index of the total, rounded as it is published."""
    if total is None or not applicable:
        return None
    rounding = None if publication is None else publication.rounding
    return total / applicable if rounding is None else round_to(total / applicable, rounding.mode, rounding.step)


def _total_steps(view: ReadingView) -> Iterator[Reason]:
    plan = view.plan
    layout = view.layout
    points = summed(view, layout.in_total)
    if points is not None:
        yield Reason(ReasonKind.SUM, amount=points)
    reason, points = kept(view, None, plan.total, layout.in_total, points, 0)
    if reason is not None:
        yield reason
    for at in layout.roots:
        node = plan.nodes[at]
        if node.pool:
            added = view.number(Observed.POINTS, at)
            if added is None:
                points = None
                continue
            points = None if points is None else points + added
            cap = node.minimum if node.pool == "penalty" else node.maximum
            yield Reason(ReasonKind.POOL, node.title, added, cap, line=node.line, effect=node.pool)
    for i, limit in enumerate(plan.limits):
        reason, points = limited(view, limit, view.mark(Observed.LIMIT, -1, i), points)
        if reason is not None:
            yield reason
    if points is None:
        return
    if points < 0 and not plan.signed:
        yield Reason(ReasonKind.FLOOR, amount=Fraction(0), value=points)
        points = Fraction(0)
    worth = view.number(Observed.SHEET_MAXIMUM)
    if plan.rounding is not None and worth is not None:
        after = rounded_within(points, plan.rounding, (worth, plan.total))
        yield from rounding_step(points, after, plan.rounding, 0)


def _decimals_of(rounding: Rounding | None) -> int | None:
    """Decimals of the published total; ``None`` where the rubric does not round to decimals."""
    places = 0
    if rounding is None:
        return None
    step = rounding.step
    while step.denominator != 1 and places < 12:
        step *= 10
        places += 1
    return places if step.denominator == 1 else None
