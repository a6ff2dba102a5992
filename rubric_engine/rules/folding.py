"""Building arithmetic: constants are folded, sums and products stay flat, so plans are small and readable.

A chain of ``+`` and ``-`` is one sum less another, however long: nothing nests because an author wrote much.
"""

from fractions import Fraction

from rubric_engine.plan.expr import Add, Const, Div, Expr, Mul, Num, Pow, Sub

# Numbers longer than this are not folded: the size limits on literals then hold for every constant of a plan.
_WIDEST = 10**400


def _num(value: Expr | None) -> Num:
    assert isinstance(value, Num)
    return value


def add(left: Expr | None, right: Expr | None) -> Num:
    """``left + right``."""
    a, b = _num(left), _num(right)
    if isinstance(a, Const) and isinstance(b, Const):
        return Const(a.value + b.value)
    if isinstance(a, Sub) and not _is_const(a.left, 0):
        return Sub(add(a.left, b), a.right)
    if isinstance(a, Add):
        return Add((*a.terms, b))
    return Add((a, b))


def subtract(left: Expr | None, right: Expr | None) -> Num:
    """``left - right``."""
    a, b = _num(left), _num(right)
    if isinstance(a, Const) and isinstance(b, Const):
        return Const(a.value - b.value)
    if isinstance(a, Sub):
        return Sub(a.left, add(a.right, b))
    return Sub(a, b)


def _is_const(value: Num, number: int) -> bool:
    return isinstance(value, Const) and value.value == number


def negate(value: Expr | None) -> Num:
    """``-value``."""
    a = _num(value)
    return Const(-a.value) if isinstance(a, Const) else Sub(Const(Fraction(0)), a)


def multiply(left: Expr | None, right: Expr | None) -> Num:
    """``left * right``."""
    a, b = _num(left), _num(right)
    if isinstance(a, Const) and isinstance(b, Const):
        product = a.value * b.value
        if max(abs(product.numerator), product.denominator) < _WIDEST:
            return Const(product)
    if isinstance(a, Mul):
        return Mul((*a.factors, b))
    return Mul((a, b))


def divide(left: Expr | None, right: Expr | None) -> Num:
    """``left / right``; a division by the constant 0 is left for ``check`` to report."""
    a, b = _num(left), _num(right)
    if isinstance(a, Const) and isinstance(b, Const) and b.value != 0:
        return Const(a.value / b.value)
    return Div(a, b)


def power(base: Expr | None, exponent: int) -> Num:
    """``base ^ exponent`` for a small whole exponent."""
    a = _num(base)
    if isinstance(a, Const) and (a.value.numerator.bit_length() + a.value.denominator.bit_length()) * exponent < 1300:
        return Const(a.value**exponent)
    return Pow(a, exponent)
