"""``score by plan`` with one row a level; ``yes`` and ``no`` for a yes/no input or condition."""

from collections.abc import Sequence

from rubric_engine.model import At, LevelRow, Levels
from rubric_engine.plan.expr import IsLevel, Not, Num, Truth
from rubric_engine.plan.plan import Case, Choice, Form
from rubric_engine.rules.comparisons import level_index
from rubric_engine.rules.forms.rows import closed, row_value, split_otherwise, wrong_row
from rubric_engine.rules.names.level_values import any_of, levelled
from rubric_engine.rules.names.scope import Heading, Scope
from rubric_engine.rules.names.typed import Typed
from rubric_engine.source import SourceFile, Span
from rubric_engine.syntax.keywords import means_the_rest
from rubric_engine.syntax.tree import nodes as n


def resolve_levels(
    subject: Typed, clause: n.ScoreBy, rows: Sequence[n.Row], scope: Scope, heading: Heading
) -> Levels | None:
    """Rows bound to level indices; for yes/no, 0 is *no* and 1 is *yes*."""
    plain, otherwise = split_otherwise(rows, scope, heading)
    found: list[LevelRow] = []
    for row in plain:
        if not isinstance(row.key, n.LevelKeys):
            wrong_row(row, scope, "levels" if subject.expr is None else "yes_no")
            continue
        if _is_rest(row.key, subject, scope):
            wrong_row(row, scope, "levels")
            continue
        indices = _indices(row.key, subject, scope)
        value = row_value(row, scope, heading)
        if indices is None or value is None:
            continue
        found.append(LevelRow(indices, value, scope.words(row.key.span), row.span))
    if len(found) != len(plain):
        return None
    name = subject.input.name if subject.input is not None else ""
    truth = None if subject.expr is None else subject.test
    if subject.computed is None:
        return Levels(name, truth, tuple(found), otherwise, clause.span)
    names = tuple(level.name for level in subject.computed.levels)
    return Levels(
        subject.computed.name, None, tuple(found), otherwise, clause.span, names, subject.computed.tests
    )  # fmt: skip


def _is_rest(key: n.LevelKeys, subject: Typed, scope: Scope) -> bool:
    """``else: 0`` where no level is called so."""
    spec = levelled(subject)
    if spec is None or len(key.keys) != 1 or not isinstance(key.keys[0], n.Ident):
        return False
    word = key.keys[0].text
    return word not in {level.name for level in spec.levels} and means_the_rest(word, scope.language)


def _indices(key: n.LevelKeys, subject: Typed, scope: Scope) -> tuple[int, ...] | None:
    spec = levelled(subject)
    indices: list[int] = []
    for one in key.keys:
        if isinstance(one, n.YesNo) is not (spec is None):
            expected = "yes/no" if spec is None else "level"
            scope.report("RUB301", one.span, text=scope.words(one.span), found="level" if spec is None else "yes/no",
                         expected=expected, help="help_yes_no" if spec is None else "help_level")  # fmt: skip
            return None
        at = int(one.value) if isinstance(one, n.YesNo) else level_index(spec, one.text, one.span, scope)  # type: ignore[arg-type]
        if at is None:
            return None
        indices.append(at)
    return tuple(indices)


def lower_levels(rule: Levels, source: SourceFile) -> Choice:
    """One case a row."""
    cases: list[Case] = [
        Case(_test(rule, row.levels), row.value, row.label, source.line_number(row.span.start)) for row in rule.rows
    ]
    line = source.line_number(rule.span.start)
    if rule.otherwise is None:
        return Choice(Form.LEVELS, closed(cases), line=line)
    return Choice(Form.LEVELS, (*cases, last_case(rule.otherwise, source)), line=line)


def _test(rule: Levels, levels: tuple[int, ...]) -> Truth:
    if rule.tests:
        return any_of(rule.tests[at] for at in sorted(set(levels)))
    if rule.truth is None:
        return IsLevel(rule.name, tuple(sorted(levels)))
    return rule.truth if levels[0] else Not(rule.truth)


def last_case(otherwise: At[Num], source: SourceFile) -> Case:
    """``otherwise: …`` with the author's own word for it."""
    label = row_label(source, otherwise.span)
    return Case(None, otherwise.value, label, source.line_number(otherwise.span.start), rest=True)


def row_label(source: SourceFile, span: Span) -> str:
    """What stands before the colon of a row."""
    text = source.text[span.start : span.end]
    return " ".join(text.split(":", 1)[0].split())
