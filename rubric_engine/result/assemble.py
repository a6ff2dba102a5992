"""``assemble``: a reading becomes a result. Nothing is built before somebody looks. Standard library only."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from rubric_engine.facts.facts import Facts
from rubric_engine.meaning.exact import round_to
from rubric_engine.meaning.finish import rounded_within
from rubric_engine.meaning.reading import Reading
from rubric_engine.plan.layout import SHEET_LEVEL
from rubric_engine.plan.plan import Observed, Plan, Publication, PublishedForm, Rounding
from rubric_engine.result.grade import first_of_sheet, grade_results
from rubric_engine.result.groups import inexact_nodes, kept, not_rated, summed
from rubric_engine.result.nodes import node_results, printed_end, sheet_coverage, waits_of
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
from rubric_engine.result.reasons import limited, rounding_step
from rubric_engine.result.result import Result
from rubric_engine.result.view import ReadingView
from rubric_engine.result.words import parameter_text


def assemble(plan: Plan, facts: Facts, reading: Reading, *, engine: str) -> Result:
    """The result of one reading; ``engine`` is the version that made it."""
    return Result(Assembly(plan, facts, reading, engine))


class Assembly:
    """A result on its way: each part is built when first asked for, then kept."""

    __slots__ = ("_coverage", "_engine", "_facts", "_grades", "_nodes", "_plan", "_reading", "_total", "_view")

    def __init__(self, plan: Plan, facts: Facts, reading: Reading, engine: str) -> None:
        self._plan = plan
        self._facts = facts
        self._reading = reading
        self._engine = engine
        self._view: ReadingView | None = None
        self._nodes: tuple[NodeResult, ...] | None = None
        self._total: TotalResult | None = None
        self._grades: tuple[GradeResult, ...] | None = None
        self._coverage: Coverage | None = None

    @property
    def view(self) -> ReadingView:
        if self._view is None:
            self._view = ReadingView(self._plan, self._facts, self._reading)
        return self._view

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
        if self._total is None:
            self._total = _total_result(self.view)
        return self._total

    @property
    def grade(self) -> GradeResult | None:
        return first_of_sheet(self.grades)

    @property
    def grades(self) -> tuple[GradeResult, ...]:
        if self._grades is None:
            self._grades = grade_results(self.view)
        return self._grades

    @property
    def nodes(self) -> tuple[NodeResult, ...]:
        if self._nodes is None:
            self._nodes = node_results(self.view)
        return self._nodes

    @property
    def coverage(self) -> Coverage:
        if self._coverage is None:
            self._coverage = sheet_coverage(self.view)
        return self._coverage

    @property
    def inexact(self) -> bool:
        layout = self.view.layout
        return any(inexact_nodes(layout)[at] for at in layout.roots)

    @property
    def missing(self) -> tuple[str, ...]:
        view = self.view
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


# ---------------------------------------------------------------- the sheet


def _total_result(view: ReadingView) -> TotalResult:
    plan = view.plan
    if view.is_rated(-1) is False:
        return _total_not_rated(view)
    published = view.range(Observed.PUBLISHED)
    exact, applicable = view.number(Observed.TOTAL), view.number(Observed.SHEET_MAXIMUM)
    known = None if published.exact is None else Fraction(published.exact)
    form = PublishedForm.POINTS if plan.publication is None else plan.publication.form
    return TotalResult(
        exact,
        known,
        printed_end(published.low, Fraction(0)),
        # Only a floor raised by a fact without bounds has no end; there is no closer number to name.
        printed_end(published.high, max(plan.total, published.low or plan.total)),
        plan.total,
        applicable,
        _decimals_of(plan.rounding),
        tuple(_total_steps(view)),
        str(form),
        None if form is PublishedForm.POINTS else _published_index(plan.publication, known, applicable),
        State.PENDING if published.exact is None else State.SCORED,
    )


def _total_not_rated(view: ReadingView) -> TotalResult:
    plan = view.plan
    form = PublishedForm.POINTS if plan.publication is None else plan.publication.form
    whole = next((at for at in plan.roots if plan.nodes[at].level == SHEET_LEVEL), -1)
    return TotalResult(
        None, None, Fraction(0), Fraction(0), plan.total, None, _decimals_of(plan.rounding),
        tuple(not_rated(view, whole)), str(form), state=State.NOT_RATED,
    )  # fmt: skip


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
