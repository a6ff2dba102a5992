"""What lies near an expression: the facts it reads, those bound to them, and nothing else. Standard library only.

A sheet has a thousand facts and a heading reads three. What is assumed on the way to its points can only narrow what
is related to those three, so it is narrowed in an environment that holds just them: reading a sheet costs what its
headings cost, not their number times the number of facts.
"""

from collections.abc import Iterable, Mapping, Sequence

from rubric_engine.meaning.budget import Budget
from rubric_engine.plan.expr import (
    Expr,
    Fact,
    IsMissing,
    Judged,
    MaximumOf,
    Met,
    Num,
    PointsOf,
    Ref,
    RefTruth,
    Total,
    TotalMaximum,
    Truth,
    Unrated,
    walk,
)
from rubric_engine.plan.layout import PlanLayout, layout_of
from rubric_engine.plan.plan import InputSpec, Plan
from rubric_engine.plan.reads import NOTHING_READ, PlanReads, Reads
from rubric_engine.ranges.values.env import Env, Kin
from rubric_engine.ranges.values.linear import Atom

NamedValues = Mapping[str, Num | Truth]


def families(inputs: Iterable[InputSpec], lets: NamedValues) -> list[list[InputSpec]]:
    """Inputs whose bounds name one another, directly or not; those with constant bounds are in none."""
    specs = {spec.name: spec for spec in inputs}
    heads = {name: name for name in specs}

    def head(name: str) -> str:
        while heads[name] != name:
            heads[name] = heads[heads[name]]
            name = heads[name]
        return name

    bound: set[str] = set()
    for spec in specs.values():
        for limit in (spec.minimum, spec.maximum):
            others = set() if limit is None else facts_behind(limit.value, lets) & specs.keys()
            for other in others:
                heads[head(other)] = head(spec.name)
                bound |= {spec.name, other}
    found: dict[str, list[InputSpec]] = {}
    for name, spec in specs.items():
        if name in bound:
            found.setdefault(head(name), []).append(spec)
    return list(found.values())


def families_of(plan: Plan) -> Mapping[str, Sequence[InputSpec]]:
    """Of each input those bound to it, itself among them."""
    def work_out() -> Mapping[str, Sequence[InputSpec]]:
        found: dict[str, Sequence[InputSpec]] = {spec.name: (spec,) for spec in plan.inputs}
        for family in families(plan.inputs, {let.name: let.value for let in plan.lets}):
            found.update(dict.fromkeys((spec.name for spec in family), family))
        return found

    return layout_of(plan).remembered(("families",), work_out)


def read_by_columns(spec: InputSpec, lets: NamedValues) -> set[str]:
    """The numbers that the bounds of a register's columns read."""
    bounds = [bound.value for column in spec.columns for bound in (column.minimum, column.maximum) if bound is not None]
    return set[str]().union(*(facts_behind(value, lets) for value in bounds))


def facts_behind(expr: Expr, lets: NamedValues) -> set[str]:
    """The numbers an expression reads, named values looked through."""
    found: set[str] = set()
    seen: set[str] = set()
    todo = [expr]
    while todo:
        for part in walk(todo.pop()):
            if isinstance(part, Fact):
                found.add(part.name)
            elif isinstance(part, Ref | RefTruth) and part.name in lets and part.name not in seen:
                seen.add(part.name)
                todo.append(lets[part.name])
    return found


def part_of(env: Env, names: Iterable[str], reads: Reads = NOTHING_READ, steps: int | None = None) -> Env:
    """The environment with these facts, their kin, and what is read of headings; free to be narrowed.

    With ``steps`` it has a budget of its own, so that what is read in it depends on nothing read before.
    """
    found = env.beside()
    if steps is not None:
        found.budget = Budget(steps)
    numbers, atoms = env.numbers, env.atoms
    todo = dict.fromkeys(names)
    for name in tuple(todo):
        kin = env.kin.get(name)
        if kin is not None and kin.hangs is None:
            todo.update(dict.fromkeys(kin.names))
            found.numbers.update((atom, numbers[atom]) for atom in kin.atoms)
        if kin is not None:
            found.forms.update((key, env.forms[key]) for key in kin.forms)
            _follow(atoms[Fact(name)], kin, env, found)
    keys: list[Num] = [Fact(name) for name in todo]
    keys += [Judged(key) for key in reads.judged]
    for code in reads.headings:
        keys += (PointsOf(code), MaximumOf(code))
        found.forms.update((key, env.forms[key]) for key in env.heading_forms.get(code, ()))
    if reads.total:
        keys += (Total(), TotalMaximum())
    found.numbers.update((atom, numbers[atom]) for key in keys if (atom := atoms[key]) in numbers)
    truths: list[Truth] = [IsMissing(name) for name in todo]
    truths += [of(code) for code in reads.headings for of in (Met, Unrated)]
    found.flags.update((name, env.flags[name]) for name in todo if name in env.flags)
    found.levels.update((name, env.levels[name]) for name in todo if name in env.levels)
    found.truths.update((key, env.truths[key]) for key in truths if key in env.truths)
    return found


def _follow(atom: Atom, kin: Kin, env: Env, found: Env) -> None:
    """Take in the relations a fact hangs by, one after the other, with all that stand in them."""
    todo = [atom, *(other for key in kin.forms for other in env.forms[key][0])] if kin.hangs else []
    while todo:
        here = todo.pop()
        if here in env.numbers:
            found.numbers[here] = env.numbers[here]
        key = kin.hangs.get(here) if kin.hangs else None
        if key is not None and key not in found.forms:
            found.forms[key] = env.forms[key]
            todo += env.forms[key][0]


def reads_of_headings(layout: PlanLayout) -> Sequence[Reads]:
    """Of each heading, everything read while it is: its own clauses and what decides whether those above apply."""
    return layout.remembered(("near",), lambda: _reads_of_headings(layout))


def _reads_of_headings(layout: PlanLayout) -> list[Reads]:
    reads = PlanReads(layout.plan)
    found: list[Reads] = []
    absent: list[Reads] = []
    for node in layout.plan.nodes:
        above = NOTHING_READ if node.parent is None else absent[node.parent]
        absent.append(above | reads.of(node.absent))
        found.append(reads.node(node) | above)
    return found


def reads_of_sheet(layout: PlanLayout) -> Reads:
    """Everything read after the headings: limits of the total and grade tables."""
    plan = layout.plan
    return layout.remembered(("near sheet",), lambda: PlanReads(plan).of(plan.limits, plan.grades))


def codes_read(layout: PlanLayout) -> frozenset[str]:
    """Headings whose points, maximum or truth something reads."""
    def work_out() -> frozenset[str]:
        both = [*reads_of_headings(layout), reads_of_sheet(layout)]
        return frozenset[str]().union(*(reads.codes for reads in both))

    return layout.remembered(("near codes",), work_out)
