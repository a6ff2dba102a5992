"""RUB209: what is declared and then plays no part."""

from collections.abc import Iterator

from rubric_engine.analysis.check.subject import Subject
from rubric_engine.diagnostics.shape import Diagnostic, problem
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import InputSpec, Kind
from rubric_engine.rules.clauses import written_of_node, written_of_sheet


def check_unused(subject: Subject) -> Iterator[Diagnostic]:
    """Inputs, named values, parameters, definitions, tables and columns that no rule reads."""
    rubric = subject.rubric
    unscored = {node.code for node in rubric.nodes if node.kind == "unscored"}
    known: set[str] = set()
    for kind, clauses in (("input", rubric.inputs), ("let", rubric.lets), ("parameter", rubric.parameters)):
        for clause in clauses:
            known.add(clause.value.name)
            if clause.value.name not in rubric.used and not _collected(clause.value, unscored):
                yield problem("RUB209", clause.span, name=clause.value.name, help=f"help_{kind}")
    placed = {at for node in rubric.nodes for at in node.evidence}
    for at, evidence in enumerate(rubric.evidence):
        known.add(evidence.value.name)
        if at not in placed and evidence.value.name not in rubric.used:
            yield problem("RUB209", evidence.span, name=evidence.value.name, help="help_evidence")
    for name, span in rubric.names.items():
        # What is left are definitions, tables and scales: they leave no trace but their name.
        if name not in known and "." not in name and name not in rubric.used:
            yield problem("RUB209", span, name=name, help="help_function")
    yield from _columns(subject, unscored)


def _collected(clause: object, unscored: set[str]) -> bool:
    """Words, and facts under an unscored heading, are asked for without a rule to read them."""
    return isinstance(clause, InputSpec) and (clause.kind is Kind.TEXT or clause.node in unscored)


def _columns(subject: Subject, unscored: set[str]) -> Iterator[Diagnostic]:
    """Columns nobody reads, of registers somebody does.

    Words describe a row, and so does a level beside a column that counts: they tell the reader which event it was.
    """
    registers = [
        at for at in subject.rubric.inputs
        if at.value.kind is Kind.LIST and at.value.name in subject.rubric.used and at.value.node not in unscored
    ]  # fmt: skip
    if not registers:
        return
    read = columns_read(subject)
    for at in registers:
        counts = any((at.value.name, column.name) in read for column in at.value.columns)
        for column in at.value.columns:
            describes = column.kind is Kind.TEXT or (column.kind is Kind.LEVEL and counts)
            if not describes and (at.value.name, column.name) not in read:
                span = subject.rubric.names.get(f"{at.value.name}.{column.name}", at.span)
                yield problem("RUB209", span, name=column.name, register=at.value.name, help="help_column")


def columns_read(subject: Subject) -> set[tuple[str, str]]:
    """Each column some expression reads, with its register."""
    rubric = subject.rubric
    found: set[tuple[str, str]] = set()
    stack: list[tuple[x.Expr, str]] = [(let.value.value, "") for let in rubric.lets]
    stack += [(expr, "") for expr, _ in written_of_sheet(rubric)]
    for node in rubric.nodes:
        stack += [(expr, "") for expr, _ in written_of_node(node, rubric.evidence)]
    while stack:
        expr, register = stack.pop()
        if isinstance(expr, x.Reduced) and expr.each is not None:
            found.add((expr.register, expr.each))
        if isinstance(expr, x.Column | x.ColumnFlag | x.ColumnIs):
            found.add((register, expr.name))
        inside = expr.register if isinstance(expr, x.CountRows | x.Reduced) else register
        # What stands in for no row, or settles a tie, is computed outside the rows.
        told = (expr.other, expr.tied) if isinstance(expr, x.Reduced) else ()
        stack += [(part, register if part in told else inside) for part in x.parts(expr)]
    return found
