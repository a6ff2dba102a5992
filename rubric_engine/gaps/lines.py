"""Where an expression tips as one number moves, the others fixed: exact roots, on quotients of polynomials.

An expression of one number is a handful of *pieces*, one for each way its conditions, minima, maxima and roundings can
turn out; whatever it comes to, some piece comes to it. So every value at which a comparison or a cap tips is a root of
the difference of two pieces. What no piece describes (roots and logarithms, registers, points of a heading that moves
along) raises :class:`Rough`, and is left to bisection.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product
from typing import Final

from rubric_engine.meaning.known import Known, known_number
from rubric_engine.plan import expr as x

MOST_PIECES: Final = 24
_MOST_DEGREE: Final = 4
_ONE: Final = (Fraction(1),)
Poly = tuple[Fraction, ...]


class Rough(Exception):
    """No quotient of small polynomials."""


@dataclass(frozen=True, slots=True)
class Piece:
    """``top / bottom``, lowest power first."""

    top: Poly
    bottom: Poly = _ONE

    def minus(self, other: "Piece") -> "Piece":
        """The difference."""
        return _sum(self, Piece(_scaled(other.top, Fraction(-1)), other.bottom))

    @property
    def root(self) -> Fraction | None:
        """Where it is 0, for a line or a quotient of lines; ``None`` where it never is, or always."""
        if len(self.top) != 2:
            return None
        return -self.top[0] / self.top[1]


class Pieces:
    """Pieces of expressions in one number. ``is_it`` says which leaf of an expression that number is."""

    def __init__(
        self,
        is_it: Callable[[x.Expr], bool],
        known: Known,
        lets: Mapping[str, x.Expr],
        moves_along: Callable[[str], bool],
    ) -> None:
        self._is_it = is_it
        self._known = known
        self._lets = lets
        self._moves_along = moves_along
        self._depends: dict[str, bool] = {}
        # Of named values, each worked out once: a chain that reads the one before twice would double at every step.
        self._named: dict[str, tuple[Piece, ...] | None] = {}

    def depends(self, expr: x.Expr) -> bool:
        """Whether the number takes part, named values looked through."""
        return any(self._is_it(part) or self._by_name(part) for part in x.walk(expr))

    def _by_name(self, part: x.Expr) -> bool:
        match part:
            case x.Ref(name=name) | x.RefTruth(name=name):
                if name not in self._depends:
                    self._depends[name] = self.depends(self._lets[name])
                return self._depends[name]
            case x.PointsOf(code=code) | x.MaximumOf(code=code) | x.Met(code=code):
                return self._moves_along(code)
            case _:
                return False

    def of(self, expr: x.Num) -> tuple[Piece, ...]:
        """The pieces. Raises :class:`Rough`."""
        if self._is_it(expr):
            return (Piece((Fraction(0), Fraction(1))),)
        if not self.depends(expr):
            value = known_number(expr, self._known)
            if value is None:
                raise Rough
            return (Piece(_trimmed((value,))),)
        found = tuple(dict.fromkeys(self._inside(expr)))
        if len(found) > MOST_PIECES:
            raise Rough
        return found

    def _inside(self, expr: x.Num) -> Iterable[Piece]:
        match expr:
            case x.Ref(name=name):
                return self._of_name(name)
            case x.Add(terms=terms):
                return _over(terms, self.of, _sum)
            case x.Mul(factors=factors):
                return _over(factors, self.of, _product)
            case x.Sub(left=left, right=right):
                return _over((left, right), self.of, Piece.minus)
            case x.Div(left=left, right=right):
                return _over((left, right), self.of, _quotient)
            case x.Pow(base=base, exponent=exponent) if 1 <= exponent <= _MOST_DEGREE:
                return _over((base,) * exponent, self.of, _product)
            case x.Least(args=args) | x.Greatest(args=args) | x.Median(args=args):
                return [piece for arg in args for piece in self.of(arg)]
            case x.Abs(arg=arg):
                return [sided for piece in self.of(arg) for sided in (piece, _negative(piece))]
            case x.Rounded(arg=arg, step=step):
                # The value rounded tips up to a whole step away from the value before rounding.
                shifts = [Fraction(half, 2) * step for half in (-2, -1, 0, 1, 2)]
                return [_sum(piece, Piece(_trimmed((shift,)))) for piece in self.of(arg) for shift in shifts]
            case x.If(then=then, other=other):
                return [*self.of(then), *self.of(other)]
            case _:
                raise Rough

    def _of_name(self, name: str) -> tuple[Piece, ...]:
        if name not in self._named:
            value = self._lets[name]
            assert isinstance(value, x.Num)
            self._named[name] = None
            self._named[name] = self.of(value)
        found = self._named[name]
        if found is None:
            raise Rough
        return found

    def roots(self, left: x.Num, right: x.Num) -> tuple[Fraction, ...]:
        """Where two expressions may be equal. Raises :class:`Rough`."""
        found = [a.minus(b) for a, b in product(self.of(left), self.of(right))]
        if any(len(piece.top) > 2 for piece in found):
            raise Rough
        return tuple(dict.fromkeys(piece.root for piece in found if piece.root is not None))


def tipping(things: Iterable[x.Expr], lets: Mapping[str, x.Expr]) -> Iterator[tuple[x.Num, x.Num]]:
    """Pairs of numbers whose order decides something inside these expressions, named values looked through."""
    todo = list(things)
    seen: set[str] = set()
    while todo:
        for part in x.walk(todo.pop()):
            match part:
                case x.Ref(name=name) | x.RefTruth(name=name) if name not in seen:
                    seen.add(name)
                    todo.append(lets[name])
                case x.Compare(left=left, right=right):
                    yield left, right
                case x.Least(args=args) | x.Greatest(args=args) | x.Median(args=args):
                    yield from combinations(args, 2)
                case x.Abs(arg=arg):
                    yield arg, x.Const(Fraction(0))


# ---------------------------------------------------------------- polynomials


def _over(
    args: tuple[x.Num, ...], of: Callable[[x.Num], tuple[Piece, ...]], join: Callable[[Piece, Piece], Piece]
) -> list[Piece]:
    found: list[Piece] | None = None
    for arg in args:
        pieces = of(arg)
        found = list(pieces) if found is None else list(dict.fromkeys(join(a, b) for a, b in product(found, pieces)))
        if len(found) > MOST_PIECES:
            raise Rough
    return found or []


def _trimmed(poly: Poly) -> Poly:
    end = len(poly)
    while end and not poly[end - 1]:
        end -= 1
    return poly[:end]


def _scaled(poly: Poly, by: Fraction) -> Poly:
    return tuple(each * by for each in poly)


def _added(a: Poly, b: Poly) -> Poly:
    size = max(len(a), len(b))
    full = [[*poly, *[Fraction(0)] * (size - len(poly))] for poly in (a, b)]
    return _trimmed(tuple(left + right for left, right in zip(*full, strict=True)))


def _times(a: Poly, b: Poly) -> Poly:
    if not a or not b:
        return ()
    if len(a) + len(b) - 2 > _MOST_DEGREE:
        raise Rough
    found = [Fraction(0)] * (len(a) + len(b) - 1)
    for i, left in enumerate(a):
        for j, right in enumerate(b):
            found[i + j] += left * right
    return _trimmed(tuple(found))


def _sum(a: Piece, b: Piece) -> Piece:
    if a.bottom == b.bottom:
        return Piece(_added(a.top, b.top), a.bottom)
    return Piece(_added(_times(a.top, b.bottom), _times(b.top, a.bottom)), _times(a.bottom, b.bottom))


def _product(a: Piece, b: Piece) -> Piece:
    return Piece(_times(a.top, b.top), _times(a.bottom, b.bottom))


def _quotient(a: Piece, b: Piece) -> Piece:
    if not b.top:
        raise Rough
    return Piece(_times(a.top, b.bottom), _times(a.bottom, b.top))


def _negative(piece: Piece) -> Piece:
    return Piece(_scaled(piece.top, Fraction(-1)), piece.bottom)
