"""``load``: generated source as functions. Each is compiled when it is first used, under a name tracebacks can show."""

import linecache
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from functools import cached_property
from math import gcd
from typing import Any

from rubric_engine.backend.emit.module import BUILTINS, PythonModule
from rubric_engine.facts.facts import MISSING
from rubric_engine.meaning.growth import lowest_terms
from rubric_engine.meaning.inexact import inexact, mean_product, power_mean
from rubric_engine.meaning.reading import ScoringError, Unsettled
from rubric_engine.plan.plan import Plan
from rubric_engine.plan.tables import located

_GIVEN = {
    "Fraction": Fraction, "MISSING": MISSING, "ScoringError": ScoringError, "Unsettled": Unsettled,
    "date": date, "gcd": gcd, "inexact": inexact, "located": located, "lowest_terms": lowest_terms,
    "mean_product": mean_product, "ordinal": date.toordinal, "power_mean": power_mean,
}  # fmt: skip
_ALLOWED = {"KeyError": KeyError, "TypeError": TypeError, "bool": bool, "int": int, "len": len, "max": max,
            "sorted": sorted, "str": str, "sum": sum, "type": type}  # fmt: skip
assert tuple(_ALLOWED) == BUILTINS


class Loaded:
    """The functions of one module, and the scales of what they return."""

    def __init__(self, module: PythonModule, name: str) -> None:
        self._module = module
        self.name = name

    @property
    def scales(self) -> tuple[int | None, ...]:
        """The scale of every slot ``trace`` returns."""
        return self._module.scales

    @property
    def total_scale(self) -> int | None:
        """The scale of what ``total`` returns."""
        return self._module.total_scale

    @cached_property
    def pack(self) -> Callable[[Any, Any], tuple[object, ...] | None]:
        """Plain values to machine values, or ``None`` where the careful reader must look."""
        found: Callable[[Any, Any], tuple[object, ...] | None] = self._compiled("pack")
        return found

    @cached_property
    def total(self) -> Callable[[tuple[object, ...]], int | tuple[int, int] | None]:
        """Machine values to the published total; ``None`` where the sheet is not rated."""
        found: Callable[[tuple[object, ...]], int | tuple[int, int] | None] = self._compiled("total")
        return found

    @cached_property
    def trace(self) -> Callable[[tuple[object, ...]], tuple[int | tuple[int, int], ...]]:
        """Machine values to every slot."""
        found: Callable[[tuple[object, ...]], tuple[int | tuple[int, int], ...]] = self._compiled("trace")
        return found

    def _compiled(self, name: str) -> Any:
        source: str = getattr(self._module, name)
        filename = f"<rubric {self.name} {name}>"
        linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
        namespace: dict[str, Any] = {"__builtins__": _ALLOWED, **_GIVEN, **self._module.constants}
        exec(compile(source, filename, "exec"), namespace)
        return namespace[name]


def load(module: PythonModule, plan: Plan) -> Loaded:
    """The functions, ready to call; ``<rubric ID DIGEST FUNCTION>`` is their file name in tracebacks."""
    readable = "".join(c if c.isprintable() else "?" for c in plan.id)
    return Loaded(module, f"{readable} {plan.digest[:12]}")
