"""RUB406 and RUB407: rows of a table of levels, and RUB417 for levels that cannot occur."""

from collections.abc import Iterator, Mapping, Sequence

from rubric_engine.analysis.check.subject import Place, Subject
from rubric_engine.diagnostics.shape import Diagnostic, Label, problem
from rubric_engine.model import Levels, Node
from rubric_engine.plan.expr import Always, IsLevel, Not, Truth
from rubric_engine.solve.answers import Found, Nowhere
from rubric_engine.source import Span


def check_levels(subject: Subject) -> Iterator[Diagnostic]:
    """Every level that can occur has one row, or ``otherwise`` speaks for it."""
    for node in subject.leaves:
        if isinstance(node.rule, Levels):
            yield from _table(node, node.rule, subject)


def _table(node: Node, rule: Levels, subject: Subject) -> Iterator[Diagnostic]:
    names = subject.level_names(rule)
    first: dict[int, Span] = {}
    for row in rule.rows:
        again = [level for level in row.levels if level in first]
        for level in row.levels:
            first.setdefault(level, row.span)
        if again:
            labels = (Label(first[again[0]], "first"),)
            yield problem("RUB407", row.span, level=names[again[0]], labels=labels)
    place = subject.place_of(node)
    every = frozenset(range(len(names)))
    possible = every if place is None or _is_settled(rule) else subject.possible_levels(rule, place)
    missing = [level for level in range(len(names)) if level in possible and level not in first]
    if missing and rule.otherwise is None:
        yield from _without_row(node, rule, missing, place, subject)
    if _is_settled(rule):
        return  # by a parameter: another value of it may take another row
    for row in rule.rows:
        if not possible.intersection(row.levels):
            yield problem("RUB417", row.span, row=row.label, help="help_level")
    if rule.otherwise is not None and not missing:
        yield problem("RUB417", rule.otherwise.span, row=subject.words.word("OTHERWISE"), help="help_otherwise")


def _is_settled(rule: Levels) -> bool:
    """Whether the level is known when the rubric is compiled."""
    return bool(rule.tests) and all(isinstance(test, Always) for test in rule.tests)


def _without_row(
    node: Node, rule: Levels, missing: Sequence[int], place: Place | None, subject: Subject
) -> Iterator[Diagnostic]:
    """The levels that have no row and that somebody can have where the heading is scored by the table."""
    names, confirm = subject.level_names(rule), subject.confirm

    def found(levels: Sequence[int], example: Mapping[str, str]) -> Diagnostic:
        shown = [names[level] for level in levels]
        listed = ", ".join(f"`{name}`" for name in shown)
        return problem("RUB406", rule.span, levels=listed, first=shown[0], example=example)

    if place is None or _is_settled(rule):
        yield found(missing, {})
        return
    verdicts = {level: confirm.of_heading(node, place, [(_test(rule, level), True)]) for level in missing}
    shown = [level for level, verdict in verdicts.items() if isinstance(verdict, Found)]
    told = shown or [level for level, verdict in verdicts.items() if not isinstance(verdict, Nowhere)]
    if told:
        yield from confirm.told(verdicts[told[0]], lambda example: found(told, example))


def _test(rule: Levels, level: int) -> Truth:
    if rule.tests:
        return rule.tests[level]
    if rule.truth is not None:
        return rule.truth if level else Not(rule.truth)
    return IsLevel(rule.name, (level,))
