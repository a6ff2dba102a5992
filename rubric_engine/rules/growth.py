"""How deep an expression reaches through lets, and how fast its numbers grow: both are bounded before anything runs.

The *degree* of an expression bounds how many binary digits its value has: a fact has those of the longest one, a
constant its own where it has more, a product the sum of its factors, a power its exponent times its base. Rounded
values start again.
"""

from collections.abc import Mapping

from rubric_engine.plan import expr as x

DEEPEST = 100
# Of a fact: 40 digits.
OF_A_FACT = 133
HIGHEST_DEGREE = 4096 * OF_A_FACT


class Nesting:
    """How deep each expression nests, remembered by identity while a rubric is resolved: each part is measured once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[x.Expr, int]] = {}

    def of(self, expr: x.Expr) -> int:
        """Levels of nesting, by itself: 1 for a name or a number."""
        todo = [expr]
        while todo:
            here = todo[-1]
            inside = x.parts(here)
            open_ = [part for part in inside if id(part) not in self._known]
            if open_:
                todo += open_
                continue
            self._known[id(here)] = (here, 1 + max((self._known[id(part)][1] for part in inside), default=0))
            todo.pop()
        return self._known[id(expr)][1]


def depth(expr: x.Expr, lets: Mapping[str, int]) -> int:
    """Levels of nesting, those inside the lets it reads included."""
    inside = max((depth(part, lets) for part in x.parts(expr)), default=0)
    if isinstance(expr, x.Ref | x.RefTruth):
        inside = lets.get(expr.name, 0)
    return 1 + inside


def degree(expr: x.Expr, lets: Mapping[str, int], nodes: Mapping[str, int]) -> int:
    """See the module. Comparisons count as the product they are compared by."""
    match expr:
        case x.Const():
            own = _digits(expr)
            return own if own > OF_A_FACT else 0  # one as short as a fact adds nothing that counts
        case x.Always():
            return 0
        case x.Ref(name=name) | x.RefTruth(name=name):
            return lets.get(name, 0)
        case x.Fact(name=name):
            return lets.get(name, OF_A_FACT)  # a figure of the cohort has digits enough of its own
        case x.PointsOf(code=code) | x.MaximumOf(code=code):
            return nodes.get(code, OF_A_FACT)
        case x.Lookup():
            return OF_A_FACT
        case x.Rounded(arg=arg):
            return min(OF_A_FACT, degree(arg, lets, nodes))
        case x.Pow(base=base, exponent=exponent):
            return (_digits(base) if isinstance(base, x.Const) else degree(base, lets, nodes)) * exponent
        case x.Mul() | x.Div() | x.Add() | x.Sub() | x.Compare():
            # Sums of fractions multiply their denominators, so they count as products do.
            return sum(degree(part, lets, nodes) for part in x.parts(expr))
        case _:
            inside = x.parts(expr)
            return max((degree(part, lets, nodes) for part in inside), default=OF_A_FACT)


def _digits(number: x.Const) -> int:
    return number.value.numerator.bit_length() + number.value.denominator.bit_length() - 1


def is_constant(expr: x.Expr, lets: Mapping[str, bool]) -> bool:
    """Whether no fact takes part: the length of its value can then be told before any is known."""
    if isinstance(expr, x.Ref | x.RefTruth):
        return lets.get(expr.name, False)
    inside = x.parts(expr)
    return all(is_constant(part, lets) for part in inside) if inside else isinstance(expr, x.Const | x.Always)
