"""Decisions as a submission states them: what was decided where the rubric leaves it open. Standard library only."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Final

from rubric_engine.facts.fold import fold, written_as
from rubric_engine.facts.problems import Problem, attempted, known_keys, unmodelled
from rubric_engine.facts.readers import JudgedReader, read_date, read_label, read_text
from rubric_engine.meaning.exact import Unreadable, read_number
from rubric_engine.plan.deciding import GRADE, PLACE, POINTS, POLICIES, Decision, decided_as, grade_key
from rubric_engine.plan.grading import GradeTable
from rubric_engine.plan.plan import JudgedSpec, Plan, PlanNode, Policy
from rubric_engine.tell.words import Words

# A decision is its value alone, or an object of these; what is decided goes under the name that fits it.
VALUE_NAMES: Final = (POINTS, GRADE, PLACE)
MORE: Final = ("by", "on", "because")
FIELDS: Final = (*VALUE_NAMES, *MORE)
Read = Callable[[object], Fraction | Policy | str]
_words = Words("decisions")


def read_decisions(plan: Plan, given: Mapping[str, object], problems: list[Problem]) -> dict[str, Decision]:
    """The decisions by what they are about; every problem goes to ``problems``. ``None`` decides nothing."""
    nodes = {node.code: node for node in plan.nodes}
    tables = {grade_key(plan, table): table for table in plan.grades}
    found: dict[str, Decision] = {}
    for name, value in given.items():
        read: Read = _place
        if name in nodes:
            read = _points_of(nodes[name], plan.language)
        elif name in tables:
            read = _grade_of(tables[name])
        field = decided_as(plan, name)
        decision = _decision(unmodelled(value), f"decisions.{name}", field, read, plan.language, problems)
        if decision is not None:
            found[name] = decision
    return found


def _decision(
    given: object,
    path: str,
    field: str,
    read: Read,
    language: str,
    problems: list[Problem],
) -> Decision | None:
    if given is None:
        return None
    if not isinstance(given, Mapping):
        value = attempted(read, given, path, problems)
        return None if value is None else Decision(value)
    parts = known_keys(given, frozenset(FIELDS), f"{path}.", problems, "RUB501", FIELDS)
    strange = [name for name in VALUE_NAMES if name != field and parts.get(name) is not None]
    if strange or parts.get(field) is None:
        problems.append(Problem("RUB510", path, {"what": path, "field": field}, "decision"))
        return None
    value = attempted(read, parts[field], f"{path}.{field}", problems)
    by = _said(read_label, parts.get("by"), f"{path}.by", problems)
    because = _said(read_text, parts.get("because"), f"{path}.because", problems)
    on = None if parts.get("on") in (None, "") else attempted(
        lambda day: read_date(day, language), parts["on"], f"{path}.on", problems
    )  # fmt: skip
    return None if value is None else Decision(value, by, None if on is None else on.toordinal(), because)


def _said(read: Callable[[object], str], given: object, path: str, problems: list[Problem]) -> str:
    return "" if given is None else attempted(read, given, path, problems) or ""


def _points_of(node: PlanNode, language: str) -> Callable[[object], Fraction | Policy]:
    """Points between the ends of the heading, or in words what becomes of it."""
    low, high = sorted((node.minimum, node.maximum))
    reader = JudgedReader(JudgedSpec(node.code, node.title, low, high), language)
    said = {fold(word): policy for policy in POLICIES for word in _words_for(policy)}

    def read(given: object) -> Fraction | Policy:
        if isinstance(given, str) and fold(given) in said:
            return said[fold(given)]
        return reader.read(given)[0]

    return read


def _words_for(policy: Policy) -> tuple[str, ...]:
    return (str(policy), *(_words(str(policy), language) for language in ("en", "vi")))


def _grade_of(table: GradeTable) -> Callable[[object], str]:
    def read(given: object) -> str:
        rows = [row for row in table.rows if row.name]
        name = written_as(str(given), (row.name for row in rows)) if isinstance(given, str) else None
        if name is None and isinstance(given, str):
            name = next((row.name for row in rows if fold(row.title) == fold(given)), None)
        if name is None:
            raise Unreadable("RUB509", given, "known", name=GRADE, known=", ".join(row.name for row in rows))
        return name

    return read


def _place(given: object) -> Fraction:
    place = Fraction(read_number(given))
    if place.denominator != 1:
        raise Unreadable("RUB514", given)
    if place < 1:
        raise Unreadable("RUB503", given, bound=">= 1")
    return place
