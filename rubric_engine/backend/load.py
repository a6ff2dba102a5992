"""``load``: generated source as functions. Each is compiled when it is first used, under a name tracebacks can show."""

import linecache
from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property
from math import gcd
from typing import TYPE_CHECKING, Any, Protocol

from rubric_engine.facts.facts import MISSING
from rubric_engine.meaning.calendar import months_after, months_from
from rubric_engine.meaning.growth import lowest_terms
from rubric_engine.meaning.inexact import inexact, mean_product, power_mean
from rubric_engine.meaning.reading import ScoringError, Unsettled
from rubric_engine.meaning.stack import with_room
from rubric_engine.plan.plan import Plan
from rubric_engine.plan.tables import located

if TYPE_CHECKING:
    from rubric_engine.backend.emit.module import PythonModule

_GIVEN = {
    "Fraction": Fraction, "MISSING": MISSING, "ScoringError": ScoringError, "Unsettled": Unsettled,
    "date": date, "gcd": gcd, "inexact": inexact, "located": located, "lowest_terms": lowest_terms,
    "mean_product": mean_product, "months_after": months_after, "months_from": months_from, "ordinal": date.toordinal,
    "power_mean": power_mean,
}  # fmt: skip
_ALLOWED = {"KeyError": KeyError, "TypeError": TypeError, "bool": bool, "int": int, "len": len, "max": max,
            "sorted": sorted, "str": str, "sum": sum, "type": type}  # fmt: skip


class Keeping(Protocol):
    """Where compiled functions are kept from one process to the next."""

    def get(self, part: str) -> Any: ...

    def put(self, part: str, value: object) -> None: ...


class _Lines(Sequence[str]):
    """The lines of a source, written again only when a traceback wants to show one."""

    def __init__(self, source: Callable[[], str]) -> None:
        self._source = source

    @cached_property
    def _lines(self) -> list[str]:
        return self._source().splitlines(keepends=True)

    def __getitem__(self, at: Any) -> Any:
        return self._lines[at]

    def __len__(self) -> int:
        return len(self._lines)


class Loaded:
    """The functions of one module, and the scales of what they return."""

    def __init__(self, module: "Callable[[], PythonModule]", name: str, kept: Keeping | None = None) -> None:
        self._module = module
        self._kept = kept
        self.name = name

    @cached_property
    def scales(self) -> tuple[int | None, ...]:
        """The scale of every slot ``trace`` returns."""
        found: tuple[int | None, ...] = self._module().scales if self._kept is None else self._trace[2]
        return found

    @cached_property
    def total_scale(self) -> int | None:
        """The scale of what ``total`` returns."""
        found: int | None = self._module().total_scale if self._kept is None else self._total[2]
        return found

    @cached_property
    def pack(self) -> Callable[[Any, Any], tuple[object, ...] | None]:
        """Plain values to machine values, or ``None`` where the careful reader must look."""
        found: Callable[[Any, Any], tuple[object, ...] | None] = self._function("pack", self._written("pack"))
        return found

    @cached_property
    def total(self) -> Callable[[tuple[object, ...]], int | tuple[int, int] | None]:
        """Machine values to the published total; ``None`` where the sheet is not rated."""
        found: Callable[[tuple[object, ...]], int | tuple[int, int] | None] = self._function("total", self._total)
        return found

    @cached_property
    def trace(self) -> Callable[[tuple[object, ...]], tuple[int | tuple[int, int], ...]]:
        """Machine values to every slot."""
        found: Callable[[tuple[object, ...]], tuple[int | tuple[int, int], ...]] = self._function("trace", self._trace)
        return found

    @cached_property
    def _total(self) -> Any:
        return self._written("total")

    @cached_property
    def _trace(self) -> Any:
        return self._written("trace")

    @with_room
    def _written(self, name: str) -> Any:
        """Code, the tuples it looks into, and the scale or scales of what it returns; kept where things are kept."""
        found = None if self._kept is None else self._kept.get(name)
        if found is None:
            module = self._module()
            code = compile(getattr(module, name), self._filename(name), "exec")
            scales = {"pack": None, "total": module.total_scale, "trace": module.scales if name == "trace" else None}
            found = code, module.constants, scales[name]
            if self._kept is not None:
                self._kept.put(name, found)
        return found

    def _function(self, name: str, written: Any) -> Any:
        code, constants, _ = written
        lines: Any = _Lines(lambda: getattr(self._module(), name))
        linecache.cache[self._filename(name)] = (0, None, lines, self._filename(name))
        namespace: dict[str, Any] = {"__builtins__": _ALLOWED, **_GIVEN, **constants}
        exec(code, namespace)
        return namespace[name]

    def _filename(self, name: str) -> str:
        return f"<rubric {self.name} {name}>"


def load(module: "PythonModule | Callable[[], PythonModule]", plan: Plan, kept: Keeping | None = None) -> Loaded:
    """The functions, ready to call; ``<rubric ID DIGEST FUNCTION>`` is their file name in tracebacks.

    A module that is called for is written only where nothing was ``kept``.
    """
    readable = "".join(c if c.isprintable() else "?" for c in plan.id)
    written: Callable[[], PythonModule] = module if callable(module) else lambda: module
    return Loaded(written, f"{readable} {plan.digest[:12]}", kept)
