"""Codes: unique, in the place their dots say, known where they are read, and free of circles."""

from collections.abc import Mapping, Sequence

from rubric_engine.analysis.resolve.outline import Outline, pools_of
from rubric_engine.facts.suggest import closest
from rubric_engine.model import Node
from rubric_engine.rules.dependencies import rings
from rubric_engine.rules.names.references import reference_name
from rubric_engine.rules.names.scope import Scope
from rubric_engine.syntax.tree import nodes as n


def check_codes(outline: Outline, scope: Scope) -> None:
    """Fill the scope's codes, reporting duplicates (RUB203) and codes in the wrong place (RUB204)."""
    first: dict[str, int] = {}
    for at, draft in enumerate(outline.drafts):
        code = draft.code
        if code in first:
            line = scope.line(outline.drafts[first[code]].heading.code.span)
            scope.report("RUB203", draft.heading.code.span, code=code, line=line)
            continue
        first[code] = at
        scope.codes[code] = _kind(outline, at)
        scope.parents[code] = None if draft.parent is None else outline.drafts[draft.parent].code
    # What stands in a bonus or a penalty is no criterion: a unit without a deduction has not "scored 0" there.
    pools = pools_of(outline)
    scope.scored_leaves = tuple(
        code for code, kind in scope.codes.items() if kind == "leaf" and pools[first[code]] is None
    )
    for code, at in first.items():
        _check_place(outline, at, code, first, scope)


def _kind(outline: Outline, at: int) -> str:
    draft = outline.drafts[at]
    if draft.heading.kind != "scored":
        return draft.heading.kind
    return "group" if draft.children else "leaf"


def _check_place(outline: Outline, at: int, code: str, first: dict[str, int], scope: Scope) -> None:
    """A code belongs under the longest other code it begins with; ``1.4`` never stands inside ``1.3``."""
    draft = outline.drafts[at]
    parent = None if draft.parent is None else outline.drafts[draft.parent].code
    home = next((prefix for prefix in _prefixes(code) if prefix in first), None)
    printed = draft.heading.as_printed
    wrong = parent != home if home is not None else parent is not None and "." in parent and "." in code
    if wrong and printed is not None:
        scope.report("RUB423", draft.heading.code.span, what=code, because=printed.value, declared=code,
                     found=parent or "-", help="help_code")  # fmt: skip
    elif home is not None:
        if wrong:
            scope.report("RUB204", draft.heading.code.span, code=code, home=home, parent=parent or "-",
                         line=scope.line(outline.drafts[first[home]].heading.code.span))  # fmt: skip
    elif wrong:
        scope.report("RUB204", draft.heading.code.span, code=code, home=code.rsplit(".", 1)[0], parent=parent,
                     line=scope.line(draft.heading.code.span), help="help_no_home")  # fmt: skip


def _prefixes(code: str) -> list[str]:
    """Everything a code begins with, longest first, cut where a part ends: ``II.5.1a`` gives II.5.1, II.5, II."""
    found = []
    for end in range(len(code) - 1, 0, -1):
        here, after = code[end - 1], code[end]
        if here in ".-":
            continue
        if after in ".-" or (here.isdigit() and after.isalpha()):
            found.append(code[:end])
    return found


def check_cycles(needed: Mapping[str, frozenset[str]], nodes: Sequence[Node], scope: Scope) -> bool:
    """A node may not need its own points, directly or through others (RUB208). True when there is a circle."""
    found = rings(needed)
    spans = {node.code: node.code_span for node in nodes}
    for ring in found:
        scope.report("RUB208", spans[ring[0]], ring=" → ".join([*ring, ring[0]]))
    return bool(found)


