"""RUB415, RUB416, RUB417, RUB458: grade tables give every result one grade, and the best not the last."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from itertools import combinations, islice
from typing import TYPE_CHECKING

from rubric_engine.analysis.check.grades.grade_tables import where_it_applies
from rubric_engine.analysis.check.mends import band_text
from rubric_engine.analysis.check.search.shapes import stretch_of, test_within
from rubric_engine.analysis.check.subject import Place, Subject
from rubric_engine.diagnostics.shape import Diagnostic, Label, problem
from rubric_engine.model import GradeLine, GradeRules, Unit
from rubric_engine.plan import expr as x
from rubric_engine.ranges.values.interval import as_fraction
from rubric_engine.solve.answers import NOWHERE, Answer, Found, Nowhere
from rubric_engine.solve.lines import Stretch, nice_value, segments
from rubric_engine.solve.world import Evaluation, Goal

if TYPE_CHECKING:
    from rubric_engine.backend.interpret import ExactReader

MOST_ATOMS = 12
MOST_ROWS = 200  # no table of people has more; the work grows with the square
_MOST_FINDINGS = 20
_MOST_TESTS = 64
Wanted = Sequence[tuple[x.Truth, bool]]


def check_grades(subject: Subject) -> Iterator[Diagnostic]:
    """Each grade table by a number: holes, rows that hold together, rows that never do."""
    for rules in subject.rubric.grades:
        place = where_it_applies(rules, subject)
        if rules.subject is not None and place is not None and len(rules.rows) <= MOST_ROWS:
            yield from _findings(rules, rules.subject, place, subject)


def _findings(rules: GradeRules, looked_at: x.Num, place: Place, subject: Subject) -> Iterator[Diagnostic]:
    table = _Table(rules, looked_at, place, subject)
    if table.is_suspect() and subject.bounds is not None:
        # Only now is it worth asking what the headings and the sheet can come to, and on which grid.
        here = where_it_applies(rules, subject, subject.bounded_sheet)
        if here is None:
            return
        grid = rules.grid if rules.grid is not None else as_fraction(here.interval(looked_at).grid)
        table = _Table(replace(rules, grid=grid), looked_at, here, subject)
    yield from table.findings()


class _Table:
    """A grade table, cut into pieces in which the same bands hold throughout."""

    def __init__(self, rules: GradeRules, looked_at: x.Num, place: Place, subject: Subject) -> None:
        self.rules, self.looked_at, self.place, self.subject = rules, looked_at, place, subject
        self.percent = rules.unit is Unit.PERCENT or any("%" in row.label for row in rules.rows)
        self.whole = place.stretch(looked_at)
        bands = [stretch_of(row.band) for row in rules.rows if row.band is not None]
        self.pieces = segments(bands, self.whole, rules.grid)
        self.holding = self._holding()

    def _holding(self) -> list[tuple[int, ...]]:
        """Of each piece, the rows whose band holds in it."""
        starts = [piece.start for piece in self.pieces]
        found: list[list[int]] = [[] for _ in self.pieces]
        for at, row in enumerate(self.rules.rows):
            first, last = 0, len(starts)
            if row.band is not None:
                band = stretch_of(row.band).on_grid(self.rules.grid)
                first, last = bisect_left(starts, band.start), bisect_left(starts, band.end)
            for piece in range(first, last):
                found[piece].append(at)
        return [tuple(rows) for rows in found]

    def findings(self) -> Iterator[Diagnostic]:
        """What is wrong with the table."""
        yield from islice(self._holes(), _MOST_FINDINGS)
        if not self.rules.first:
            yield from islice(self._overlaps(), _MOST_FINDINGS)
        yield from self._dead_rows()
        for piece in self._above():
            found = list(self.judged(piece, (), self._caught))
            yield from (one for one in found if one.code == "RUB458")

    def is_suspect(self) -> bool:
        """Whether there is anything to look into more closely: a piece no row surely holds, or several may."""
        return bool(self._above()) or any(
            not any(self.rules.rows[at].condition is None for at in holding)
            or (not self.rules.first and sum(not self.rules.rows[at].is_otherwise for at in holding) > 1)
            for holding in self.holding
        )

    # ------------------------------------------------------------ holes

    def _holes(self) -> Iterator[Diagnostic]:
        told: set[tuple[int, ...]] = set()
        for piece, holding in zip(self.pieces, self.holding, strict=True):
            if holding in told:
                continue
            rows = [self.rules.rows[at] for at in holding]
            if any(row.condition is None for row in rows):
                continue
            wanted = [(row.condition, False) for row in rows if row.condition is not None]
            found = list(self.judged(piece, wanted, partial(self._hole, rows)))
            told |= {holding} if found else set()
            yield from found

    def _hole(self, rows: list[GradeLine], value: Fraction, example: Mapping[str, str]) -> Diagnostic:
        labels = tuple(Label(row.span) for row in rows[1:])
        return problem(
            "RUB415", rows[0].span if rows else self.rules.span, value=self.show(value),
            subject=self.rules.label, condition=self._conditions(rows),
            help="help_condition" if rows else "help", example=example, labels=labels,
        )  # fmt: skip

    def _conditions(self, rows: list[GradeLine]) -> str:
        shown = (row.condition_label or self.subject.words.show(row.condition) for row in rows if row.condition)
        return "`, `".join(shown)

    # ------------------------------------------------------------ overlaps

    def _overlaps(self) -> Iterator[Diagnostic]:
        told: set[tuple[int, int]] = set()
        for piece, holding in zip(self.pieces, self.holding, strict=True):
            plain = [at for at in holding if not self.rules.rows[at].is_otherwise]
            for first, second in combinations(plain, 2):
                if (first, second) in told:
                    continue
                early, late = self.rules.rows[first], self.rules.rows[second]
                wanted = [(row.condition, True) for row in (early, late) if row.condition is not None]
                found = list(self.judged(piece, wanted, partial(self._overlap, early, late)))
                told |= {(first, second)} if found else set()
                yield from found

    def _overlap(self, early: GradeLine, late: GradeLine, value: Fraction, example: Mapping[str, str]) -> Diagnostic:
        return problem(
            "RUB416", late.span, value=self.show(value), subject=self.rules.label,
            first=early.name or early.title, second=late.name or late.title,
            example=example, labels=(Label(early.span, "first"),),
        )  # fmt: skip

    # ------------------------------------------------------------ what falls to the last row

    def _above(self) -> list[Stretch]:
        """What lies above every band and falls to ``otherwise``, as what lies below or between them does too."""
        ends = [stretch_of(row.band).end for row in self.rules.rows if row.band is not None]
        caught = [
            piece for piece, holding in zip(self.pieces, self.holding, strict=True)
            if holding and all(self.rules.rows[at].is_otherwise for at in holding)
        ]  # fmt: skip
        above = [piece for piece in caught if ends and piece.start >= max(ends)]
        return above[:1] if len(above) < len(caught) else []

    def _caught(self, value: Fraction, example: Mapping[str, str]) -> Diagnostic:
        rows = self.rules.rows
        otherwise = next(row for row in rows if row.is_otherwise)
        best = max((row for row in rows if row.band is not None), key=lambda row: stretch_of(row.band).end)  # type: ignore[arg-type]
        assert best.band is not None
        open_above = Stretch(best.band.low, None, best.band.low_open)
        mend = band_text(open_above, self.rules.unit, self.percent, self.subject.rubric.language)
        return problem(
            "RUB458", otherwise.span, value=self.show(value), worth=otherwise.title or otherwise.name, mend=mend,
            best=best.title or best.name, help="help_grade", example=example, labels=(Label(best.span, "best"),),
        )  # fmt: skip

    # ------------------------------------------------------------ rows that never hold

    def _dead_rows(self) -> Iterator[Diagnostic]:
        for at, row in enumerate(self.rules.rows):
            if self.rules.first or row.is_otherwise:
                live = any(at in holding and self._reached(at, holding) for holding in self.holding)
            else:
                live = any(at in holding for holding in self.holding)
            by_case = live and not self._in_some_case(row)
            if live and not by_case:
                continue
            name = self.subject.words.word("OTHERWISE") if row.is_otherwise else row.label
            low, high = ("…" if end is None else self.show(end) for end in (self.whole.low, self.whole.high))
            outside = not any(at in holding for holding in self.holding)
            help_key = "help_otherwise" if row.is_otherwise else "help_band" if outside else "help_shadowed"
            help_key = "help_together" if by_case else help_key
            yield problem(
                "RUB417", row.span, row=name, subject=self.rules.label, low=low, high=high, help=help_key
            )

    def _in_some_case(self, row: GradeLine) -> bool:
        """Whether the total can lie in the row's band together with facts that several headings read."""
        if row.band is None or self.looked_at != x.Total() or self.subject.bounds is None:
            return True
        return self.subject.cases.total_may_lie(stretch_of(row.band))

    def _reached(self, at: int, holding: tuple[int, ...]) -> bool:
        """Whether no row read before this one holds in any case."""
        rows = self.rules.rows
        before = [other for other in holding if other != at and (rows[at].is_otherwise or other < at)]
        if any(rows[other].condition is None and not rows[other].is_otherwise for other in before):
            return False
        wanted = [(condition, False) for other in before if (condition := rows[other].condition) is not None]
        choices = self.assignments(wanted)
        return choices is None or next(choices, None) is not None

    # ------------------------------------------------------------ showing one

    def show(self, value: Fraction) -> str:
        """A value of the subject as the rows write it."""
        return self.subject.words.amount(value, self.rules.unit, percent=self.percent)

    def judged(
        self, piece: Stretch, wanted: Wanted, make: Callable[[Fraction, Mapping[str, str]], Diagnostic]
    ) -> Iterator[Diagnostic]:
        """The finding about a piece, with a result in it somebody can have; nothing where the conditions exclude it."""
        within = test_within(self.looked_at, piece)
        place = self.place.assume(within, True)
        choices = self.assignments(wanted)
        if place is None or choices is None:
            return
        share = self.percent and self.rules.unit is not Unit.PLAIN
        value = nice_value(piece, self.rules.grid, Fraction(1, 100) if share else Fraction(1))
        verdict: Answer = NOWHERE
        for literals in islice(choices, _MOST_TESTS):
            if place.assume_all(literals) is not None:
                here = self._verdict(piece, within, wanted, literals)
                verdict = verdict if isinstance(here, Nowhere) else here
                if isinstance(here, Found):
                    break
        if isinstance(verdict, Found):
            value = self.subject.confirm.read(verdict.submission, None).number(self.looked_at)
        yield from self.subject.confirm.told(verdict, partial(make, value))

    def _verdict(self, piece: Stretch, within: x.Truth, wanted: Wanted, literals: list[Goal]) -> Answer:
        applies = [] if self.rules.applies is None else [(self.rules.applies.value, True)]
        shown = [(within, True), *applies, *wanted]

        def sees(reader: "ExactReader", failed: bool) -> bool:
            return not failed and all(reader.truth(test) is holds for test, holds in shown)

        sheets = self.subject.confirm.sheets
        return sheets.find(self.looked_at, piece, self.rules.grid, [*applies, *literals], sees)

    def assignments(self, wanted: Wanted) -> Iterator[list[Goal]] | None:
        """Ways for the plain statements inside conditions to come out so that the conditions do as wanted.

        Fewest failures first. ``None`` when there are too many statements to try.
        """
        atoms = list(dict.fromkeys(atom for condition, _ in wanted for atom in _atoms(condition)))
        return None if len(atoms) > MOST_ATOMS else _fitting(atoms, wanted)


