"""Where a fact is needed: under what conditions a clause asks for one of some facts and cannot do without it.

Of a condition that reads a fact nobody gave, part may settle the whole: ``paid or late > 3`` holds where ``paid`` does.
``known`` and ``maybe`` say so without reading what is missing.
"""

from collections.abc import Collection, Iterable, Mapping

from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import Choice

Path = tuple[x.Truth, ...]


class Needed:
    """Gathers, for each of ``names``, the conditions under which some clause of a heading needs it.

    ``lets`` are the facts read by each named value.
    """

    def __init__(self, names: Collection[str], lets: Mapping[str, frozenset[str]]) -> None:
        self._names = frozenset(names)
        self._lets = lets
        self._found: dict[str, list[Path]] = {}

    def reads(self, expr: x.Expr) -> frozenset[str]:
        """The names among these whose value an expression reads."""
        return facts_read([expr], self._lets) & self._names

    # ---- conditions without what is missing

    def known(self, test: x.Truth) -> x.Truth:
        """That the condition surely holds, whatever is missing."""
        return self._told(test, surely=True)

    def maybe(self, test: x.Truth) -> x.Truth:
        """That the condition holds, or cannot be told for what is missing."""
        return self._told(test, surely=False)

    def _told(self, test: x.Truth, *, surely: bool) -> x.Truth:
        names = sorted(self.reads(test))
        match test:
            case _ if not names:
                return test
            case x.All(args=args):
                return x.All(tuple(self._told(arg, surely=surely) for arg in args))
            case x.AnyOf(args=args):
                return x.AnyOf(tuple(self._told(arg, surely=surely) for arg in args))
            case x.AtLeast(number=number, args=args):
                return x.AtLeast(number, tuple(self._told(arg, surely=surely) for arg in args))
            case x.Not(arg=arg):
                return x.Not(self._told(arg, surely=not surely))
            case _ if surely:
                return x.All((*(x.Not(x.IsMissing(name)) for name in names), test))
            case _:
                return x.AnyOf((*(x.IsMissing(name) for name in names), test))

    # ---- what is needed where

    def ask(self, test: x.Truth, path: Path = ()) -> frozenset[str]:
        """A condition asked where all of ``path`` holds; the names it surely cannot do without."""
        names = self.reads(test)
        if isinstance(test, x.All | x.AnyOf | x.AtLeast | x.Not):
            for name in sorted(names):
                self._add(name, (*path, self.maybe(test), x.Not(self.known(test))))
            return frozenset()
        for name in sorted(names):
            self._add(name, path)
        return names

    def use(self, value: x.Num, path: Path = ()) -> None:
        """A number used where all of ``path`` holds."""
        todo: list[tuple[x.Expr, Path, frozenset[str]]] = [(value, path, frozenset())]
        while todo:
            here, path, told = todo.pop()
            names = self.reads(here) - told
            if not names:
                continue
            if isinstance(here, x.If):
                told |= self.ask(here.when, path)
                todo.append((here.other, (*path, x.Not(self.maybe(here.when))), told))
                todo.append((here.then, (*path, self.known(here.when)), told))
            elif (inside := x.parts(here)) and all(isinstance(part, x.Num) for part in inside):
                todo += [(part, path, told) for part in inside]
            else:
                for name in sorted(names):
                    self._add(name, path)

    def choose(self, base: Choice, path: Path = ()) -> None:
        """A base: its cases are asked one after the other."""
        if base.subject is not None:
            self.use(base.subject, path)
        told: frozenset[str] = frozenset()
        for case in base.cases:
            if case.when is None or case is base.cases[-1]:
                self.use(case.value, path)
                return
            if not self.reads(case.when) <= told:
                told |= self.ask(case.when, path)
            self.use(case.value, (*path, self.known(case.when)))
            path = (*path, x.Not(self.maybe(case.when)))

    def _add(self, name: str, path: Path) -> None:
        self._found.setdefault(name, []).append(path)

    def where(self, name: str) -> x.Truth | None:
        """The condition under which a name is needed: always true where that is so; ``None`` where it never is."""
        paths = self._found.get(name)
        if paths is None:
            return None
        if () in paths:
            return x.Always(True)
        several = tuple(together(path) for path in dict.fromkeys(paths))
        return several[0] if len(several) == 1 else x.AnyOf(several)


_YES, _NO = x.Always(True), x.Always(False)


def together(tests: Iterable[x.Truth]) -> x.Truth:
    """That all of these hold, as flat as can be."""
    return _joined(x.All, tests, _YES, _NO)


def _joined(
    kind: type[x.All] | type[x.AnyOf], tests: Iterable[x.Truth], neutral: x.Truth, decisive: x.Truth
) -> x.Truth:
    flat: dict[x.Truth, None] = {}
    for test in tests:
        flat |= dict.fromkeys(test.args if isinstance(test, kind) else (test,))
    flat.pop(neutral, None)
    if decisive in flat:
        return decisive
    return neutral if not flat else next(iter(flat)) if len(flat) == 1 else kind(tuple(flat))


def without(test: x.Truth, name: str) -> x.Truth:
    """The condition where a fact is missing, with what that settles left out."""
    match test:
        case x.IsMissing(name=missing) if missing == name:
            return _YES
        case x.All(args=args):
            return together(without(arg, name) for arg in args)
        case x.AnyOf(args=args):
            return _joined(x.AnyOf, (without(arg, name) for arg in args), _NO, _YES)
        case x.Not(arg=arg):
            inner = without(arg, name)
            return x.Always(not inner.value) if isinstance(inner, x.Always) else x.Not(inner)
        case _:
            return test


def facts_read(expressions: Iterable[x.Expr], lets: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Names of the inputs these expressions read the value of, also through lets and places among the units."""
    found: set[str] = set()
    for expr in expressions:
        for part in x.walk(expr):
            match part:
                case x.Fact(name=name) | x.Flag(name=name) | x.IsLevel(name=name):
                    found.add(name)
                    found |= lets.get(name, frozenset())
                case x.CountRows(register=name) | x.Reduced(register=name):
                    found.add(name)
                case x.Ref(name=name) | x.RefTruth(name=name):
                    found |= lets.get(name, frozenset())
                case _:
                    pass
    return frozenset(found)