def check_examples(outline: Outline, scope: Scope) -> None:
    """Names, codes and stages in worked examples exist (RUB201, RUB205, RUB240)."""
    evidence = {
        clause.name.text for draft in outline.drafts for clause in draft.clauses if isinstance(clause, n.EvidenceClause)
    }
    for example in outline.examples:
        stage = example.head.stage
        if stage is not None and stage.text not in scope.rounds.stages:
            scope.report_unknown("RUB240", stage, list(scope.rounds.stages))
        for given in example.given:
            for item in given.items:
                match item:
                    case n.GivenInput(name=name):
                        _known(name, list(scope.inputs), scope)
                    case n.GivenEvidence(name=name):
                        _known(name, sorted(evidence), scope)
                    case n.GivenJudged(code=code):
                        _judged_known(code, scope)
                    case n.GivenReference():
                        _reference_known(item, scope)
        for expect in example.expect:
            for expectation in expect.items:
                if expectation.what == "grade":
                    _graded(expectation, outline, scope)
                elif expectation.code is not None and expectation.code.text != "total":
                    scope.code_level(expectation.code)


_NO_ROW = ("pending", "undecided", "no grade", "not rated")


def _called(clause: n.Grades) -> tuple[str, ...]:
    """What `grade of` may say for a table: its name, or the heading it grades."""
    name = () if clause.name is None else (clause.name.text,)
    subject = clause.subject
    return (*name, subject.code.text) if isinstance(subject, n.OfNode) and subject.what != "met" else name


def _graded(expectation: n.Expectation, outline: Outline, scope: Scope) -> None:
    """``grade of teachers``, ``grade of 3``: a table of that name, or one that grades that heading."""
    wanted = expectation.code
    known = list(dict.fromkeys(called for table in outline.grades for called in _called(table.clause)))
    if wanted is None or wanted.text in known:
        _grade_known(expectation, outline, scope)
        return
    near = closest(wanted.text, known)
    help_key = "help_near" if near else "help" if known else "help_none"
    scope.report("RUB217", wanted.span, table=wanted.text, tables=", ".join(known), near=near or "", help=help_key)


def _grade_known(expectation: n.Expectation, outline: Outline, scope: Scope) -> None:
    """The grade is a row of a table: of those of that name or heading where one is named."""
    wanted, value = expectation.code, expectation.value
    if not isinstance(value, n.Name) or value.text in _NO_ROW or scope.unreadable:
        return
    tables = [table for table in outline.grades if wanted is None or wanted.text in _called(table.clause)]
    rows = [row for table in tables for row in table.rows]
    known = [row.name.text for row in rows if isinstance(row, n.GradeRowClause) and row.name is not None]
    if known and value.text not in known and all(isinstance(row, n.GradeRowClause) for row in rows):
        near = closest(value.text, known)
        scope.report("RUB207", value.span, grade=value.text, grades=", ".join(dict.fromkeys(known)), near=near or "",
                     help="help_near" if near else "help")  # fmt: skip


def _known(name: n.Ident, names: list[str], scope: Scope) -> None:
    if name.text not in names:
        near = closest(name.text, names)
        scope.report("RUB201", name.span, name=name.text, near=near or "", help="help_near" if near else "help")


def _reference_known(item: n.GivenReference, scope: Scope) -> None:
    """A figure no rule reads would be given in vain."""
    name = reference_name(item.reference)
    if name not in scope.references and not scope.unreadable:
        nearest = closest(name, scope.references)
        near = "" if nearest is None else scope.words(scope.references[nearest].span)
        known = ", ".join(f"`{scope.words(at.span)}`" for at in scope.references.values())
        help_key = "help_near" if near else "help" if known else "help_none"
        scope.report("RUB242", item.reference.span, text=scope.words(item.reference.span), near=near, known=known,
                     help=help_key)  # fmt: skip


def _judged_known(code: n.Ident, scope: Scope) -> None:
    # A judged amount has the key CODE.NAME; its leaf is what must exist.
    if code.text not in scope.codes and code.text.rsplit(".", 1)[0] not in scope.codes:
        scope.code_level(code)
