"""The value of a fact nobody has given. Standard library only."""

from typing import Final, Never

from rubric_engine.meaning.reading import Unsettled


class Missing:
    """The one value of a fact nobody has given: any use of it but ``is`` raises ``Unsettled``."""

    __slots__ = ()

    def _unsettled(self, *_: object) -> Never:
        raise Unsettled

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _unsettled
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __divmod__ = __rdivmod__ = __pow__ = __rpow__ = _unsettled
    __and__ = __rand__ = __or__ = __ror__ = __xor__ = __rxor__ = __lshift__ = __rlshift__ = _unsettled
    __rshift__ = __rrshift__ = __neg__ = __pos__ = __abs__ = __invert__ = __round__ = _unsettled
    __lt__ = __le__ = __gt__ = __ge__ = _unsettled
    __eq__ = __ne__ = _unsettled
    __bool__ = __hash__ = __index__ = __int__ = __float__ = _unsettled
    __len__ = __iter__ = __contains__ = __getitem__ = _unsettled
    numerator = denominator = property(_unsettled)

    def __repr__(self) -> str:
        return "MISSING"

    def __reduce__(self) -> str:
        return "MISSING"


MISSING: Final = Missing()
