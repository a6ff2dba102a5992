"""How deep an expression reaches through lets, and how fast its numbers grow: both are bounded before anything runs.

The *degree* of an expression bounds how many digits its value has, in units of the longest fact: a fact has degree 1,
a product the sum of its factors, a power its exponent times its base. Rounded values start again at 1.
"""

from collections.abc import Mapping

from rubric_engine.runtime import expr as x

DEEPEST = 100
HIGHEST_DEGREE = 4096


def depth(expr: x.Expr, lets: Mapping[str, int]) -> int:
    """Levels of nesting, those inside the lets it reads included."""
    inside = max((depth(part, lets) for part in x.parts(expr)), default=0)
    if isinstance(expr, x.Ref | x.RefTruth):
        inside = lets.get(expr.name, 0)
    return 1 + inside


def degree(expr: x.Expr, lets: Mapping[str, int], nodes: Mapping[str, int]) -> int:
    """See the module. Comparisons count as the product they are compared by."""
    match expr:
        case x.Const() | x.Always():
            return 0
        case x.Ref(name=name) | x.RefTruth(name=name):
            return lets.get(name, 0)
        case x.Fact(name=name):
            return lets.get(name, 1)  # a figure of the cohort has digits enough of its own
        case x.PointsOf(code=code) | x.MaximumOf(code=code):
            return nodes.get(code, 1)
        case x.Lookup():
            return 1
        case x.Rounded(arg=arg):
            return min(1, degree(arg, lets, nodes))
        case x.Pow(base=base, exponent=exponent):
            return degree(base, lets, nodes) * exponent
        case x.Mul() | x.Div() | x.Add() | x.Sub() | x.Compare():
            # Sums of fractions multiply their denominators, so they count as products do.
            return sum(degree(part, lets, nodes) for part in x.parts(expr))
        case _:
            inside = x.parts(expr)
            return max((degree(part, lets, nodes) for part in inside), default=1)
