"""``within unit_group``: the input whose values part the units of a cohort."""

from rubric_engine.plan.plan import Kind
from rubric_engine.rules.names.scope import Scope
from rubric_engine.syntax.tree.nodes import Ident

_UNCOUNTED = ("yes/no", "money")  # kinds that take no article


def grouping_of(within: Ident | None, scope: Scope) -> str | None:
    """The input whose values part the units, ``None`` where none is named or it cannot; that is reported."""
    if within is None:
        return None
    found = scope.look_up(within.text, within.span)
    if found.broken:
        return None
    if found.input is None or found.input.kind not in (Kind.LEVEL, Kind.TEXT):
        plain = found.input is not None and not found.input.columns
        kind = found.input.kind.value if plain and found.input is not None else found.sort.value
        help_key = "help" if kind in _UNCOUNTED else "help_kind"
        scope.report("RUB341", within.span, text=within.text, found=kind, help=help_key)
        return None
    return found.input.name
