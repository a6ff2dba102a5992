"""Every expression of a rubric with the clause it stands in: for whoever looks at expressions anywhere."""

from collections.abc import Iterator, Sequence

from rubric_engine import model as m
from rubric_engine.model import At, Node, Rubric
from rubric_engine.plan import expr as x
from rubric_engine.plan.clauses import placed_expressions
from rubric_engine.plan.plan import EvidenceSpec, ReferenceKind
from rubric_engine.source import NOWHERE, Span

Written = tuple[x.Expr, Span]


def written_in(*clauses: object) -> Iterator[Written]:
    """What these clauses read, outermost expressions in the order they are written down in the model."""
    return placed_expressions(clauses, NOWHERE)


def written_of_rule(rule: m.Rule | None) -> Iterator[Written]:
    """What a scoring form reads: its expressions, and the level or the judgement that it names."""
    match rule:
        case m.Levels(name=name, truth=None, tests=(), span=span):
            yield x.IsLevel(name, ()), span
        case m.JudgedRule(key=key, span=span):
            yield x.Judged(key), span
        case _:
            pass
    yield from written_in(rule)


def written_of_node(node: Node, evidence: Sequence[At[EvidenceSpec]]) -> Iterator[Written]:
    """What the clauses under a heading read, of its evidence when it is required."""
    yield from written_in(node.absent, node.requirements)
    yield from written_of_rule(node.rule)
    required = tuple(evidence[at] for at in node.evidence)
    yield from written_in(node.met, node.adjustments, required, node.limits)
    yield from written_in(node.combine, node.if_missing, node.if_not_rated)


def expressions_of_node(node: Node, evidence: Sequence[At[EvidenceSpec]]) -> Iterator[x.Expr]:
    """The same without the places."""
    return (expr for expr, _ in written_of_node(node, evidence))


def written_of_sheet(rubric: Rubric) -> Iterator[Written]:
    """What the limits on the total, the grades and their gates, figures and the ranking read."""
    yield from written_in(rubric.limits)
    for rules in rubric.grades:
        yield from written_of_grades(rules)
    yield from written_of_cohort(rubric)


def written_of_grades(rules: m.GradeRules) -> Iterator[Written]:
    """What a grade table reads: what it grades, the conditions of its rows and of its gates."""
    rows = tuple(At(row.condition, row.span) for row in rules.rows)
    yield from written_in(rules.applies, At((rules.subject, rules.tests), rules.span), rows, rules.gates)


def written_of_cohort(rubric: Rubric) -> Iterator[Written]:
    """What is asked of every unit: the subjects and conditions of figures, the keys of a ranking.

    The bare index of a heading is left out: a unit to which the heading does not apply is passed over there.
    """
    asked = (at for at in rubric.references if at.value.kind is not ReferenceKind.PREVIOUS)
    figures = (At((at.value.where, at.value.subject), at.span) for at in asked)
    return (written for written in written_in(*figures, rubric.ranking) if not _is_index(written[0]))


def _is_index(expr: x.Expr) -> bool:
    return isinstance(expr, x.Div) and isinstance(expr.left, x.PointsOf) and isinstance(expr.right, x.MaximumOf)
