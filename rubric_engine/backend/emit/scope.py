"""A writer of nested source that knows what holds where: names already computed, numbers known not to be zero."""

from types import TracebackType
from typing import Union

Block = list[Union[str, "Block"]]


class Scope:
    """What is known in one region of the code, and in those around it."""

    __slots__ = ("names", "nonzero", "outer")

    def __init__(self, outer: "Scope | None") -> None:
        self.outer = outer
        self.names: dict[tuple[str, str], str] = {}
        self.nonzero: set[str] = set()

    def name(self, key: tuple[str, str]) -> str | None:
        here: Scope | None = self
        while here is not None:
            found = here.names.get(key)
            if found is not None:
                return found
            here = here.outer
        return None

    def is_nonzero(self, code: str) -> bool:
        here: Scope | None = self
        while here is not None:
            if code in here.nonzero:
                return True
            here = here.outer
        return False


class Region:
    """A block being written, entered with ``with``; on leaving, the writer is back where it was."""

    __slots__ = ("_before", "_writer", "block", "deeper", "scope")

    def __init__(self, writer: "Writer", block: Block, deeper: int) -> None:
        self._writer = writer
        self.block = block
        self.deeper = deeper
        self.scope = Scope(writer.scope)

    def __enter__(self) -> "Region":
        writer = self._writer
        self._before = (writer.block, writer.scope)
        writer.block, writer.scope = self.block, self.scope
        writer.depth += self.deeper
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        writer = self._writer
        writer.block, writer.scope = self._before
        writer.depth -= self.deeper


class Writer:
    """The body of one function."""

    __slots__ = ("block", "depth", "outlined", "scope", "temps")

    def __init__(self) -> None:
        self.block: Block = []
        self.scope = Scope(None)
        self.depth = 1
        self.temps = 0
        self.outlined: Block = []

    def line(self, text: str) -> None:
        self.block.append(text)

    def fresh(self) -> str:
        """A name nobody uses."""
        self.temps += 1
        return f"t{self.temps}"

    def indented(self) -> Region:
        """A block below the line just written."""
        block: Block = []
        self.block.append(block)
        return Region(self, block, 1)

    def aside(self, deeper: int = 0) -> Region:
        """A block written nowhere yet, for later: see :meth:`paste`. It will stand ``deeper`` levels further in."""
        return Region(self, [], deeper)

    def paste(self, region: Region) -> None:
        """Put a block written aside here; what it made known is known from here on."""
        self.block += region.block
        self.scope.names.update(region.scope.names)
        self.scope.nonzero |= region.scope.nonzero

    def text(self, head: str, first: str = "") -> str:
        """The function's source under its ``def`` line, after a first line that names what it is given."""
        lines = [head]
        _render([*([first] if first else []), *self.outlined, *self.block], lines, "    ")
        return "\n".join(lines)


def _render(block: Block, lines: list[str], indent: str) -> None:
    for item in block or ["pass"]:
        if isinstance(item, str):
            lines.append(indent + item)
        else:
            _render(item, lines, indent + "    ")
