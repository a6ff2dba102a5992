"""What it takes to reach a better grade."""

from dataclasses import dataclass
from fractions import Fraction

from rubric_engine.backend.interpret import NOTHING_TO_GRADE
from rubric_engine.gaps.changes import FactChange, as_submission, told
from rubric_engine.gaps.leaf_gaps import label_of
from rubric_engine.meaning.exact import as_json
from rubric_engine.meaning.stack import with_room
from rubric_engine.plan.layout import layout_of
from rubric_engine.plan.plan import GradeTable, Observed, Slot
from rubric_engine.scorer import Scorer
from rubric_engine.solve.change.grade import GradeSearch, blocking
from rubric_engine.solve.change.move import Moves
from rubric_engine.solve.change.study import Study
from rubric_engine.tell.words import Words

said = Words("gaps", "common")


@dataclass(frozen=True, slots=True)
class NextGrade:
    """The smallest change found to a better grade of a table, read from the changed submission.

    ``grade`` and ``next`` are pairs of name and title; ``next`` is ``None`` where nothing better was reached. ``value``
    and ``next_value`` are what the table looks at, before and after: the exact total, or the points of its heading;
    ``None`` where that is not rated.
    Without a change ``best_value`` is the most found with every leaf at its best, ``in_the_way`` what keeps even that
    from a better grade; ``waits`` are facts (name and label) without which the grade is not known. ``complete``: see
    :mod:`rubric_engine.solve.change.grade`.
    """

    unit: str
    table: str
    grade: tuple[str, str] | None
    value: Fraction | None
    next: tuple[str, str] | None = None
    next_value: Fraction | None = None
    changes: tuple[FactChange, ...] = ()
    is_best: bool = False
    best_value: Fraction | None = None
    in_the_way: tuple[str, ...] = ()
    waits: tuple[tuple[str, str], ...] = ()
    complete: bool = True

    @property
    def found(self) -> bool:
        """A change reaches a better grade."""
        return self.next is not None

    @property
    def past(self) -> bool:
        """Some of it has already happened."""
        return any(change.past for change in self.changes)

    @property
    def submission(self) -> dict[str, dict[str, object]]:
        """The changes in the shape :func:`rubric_engine.gaps.what_if` takes."""
        return as_submission(self.changes)

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON; numbers are exact, as text."""
        return {
            "unit": self.unit, "table": self.table, "grade": _grade(self.grade), "value": as_json(self.value),
            "next": _grade(self.next), "next_value": as_json(self.next_value),
            "changes": [change.to_dict() for change in self.changes], "past": self.past, "is_best": self.is_best,
            "best_value": as_json(self.best_value), "in_the_way": list(self.in_the_way),
            "waits": [{"name": name, "label": label} for name, label in self.waits], "complete": self.complete,
        }  # fmt: skip


@with_room
def next_grade(
    rubric: Scorer, submission: object, *, table: str | None = None, language: str | None = None
) -> NextGrade:
    """The smallest change that reaches a better grade than the one by ``table``, the first that grades the sheet.

    Of a case the rubric leaves to the authority, or a grade refused, every grade but the lowest counts as better. What
    is never changed: see :func:`rubric_engine.gaps.find_gaps`. Raises :class:`KeyError` for a table the rubric has not,
    ``ValueError`` where none grades the unit, and :class:`SubmissionError` as reading the submission does.
    """
    study, language = Study(rubric, submission), language or rubric.plan.language
    number = _table(study, table)
    graded = study.plan.grades[number]
    waits = study.reading.marks(layout_of(study.plan).slots.index(Slot(Observed.GRADE, number))).waits
    here = study.view.mark(Observed.GRADE, number)
    value = study.view.number(Observed.TOTAL) if graded.node < 0 else study.view.number(Observed.POINTS, graded.node)
    if waits or here is None or value is None:
        slot = Observed.TOTAL if graded.node < 0 else Observed.POINTS
        names = study.layout.in_order(waits | study.view.waits(slot, graded.node))
        awaited = tuple((name, label_of(study, name, language)) for name in names)
        words = said("waits", language, names=", ".join(label for _, label in awaited))
        grade = None if waits or here is None else _named(graded, here)
        return NextGrade(study.facts.unit, graded.name, grade, value, in_the_way=(words,), waits=awaited)
    search = GradeSearch(study, number)
    grade = _named(graded, here)
    if here == NOTHING_TO_GRADE:  # what would be after a change is graded all the same
        grade = value = None
    elif not search.better:
        return NextGrade(study.facts.unit, graded.name, grade, value, is_best=True)
    found = search.found()
    if found is not None:
        row, after = search.outcome(found)
        assert row is not None
        changes = told(study, found, language)
        return NextGrade(study.facts.unit, graded.name, grade, value, _named(graded, row), after, changes,
                         complete=search.complete)  # fmt: skip
    best, in_the_way = _limits(search, language) if here != NOTHING_TO_GRADE else (None, (said("unrated", language),))
    return NextGrade(study.facts.unit, graded.name, grade, value, best_value=best, in_the_way=in_the_way,
                     complete=search.complete)  # fmt: skip


def _table(study: Study, name: str | None) -> int:
    tables = study.plan.grades
    if name is not None:
        found = next((at for at, table in enumerate(tables) if table.name == name), None)
        if found is None:
            raise KeyError(name)
        if study.view.mark(Observed.GRADE, found) == -2:
            raise ValueError(f"the table {name!r} does not apply to this unit")
        return found
    for at, table in enumerate(tables):
        if table.node < 0 and study.view.mark(Observed.GRADE, at) != -2:
            return at
    raise ValueError("no table of the rubric grades this unit")


def _named(table: GradeTable, row: int) -> tuple[str, str] | None:
    return None if row < 0 else (table.rows[row].name, table.rows[row].title)


def _limits(search: GradeSearch, language: str) -> tuple[Fraction | None, tuple[str, ...]]:
    """The most found with every leaf at its best, and what then still stands in the way of the nearest better grade."""
    moves: Moves = ()
    for ways in search.leaves.values():
        for one in reversed(ways):
            more = search.merged((moves, one))
            value = None if more is None else search.outcome(more)[1]
            if more is not None and value is not None and value > (search.outcome(moves)[1] or search.value):
                moves = more
                break
    target = search.better[-1]
    words = [said("gate", language, label=gate.because or gate.label)
             for gate in blocking(search.table, search.fired(), target)]  # fmt: skip
    row = search.table.rows[target]
    words.append(said("row", language, grade=row.title or row.name, label=row.label))
    return search.outcome(moves)[1], tuple(words)


def _grade(grade: tuple[str, str] | None) -> dict[str, str] | None:
    return None if grade is None else {"name": grade[0], "title": grade[1]}