def _fitting(atoms: list[x.Truth], wanted: Wanted) -> Iterator[list[Goal]]:
    names = {atom: f"atom:{at}" for at, atom in enumerate(atoms)}
    conditions = [(_named(condition, names), holds) for condition, holds in wanted]
    for count in range(len(atoms) + 1):
        for failing in combinations(atoms, count):
            false = set(failing)
            exact = Evaluation({name: atom not in false for atom, name in names.items()}, {})
            if all(exact.truth(condition) is holds for condition, holds in conditions):
                yield [(atom, atom not in false) for atom in atoms]


def _atoms(condition: x.Truth) -> Iterator[x.Truth]:
    """The statements a condition is made of, without *and*, *or*, *not*."""
    match condition:
        case x.All(args=args) | x.AnyOf(args=args) | x.AtLeast(args=args):
            for arg in args:
                yield from _atoms(arg)
        case x.Not(arg=arg):
            yield from _atoms(arg)
        case x.Always():
            return
        case _:
            yield condition


def _named(condition: x.Truth, names: dict[x.Truth, str]) -> x.Truth:
    """The condition over flags instead of statements."""
    match condition:
        case x.All(args=args):
            return x.All(tuple(_named(arg, names) for arg in args))
        case x.AnyOf(args=args):
            return x.AnyOf(tuple(_named(arg, names) for arg in args))
        case x.AtLeast(number=number, args=args):
            return x.AtLeast(number, tuple(_named(arg, names) for arg in args))
        case x.Not(arg=arg):
            return x.Not(_named(arg, names))
        case x.Always():
            return condition
        case _:
            return x.Flag(names[condition])
