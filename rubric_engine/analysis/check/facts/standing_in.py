"""What an expression comes to without a fact: what stands in for the fact, put in its place."""

from collections.abc import Mapping
from dataclasses import fields
from fractions import Fraction
from typing import Any

from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import InputSpec, Let

# Named values are written out where they read the fact; beyond this the expression is not worth searching.
_MOST_PARTS = 400


class TooLarge(Exception):
    """The expression, with its named values written out, has too many parts."""


class StandingIn:
    """Puts into expressions what is read where nobody gives an input: its own value, or that it is missing."""

    def __init__(self, spec: InputSpec, lets: Mapping[str, Let]) -> None:
        self.spec = spec
        self.lets = lets
        self.left = _MOST_PARTS

    def number(self, expr: x.Num) -> x.Num:
        """The number as it is then. Raises :class:`TooLarge`."""
        found: x.Num = self._put(expr)
        return found

    def _put(self, thing: Any) -> Any:
        self.left -= 1
        if self.left < 0:
            raise TooLarge
        name, value = self.spec.name, self.spec.if_missing
        match thing:
            case x.IsMissing(name=read) if read == name:
                return x.Always(value is None)
            case x.Fact(name=read) if read == name and isinstance(value, int | Fraction):
                return x.Const(Fraction(value))
            case x.Flag(name=read) if read == name and value is not None:
                return x.Always(bool(value))
            case x.IsLevel(name=read, levels=levels) if read == name and value is not None:
                return x.Always(any(self.spec.levels[at].name == value for at in levels))
            case x.Ref(name=let) | x.RefTruth(name=let) if let in self.lets:
                written = self._put(self.lets[let].value)
                return thing if written == self.lets[let].value else written
            case tuple():
                return tuple(self._put(one) for one in thing)
            case _ if type(thing).__module__ == x.__name__ and hasattr(thing, "__dataclass_fields__"):
                return type(thing)(**{one.name: self._put(getattr(thing, one.name)) for one in fields(thing)})
            case _:
                return thing
