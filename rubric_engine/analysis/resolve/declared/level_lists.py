"""``levels rating: weak < fair < good``: lists of levels, and the one-of inputs, columns and parameters made of
them."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from rubric_engine.plan.expr import Always
from rubric_engine.plan.plan import InputSpec, Kind, Level, ParameterValue
from rubric_engine.rules.comparisons import level_index
from rubric_engine.rules.names.level_values import named_list
from rubric_engine.rules.names.scope import Scope
from rubric_engine.rules.names.typed import LevelValue
from rubric_engine.syntax.tree import nodes as n


def list_of(name: str, defs: Sequence[n.LevelDef], scope: Scope, *, quiet: bool = False) -> LevelValue:
    """The levels as declared; one that stands twice is reported once and counts once.

    They are in order when ``<`` stands before each but the first: of ``a < b, c`` nobody can say where ``c`` belongs.
    """
    levels: list[Level] = []
    for level in defs:
        if any(known.name == level.name.text for known in levels):
            if not quiet:
                scope.report("RUB202", level.name.span, name=level.name.text, help="help_level")
            continue
        levels.append(Level(level.name.text, level.title.value if level.title else level.name.text))
    return LevelValue(name, tuple(levels), len(defs) > 1 and all(level.above for level in defs[1:]))


def levels_of(clause: n.InputClause | n.ParameterClause, name: n.Ident, scope: Scope) -> LevelValue:
    """The levels of an input, a column or a parameter: its own, or those of the list it names; none after a report."""
    first = isinstance(clause, n.ParameterClause) or name is clause.names[0]
    if clause.levels_of is None:
        return list_of(name.text, clause.levels, scope, quiet=not first)
    if clause.levels_of.text in scope.unreadable:
        scope.unreadable.add(name.text)
    # Said once for `input a, b: rating`, and the names it was to give their levels are silent.
    if not first and clause.levels_of.text not in scope.level_lists:
        scope.unreadable.add(name.text)
        return LevelValue(name.text, (), False)
    found = named_list(clause.levels_of, scope)
    if found is None:
        scope.unreadable.add(name.text)
        return LevelValue(name.text, (), False)
    return LevelValue(name.text, found.levels, found.ordered)


def declare_choice(clause: n.ParameterClause, scope: Scope, given: Mapping[str, object]) -> None:
    """``parameter mode: one of a, b = a``; the application gives the name of a level (``given``)."""
    from rubric_engine.facts.readers import InputReader
    from rubric_engine.meaning.exact import Unreadable

    name = clause.name.text
    scope.unreadable.add(name)
    levels = levels_of(clause, clause.name, scope)
    if not levels.levels:
        return
    if not isinstance(clause.value, n.Name):
        scope.report("RUB301", clause.value.span, text=scope.words(clause.value.span), found="number",
                     expected="level", help="help_parameter")  # fmt: skip
        return
    usual = level_index(levels, clause.value.text, clause.value.span, scope)
    if usual is None:
        return
    value = Fraction(usual)
    if name in given:
        spec = InputSpec(name, name, Kind.LEVEL, levels.levels, levels.ordered)
        try:
            value = Fraction(InputReader(spec, scope.language).read(given[name])[0])
        except Unreadable:
            scope.report("RUB309", clause.name.span, name=name, value=str(given[name])[:40],
                         bounds=", ".join(level.name for level in levels.levels), help="help_level")  # fmt: skip
    label = clause.label.value if clause.label else name
    scope.parameters[name] = ParameterValue(name, label, value, Fraction(usual), Kind.LEVEL, levels.levels)
    tests = tuple(Always(at == value) for at in range(len(levels.levels)))
    scope.parameter_levels[name] = LevelValue(name, levels.levels, levels.ordered, tests)
