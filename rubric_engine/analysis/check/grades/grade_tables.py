"""RUB406, RUB407, RUB417, RUB440, RUB442, RUB457: tables by a label, tables nobody could tell apart, the order of rows,
how a sheet is published."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import combinations, pairwise

from rubric_engine.analysis.check.search.confirm import reads_headings
from rubric_engine.analysis.check.search.shapes import stretch_of
from rubric_engine.analysis.check.subject import Place, Subject
from rubric_engine.backend.interpret import ExactReader
from rubric_engine.diagnostics.shape import Diagnostic, Label, problem
from rubric_engine.model import GradeLine, GradeRules
from rubric_engine.plan.expr import Always, Compare, Const, Order, Total, Truth
from rubric_engine.plan.plan import GateKind, PublishedForm
from rubric_engine.solve.answers import Answer, Found, Nowhere
from rubric_engine.source import Span


def check_grade_labels(subject: Subject) -> Iterator[Diagnostic]:
    """Each table by a one-of input: every level that can occur has one row, and no row is without a level."""
    for rules in subject.rubric.grades:
        place = where_it_applies(rules, subject)
        if rules.tests and place is not None:
            yield from _of_labels(rules, place, subject)


def where_it_applies(rules: GradeRules, subject: Subject, sheet: Place | None = None) -> Place | None:
    """The sheet where a table's own condition holds; ``None`` where it never does."""
    sheet = sheet or subject.sheet
    place = sheet if rules.applies is None else sheet.assume(rules.applies.value, True)
    return None if place is None else _under_ceilings(place, subject)


def _under_ceilings(place: Place, subject: Subject) -> Place:
    """The same below every ceiling of the total that surely holds there; a floor never lifts the total over one."""
    limits = [at.value for at in subject.rubric.limits if at.value.at_most]
    step = None if subject.rubric.rounding is None else subject.rubric.rounding.step
    for limit in limits:
        if not isinstance(limit.value, Const) or limit.value.value < 0:
            continue
        # Rounding comes last and may go past a ceiling that is not on its steps.
        on_step = step is None or not limit.value.value % step
        if on_step and (limit.when is None or place.assume(limit.when, False) is None):
            place = place.assume(Compare(Order.LE, Total(), limit.value), True) or place
    return place


def _of_labels(rules: GradeRules, place: Place, subject: Subject) -> Iterator[Diagnostic]:
    settled = all(isinstance(test, Always) for test in rules.tests)  # by a parameter: another value may be given
    possible = [at for at, test in enumerate(rules.tests) if settled or place.assume(test, True) is not None]
    otherwise = next((row for row in rules.rows if row.is_otherwise), None)
    first: dict[int, GradeLine] = {}
    for row in rules.rows:
        if row.is_otherwise or row.condition_label:
            continue
        again = [level for level in row.levels if level in first]
        if again and not rules.first:
            label = Label(first[again[0]].span, "first")
            yield problem("RUB407", row.span, level=rules.names[again[0]], labels=(label,))
        for level in row.levels:
            first.setdefault(level, row)
    lost = [rules.names[at] for at in possible if at not in first]
    if lost and otherwise is None:
        yield from _without_row(rules, lost, None if settled else place, subject)
    for row in rules.rows:
        if not row.is_otherwise and not set(row.levels) & set(possible):
            yield problem("RUB417", row.span, row=row.label, help="help_level")
    if otherwise is not None and not lost:
        yield problem("RUB417", otherwise.span, row=subject.words.word("OTHERWISE"), help="help_otherwise")


def _without_row(
    rules: GradeRules, lost: Sequence[str], place: Place | None, subject: Subject
) -> Iterator[Diagnostic]:
    """The levels that a unit can come to and no row grades; without a place a parameter has settled it."""

    def found(names: Sequence[str], example: Mapping[str, str]) -> Diagnostic:
        named = ", ".join(f"`{name}`" for name in names)
        return problem("RUB406", rules.span, levels=named, first=names[0], example=example, help="help_grades")

    if place is None:
        yield found(lost, {})
        return
    verdicts = {name: _comes_out(place, (rules.tests[rules.names.index(name)],), subject) for name in lost}
    shown = [name for name, verdict in verdicts.items() if isinstance(verdict, Found)]
    told = shown or [name for name, verdict in verdicts.items() if not isinstance(verdict, Nowhere)]
    if told:
        yield from subject.confirm.told(verdicts[told[0]], lambda example: found(told, example))


def _comes_out(place: Place, tests: Sequence[Truth], subject: Subject) -> Answer:
    """Whether these hold together on a sheet that is rated; where they look at facts alone, in some facts."""
    confirm = subject.confirm
    if not reads_headings(tests):
        world = subject.search.find(place.goals(*((test, True) for test in tests)))
        if world is not None and confirm.holds(confirm.given(world), tests):
            return Found(world, confirm.given(world))

    def sees(reader: ExactReader, failed: bool) -> bool:
        return not failed and reader.rated and all(reader.truth(test) for test in tests)

    return confirm.judge(place, [(test, True) for test in tests], sees, None)


def _with_example(finding: Diagnostic, example: Mapping[str, str]) -> Diagnostic:
    return replace(finding, example=example)


def check_grade_names(subject: Subject) -> Iterator[Diagnostic]:
    """Tables without a name that grade the same thing never apply together: nobody could ask for one of them.

    A table is told once, beside the first of those above it.
    """
    unnamed = [rules for rules in subject.rubric.grades if not rules.name]
    told: set[Span] = set()
    for early, late in combinations(unnamed, 2):
        if early.node != late.node or late.span in told:
            continue
        place = where_it_applies(early, subject)
        both = place if place is None or late.applies is None else place.assume(late.applies.value, True)
        if both is None:
            continue
        conditions = [rules.applies.value for rules in (early, late) if rules.applies is not None]
        finding = problem(
            "RUB440", late.span, labels=(Label(early.span, "first"),), help="help_condition" if conditions else "help"
        )
        found = [finding] if not conditions else list(
            subject.confirm.told(_comes_out(both, conditions, subject), partial(_with_example, finding))
        )  # fmt: skip
        if found:
            told.add(late.span)
        yield from found


def check_grade_order(subject: Subject) -> Iterator[Diagnostic]:
    """Gates and quotas go by the order of the rows: the best comes first, and labels must have an order."""
    for rules in subject.rubric.grades:
        gates = [(at.value.label, at.span) for at in rules.gates if at.value.kind is not GateKind.NONE]
        ordering = [*gates, *((at.value.label, at.span) for at in rules.quotas)]
        if not ordering:
            continue
        what, span = ordering[0]
        if rules.names and not rules.ordered:
            yield problem("RUB457", span, gate=what, subject=rules.label, help="help_labels")
        banded = [row for row in rules.rows if row.band is not None and row.name]
        if any(stretch_of(late.band).start >= stretch_of(early.band).end
               for early, late in pairwise(banded) if early.band and late.band):  # fmt: skip
            starts = [(stretch_of(row.band).start, row.name) for row in banded if row.band is not None]
            order = ", ".join(f"`{name}`" for _, name in sorted(starts, reverse=True))
            labels = (Label(span, "gate"),)
            yield problem("RUB457", banded[0].span, gate=what, subject=rules.label, order=order, labels=labels)


def check_publication(subject: Subject) -> Iterator[Diagnostic]:
    """A percent of the maximum, or an index, asks for a sheet that is worth something."""
    published = subject.rubric.publication
    if published is None or published.value.form is PublishedForm.POINTS:
        return
    if not any(node.maximum > 0 for node in subject.scored_roots()):
        yield problem("RUB442", published.span)
