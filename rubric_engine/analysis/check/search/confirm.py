"""No error without a submission that shows it: what a check suspects is scored by the engine before it is told.

A suspicion names the conditions under which it would come true. Facts that bring them about are sought, first by
construction, then, where the facts it looks at can have few values, among all there are; the rubric is lowered and the
interpreter scores them. Three answers: *shown*, with the submission; *impossible*, for all there are were tried; *not
decided*, which is at most a warning.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from rubric_engine.analysis.check.subject import Place, Subject, whens_of
from rubric_engine.backend.interpret import APPLIES, ExactReader
from rubric_engine.diagnostics.shape import Diagnostic, problem
from rubric_engine.facts.facts import SubmissionReader
from rubric_engine.facts.problems import SubmissionError
from rubric_engine.meaning.reading import ScoringError, Unsettled
from rubric_engine.model import Node
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import Observed, Plan, Slot
from rubric_engine.ranges.sheet import SheetReader, read_ranges
from rubric_engine.ranges.values.interval import as_fraction
from rubric_engine.result.undefined import why_undefined
from rubric_engine.rules.clauses import written_of_node, written_of_sheet
from rubric_engine.solve.answers import NOWHERE, TOO_MANY, Answer, Found, Nowhere, Submission, Undecided
from rubric_engine.solve.scoring import Scoring
from rubric_engine.solve.world import Goal, Value, World
from rubric_engine.solve.written import given_number, given_value, satisfying

if TYPE_CHECKING:
    from rubric_engine.analysis.check.search.sheets import SheetSearch

_OF_HEADINGS = (
    x.PointsOf, x.MaximumOf, x.Met, x.Unrated, x.NothingZero, x.Ref, x.RefTruth, x.Total, x.TotalMaximum,
)  # fmt: skip
Sees = Callable[[ExactReader, bool], bool]


class Confirm:
    """Scores what the checks of one rubric suspect."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.plan: Plan = subject.plan
        self.scoring = Scoring(self.plan)
        self.at = self.scoring.at
        self._reader = SubmissionReader(self.plan)

    # ------------------------------------------------------------ asking

    def of_heading(self, node: Node, place: Place, goals: Sequence[Goal]) -> Answer:
        """Whether the conditions can come out so where a heading applies and its requirements hold."""
        at = self.at[node.code]

        def sees(reader: ExactReader, failed: bool) -> bool:
            applies = reader.seen.get(Slot(Observed.ABSENT, at)) == APPLIES
            required = reader.seen.get(Slot(Observed.REQUIREMENT, at), -1) == -1
            return not failed and applies and required and all(reader.truth(goal) is holds for goal, holds in goals)

        return self.judge(place, goals, sees, node)

    @cached_property
    def sheets(self) -> "SheetSearch":
        """Finds submissions of the whole sheet."""
        from rubric_engine.analysis.check.search.sheets import SheetSearch

        return SheetSearch(self.subject, self)

    def of_failure(self, node: Node | None, place: Place, failing: x.Truth) -> Answer:
        """Whether scoring a heading can end without a value, or what the sheet reads there can have none."""
        wanted = place.goals((failing, True))

        def sees(reader: ExactReader, failed: bool) -> bool:
            return failed if node is not None else all(reader.truth(goal) is holds for goal, holds in wanted)

        return self.judge(place, ((failing, True),), sees, node)

    def judge(self, place: Place, goals: Sequence[Goal], sees: Sees, node: Node | None) -> Answer:
        """Whether somebody can get to a place and the conditions come out so there."""
        wanted, search = place.goals(*goals), self.subject.search
        for exhaustive in (False, True):
            found, every = search.every(wanted, place.env) if exhaustive else (search.find(wanted), False)
            if found is not None:
                given = self.submission(found, node)
                if given is not None and self.shows(given, sees, node):
                    return Found(found, given)
            elif every:
                return NOWHERE
        if node is None or not reads_headings(goal for goal, _ in wanted):
            return TOO_MANY
        return self.sheets.comes_out(node, wanted, sees)

    def shows(self, given: Submission, sees: Sees, node: Node | None) -> bool:
        """Whether a submission, scored, shows the fault; of a heading only what it needs is read."""
        try:
            reader = ExactReader(self.plan, self._reader.read(given))
        except SubmissionError:
            return False
        failed = False
        try:
            self.scoring.carry_out(reader, self.place_of(node))
        except ScoringError as error:
            failed = error.node == ("" if node is None else node.code)
            if not failed:
                return False
        except Unsettled:
            failed = self._fails_unsettled(given, node)
        try:
            return sees(reader, failed)
        except (ScoringError, Unsettled, KeyError):
            return False

    def holds(self, given: Submission, conditions: Iterable[x.Truth]) -> bool:
        """Whether conditions on facts alone hold in a submission."""
        try:
            reader = ExactReader(self.plan, self._reader.read(given))
            return all([reader.truth(condition) for condition in conditions])
        except (ScoringError, SubmissionError, Unsettled):
            return False

    def _fails_unsettled(self, given: Submission, node: Node | None) -> bool:
        """Whether scoring fails where a policy stands for what is missing, which only the ranges read."""
        if node is None:
            return False
        reader = SheetReader(self.plan, self._reader.read(given))
        try:
            for at in self.scoring.needed(self.at[node.code]):
                reader.read_node(at)
        except ScoringError as error:
            return error.node == node.code
        return False

    def points_of(self, given: Submission, node: Node) -> Fraction | None:
        """What a heading comes to; ``None`` where that is not settled, it has no value, or nobody may say so."""
        at = self.at[node.code]
        try:
            return self.read(given, node).points[at]
        except (ScoringError, SubmissionError):
            return None
        except Unsettled:
            pass
        reader = SheetReader(self.plan, self._reader.read(given))
        for other in self.scoring.needed(at):
            reader.read_node(other)
        found = reader.env.told(x.PointsOf(node.code))
        return None if found.waits else as_fraction(found.exact)

    def stops_at(self, given: Submission, group: Node, reader: Node | None) -> bool:
        """Whether scoring stops where a heading (``None``: the sheet) reads a group that is not rated."""
        code = "" if reader is None else reader.code
        try:
            facts = self._reader.read(given)
            read_ranges(self.plan, facts)
        except ScoringError as error:
            why = why_undefined(self.plan, facts, code) if error.node == code else None
            return why is not None and why.values.get("heading") == group.code
        except SubmissionError:
            pass
        return False

    def without(self, node: Node, given: Submission) -> Submission:
        """The submission without what a heading and those below it read."""
        todo, names, judged = [self.at[node.code]], set[str](), set[str]()
        while todo:
            below = self.plan.nodes[todo.pop()]
            todo += below.children
            reads = self.scoring.reads.node(below)
            names |= reads.names
            judged |= reads.judged
        gone = {"inputs": names, "references": names, "judged": judged}
        return {
            section: {name: value for name, value in said.items() if name not in gone.get(section, ())}
            for section, said in given.items() if isinstance(said, Mapping)
        }  # fmt: skip

    def index_of_total(self, given: Submission) -> Fraction | None:
        """The share of its applicable maximum a sheet has; ``None`` where that is not settled, or it has none."""
        try:
            reader = SheetReader(self.plan, self._reader.read(given))
            reader.read_nodes()
            reader.read_sheet()
        except (ScoringError, SubmissionError):
            return None
        total, most = (as_fraction(reader.env.told(each).exact) for each in (x.Total(), x.TotalMaximum()))
        return None if total is None or not most else total / most

    def read(self, given: Submission, node: Node | None) -> ExactReader:
        """A submission scored. Raises :class:`ScoringError` and :class:`Unsettled`."""
        return self.scoring.read(self._reader.read(given), self.place_of(node))

    def place_of(self, node: Node | None) -> int | None:
        """Where a heading stands in the plan; ``None`` for the sheet."""
        return None if node is None else self.at[node.code]


    # ------------------------------------------------------------ submissions

    def submission(self, world: World, node: Node | None) -> Submission | None:
        """What a unit would submit to have these facts, with all that is needed to score a heading, or the sheet."""
        filled = self.subject.search.filled(world, self.expressions(node))
        return None if filled is None else self.given(filled)

    def expressions(self, node: Node | None) -> list[x.Expr]:
        """All that is read on the way to a heading, or to the sheet and its grades."""
        rubric = self.subject.rubric
        places = self.scoring.needed(self.place_of(node))
        expressions = [expr for at in places for expr, _ in written_of_node(rubric.nodes[at], rubric.evidence)]
        if node is None:
            expressions += [expr for expr, _ in written_of_sheet(rubric)]
        else:
            expressions += [when for group in self.subject.above(node) for when in whens_of(group)]
        return expressions

    def given(self, world: World) -> Submission:
        """These facts as a unit gives them, all evidence beside them but what they deny."""
        found: dict[str, dict[str, object]] = {"inputs": {}, "references": {}, "judged": {}, "evidence": {}}
        for key, value in world.items():
            spec = self.subject.inputs.get(key)
            if value is None:
                continue
            if spec is not None:
                found["references" if spec.reference else "inputs"][key] = given_value(spec, _as_facts(value))
            elif key.startswith("judged:"):
                found["judged"][key[7:]] = given_number(value)
        for proof in self.plan.evidence:
            if world.get(f"proof:{proof.name}") is not False:
                found["evidence"][proof.name] = satisfying(proof, (), self.plan.only_accepted)
        return {section: values for section, values in found.items() if values}

    # ------------------------------------------------------------ telling

    def told(
        self, answer: Answer, make: Callable[[Mapping[str, str]], Diagnostic]
    ) -> Iterator[Diagnostic]:
        """The finding with its submission; where it is not decided, a warning that says so; else nothing."""
        match answer:
            case Found(world=world, submission=given):
                yield replace(make(self.subject.words.example(world)), submission=given)
            case Undecided():
                yield self.undecided(make({}))
            case Nowhere():
                return

    def undecided(self, found: Diagnostic) -> Diagnostic:
        """The warning that stands for an error nobody could show."""
        from rubric_engine.diagnostics.catalogue import message

        said = message(found, self.subject.rubric.language)
        return problem("RUB455", found.span, labels=found.labels, finding=said, code=found.code)


def reads_headings(conditions: Iterable[x.Expr]) -> bool:
    """Whether some of these look at what headings come to."""
    return any(isinstance(part, _OF_HEADINGS) for condition in conditions for part in x.walk(condition))


def _as_facts(value: Value) -> object:
    """Rows as facts hold them: cells without the names of their columns."""
    return tuple(tuple(cell for _, cell in row) for row in value) if isinstance(value, tuple) else value
