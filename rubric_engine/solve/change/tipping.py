"""Where an expression tips as one number moves, the others fixed: exact roots, on quotients of polynomials.

An expression of one number is a handful of *pieces*, one for each way its conditions, minima, maxima and roundings can
turn out; whatever it comes to, some piece comes to it. So every value at which a comparison or a cap tips is a root of
the difference of two pieces. What no piece describes (roots and logarithms, registers, points of a heading that moves
along) raises :class:`Rough`, and is left to bisection.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product
from typing import Final

from rubric_engine.meaning.exact import Exact
from rubric_engine.meaning.known import Known, known_number
from rubric_engine.plan import expr as x
from rubric_engine.plan.reads import PlanReads, Reads
from rubric_engine.solve.world import parts_within

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


class Sums:
    """What the terms of long sums read and what all of them come to, worked out once for every number that is moved."""

    def __init__(self, reads: PlanReads, known: Known) -> None:
        self._plan_reads = reads
        self.known = known
        # Under the expressions themselves, held so that no other one takes their place.
        self._reads: dict[int, tuple[x.Expr, Reads]] = {}
        self._whole: dict[int, tuple[x.Add, Exact | None]] = {}

    def reads(self, expr: x.Expr) -> Reads:
        """What an expression reads, named values looked through."""
        if id(expr) not in self._reads:
            self._reads[id(expr)] = expr, self._plan_reads.of(expr)
        return self._reads[id(expr)][1]

    def without(self, whole: x.Add, terms: Sequence[x.Num]) -> Fraction | None:
        """The sum of all terms but these; ``None`` where it is not known."""
        if id(whole) not in self._whole:
            self._whole[id(whole)] = whole, known_number(whole, self.known)
        found = self._whole[id(whole)][1]
        for term in terms:
            value = known_number(term, self.known)
            if found is None or value is None:
                return None
            found -= value
        return None if found is None else Fraction(found)


class Pieces:
    """Pieces of expressions in one number. ``is_it`` says which leaf of an expression that number is,
    ``depends`` whether the number takes part in an expression, named values and headings looked through."""

    def __init__(
        self,
        is_it: Callable[[x.Expr], bool],
        depends: Callable[[x.Expr], bool],
        lets: Mapping[str, x.Expr],
        sums: Sums,
    ) -> None:
        self._is_it = is_it
        self.depends = depends
        self._known = sums.known
        self._lets = lets
        self._sums = sums
        # Of named values, each worked out once: a chain that reads the one before twice would double at every step.
        self._named: dict[str, tuple[Piece, ...] | None] = {}

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
                return self._of_sum(expr, terms)
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

    def _of_sum(self, whole: x.Add, terms: tuple[x.Num, ...]) -> list[Piece]:
        """Of a sum only the terms that move are looked into, and all others are one number."""
        moving = tuple(term for term in terms if self.depends(term))
        rest = self._sums.without(whole, moving)
        if rest is None:
            return _over(terms, self.of, _sum)
        return [_sum(piece, Piece(_trimmed((rest,)))) for piece in _over(moving, self.of, _sum)]

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
    for part in parts_within(things, lets):
        match part:
            case x.Compare(left=left, right=right):
                yield left, right
            case x.Least(args=args) | x.Greatest(args=args) | x.Median(args=args):
                yield from combinations(args, 2)
            case x.Abs(arg=arg):
                yield arg, x.Const(Fraction(0))
            case _:
                pass


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
