"""A reading looked at by heading and step instead of by slot number, with its facts in words. Standard library only."""

import re
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from rubric_engine.facts.facts import Facts
from rubric_engine.meaning.exact import show_number, show_percent
from rubric_engine.meaning.known import Known, known_number, known_truth
from rubric_engine.meaning.reading import ExactReading, Marks, Range, Reading, scaled_number
from rubric_engine.meaning.states import Rated
from rubric_engine.plan.expr import (
    Const,
    CountRows,
    Expr,
    Fact,
    Flag,
    IsLevel,
    IsMissing,
    Judged,
    MaximumOf,
    Met,
    NothingZero,
    Num,
    PointsOf,
    Reduced,
    Ref,
    RefTruth,
    Total,
    TotalMaximum,
    Truth,
    Unrated,
    walk,
)
from rubric_engine.plan.layout import PlanLayout, layout_of
from rubric_engine.plan.plan import InputSpec, Kind, Let, Observed, Plan
from rubric_engine.result.outcome import ShownFact
from rubric_engine.result.words import cell_label, few_ratings_text, rows_text, text_of

_NO_POINTS_AT_ALL = Range(Fraction(0), Fraction(0))
_NOUGHT_POINTS = Fraction(0)

Source = Callable[["ReadingView"], ShownFact | None]


class _Points(dict[str, Fraction | None]):
    """Numbers of headings, looked up when first asked for."""

    def __init__(self, view: "ReadingView", kind: Observed) -> None:
        super().__init__()
        self.view = view
        self.kind = kind

    def get(self, key: str, default: Any = None) -> Any:
        if key not in self:
            self[key] = self.view.number(self.kind, self.view.layout.places[key])
        return self[key]


class _Truths(dict[str, bool | None]):
    """Truths about headings, looked up when first asked for."""

    def __init__(self, look: Callable[[str], bool | None]) -> None:
        super().__init__()
        self.look = look

    def get(self, key: str, default: Any = None) -> Any:
        if key not in self:
            self[key] = self.look(key)
        return self[key]


class ReadingView:
    """One reading with its facts. Ask for numbers and marks by what was observed."""

    def __init__(self, plan: Plan, facts: Facts, reading: Reading) -> None:
        self.plan = plan
        self.facts = facts
        self.layout: PlanLayout = layout_of(plan)
        self._reading = reading
        # Straight at the values of an exact reading: most results are, and every step of every heading asks here.
        self.values = reading.values if isinstance(reading, ExactReading) else None
        self._scales = reading.scales if isinstance(reading, ExactReading) else ()
        self._known: Known | None = None
        self.told: dict[str, ShownFact] = {}

    # ---- observed

    def number(self, kind: Observed, at: int = -1, index: int = 0) -> Fraction | None:
        """A number, when it is known; a condition has no points."""
        slot = self.layout.firsts[at].get(kind)
        if slot is None:
            return _NOUGHT_POINTS
        if self.values is None:
            return self._reading.range(slot + index).exact
        value = self.values[slot + index]
        if isinstance(value, tuple):
            return Fraction(value[0], value[1])
        return scaled_number(value, self._scales[slot + index] or 1)

    def range(self, kind: Observed, at: int = -1, index: int = 0) -> Range:
        """A number, as far as it is known."""
        slot = self.layout.firsts[at].get(kind)
        return _NO_POINTS_AT_ALL if slot is None else self._reading.range(slot + index)

    def waits(self, kind: Observed, at: int = -1) -> frozenset[str]:
        """What a number waits for."""
        return frozenset() if self.values is not None else self.range(kind, at).waits

    def mark(self, kind: Observed, at: int = -1, index: int = 0) -> int | None:
        """A mark, when it is known."""
        slot = self.layout.firsts[at][kind] + index
        if self.values is None:
            return self._reading.marks(slot).exact
        return self.values[slot]  # type: ignore[return-value]

    def marks(self, kind: Observed, at: int = -1, index: int = 0) -> Marks:
        """A mark, as far as it is known."""
        return self._reading.marks(self.layout.firsts[at][kind] + index)

    def absent(self, at: int) -> int | None:
        """Which *not applicable* clause holds: see :class:`Observed`."""
        return self.mark(Observed.ABSENT, at)

    def policy_applied(self, at: int) -> bool:
        """Whether a policy for missing facts settled this leaf."""
        return self.plan.nodes[at].if_missing is not None and self.mark(Observed.MISSING, at) == 1

    def is_rated(self, at: int) -> bool | None:
        """Whether a group, or the sheet (-1), is rated by itself; ``True`` for any other heading."""
        if at >= 0 and not self.plan.nodes[at].children:
            return True
        values = self.marks(Observed.RATED, at).values
        return None if len(values) > 1 and Rated.NO in values else Rated.NO not in values

    def nothing_applies(self, at: int) -> bool:
        """Whether clauses took everything out of the maximum that a group adds, so that it does not apply itself."""
        return bool(self.plan.nodes[at].children) and self.mark(Observed.RATED, at) == Rated.NOTHING

    @property
    def settled(self) -> bool:
        """The reading is exact: nothing waits."""
        return self.values is not None

    # ---- computed again, for what the reading does not keep

    @property
    def known(self) -> Known:
        """What every name is known to be, headings included."""
        if self._known is None:
            lets = {name: let.value for name, let in self.layout.lets.items()}
            known = Known(self.facts.values, self.facts.judged, self.layout.inputs, lets)
            known.points = _Points(self, Observed.POINTS)
            known.maxima = _Points(self, Observed.MAXIMUM)
            known.met = _Truths(self._met)
            known.lacking = _Truths(lambda code: _opposite(self.is_rated(self.layout.places[code])))
            known.zero = _Truths(lambda code: self._zero(self.layout.places[code]))
            known.totals = (self.number(Observed.PUBLISHED), self.number(Observed.SHEET_MAXIMUM))
            self._known = known
        return self._known

    def _met(self, code: str) -> bool | None:
        held = self.mark(Observed.MET, self.layout.places[code])
        return None if held is None else bool(held)

    def _zero(self, at: int) -> bool | None:
        node = self.plan.nodes[at]
        if node.children or node.unscored or node.met is not None or -1 not in self.marks(Observed.ABSENT, at).values:
            return False
        points = self.number(Observed.POINTS, at)
        if points is not None and self.absent(at) == -1:
            return not points
        return None

    def exact(self, expr: Num) -> Fraction | None:
        """The value of an expression, when it is known."""
        return expr.value if isinstance(expr, Const) else known_number(expr, self.known)

    def holds(self, expr: Truth) -> bool | None:
        """Whether a condition holds, when that is known."""
        return known_truth(expr, self.known)

    # ---- shown

    def shown(self, *exprs: Expr | None) -> tuple[ShownFact, ...]:
        """Every value these expressions look at, once each, in the order they are written."""
        sources = self.layout.remembered(tuple(map(id, exprs)), lambda: sources_of(self.layout, exprs))
        found = [fact for source in sources if (fact := source(self)) is not None]
        if len(found) > 1:
            return tuple({(fact.name, fact.text): fact for fact in found}.values())
        return tuple(found)

    def parameters_in(self, words: str) -> tuple[ShownFact, ...]:
        """Parameters the author's words name: they are folded into what is computed and leave no trace there."""
        if not self.plan.parameters:
            return ()
        return self.layout.remembered(("parameters", words), lambda: parameters_named(self.layout, words))

    def node_fact(self, what: str, code: str, kind: Observed) -> ShownFact:
        """Points or maximum of a heading."""
        at = self.layout.places[code]
        node = self.plan.nodes[at]
        text = "" if node.met is not None else _number_text(self.number(kind, at))
        return ShownFact(f"{what} {code}", node.title, text)

    def input_fact(self, spec: InputSpec) -> ShownFact:
        """The value of an input in words; empty when it is missing."""
        found = self.told.get(spec.name)
        if found is None:
            value: Any = self.facts.values.get(spec.name)
            text = "" if value is None else text_of(spec, value)
            found = self.told[spec.name] = ShownFact(spec.name, self.label_of(spec), text)
        return found

    def label_of(self, spec: InputSpec) -> str:
        """What people call it; a figure from elsewhere by the author's words for it, never by its English name."""
        reference = self.layout.references.get(spec.name) if spec.reference else None
        return spec.label if reference is None else reference.label or spec.label

    def waited(self, name: str) -> ShownFact:
        """Something missing, with the words people know it by."""
        what, _, key = name.partition(" ")
        spec = self.layout.inputs.get(name)
        if spec is not None:
            return ShownFact(name, self.label_of(spec), self._too_few(spec))
        cell = cell_fact(self.layout, name)
        if cell is not None:
            return cell
        if what == "judged" and key in self.layout.judged:
            return ShownFact(name, self.layout.judged[key].label, "")
        if what == "decision" and key in self.layout.places:
            return ShownFact(name, self.plan.nodes[self.layout.places[key]].title, "")
        return ShownFact(name, "", "")


    def _too_few(self, spec: InputSpec) -> str:
        """How many ratings there are, where some were given and they are not enough."""
        items = self.facts.ratings.get(spec.name)
        if spec.kind is not Kind.RATINGS or items is None:
            return ""
        given = sum(item.rating is not None for item in items)
        return few_ratings_text(given, spec.raters) if given < spec.raters else ""


def cell_fact(layout: PlanLayout, name: str) -> ShownFact | None:
    """A missing cell of a register with the words of both; ``None`` for the name of anything else."""
    found = layout.cell(name)
    if found is None:
        return None
    place, register, column = found
    whole = register.label or register.name
    part = "" if register.kind is Kind.RATINGS else column.label or column.name
    return ShownFact(name, cell_label(whole, place.row, part), "")


def _number_text(value: Fraction | None) -> str:
    return "" if value is None else show_number(value)


# ---------------------------------------------------------------- where shown values come from


def sources_of(layout: PlanLayout, exprs: Iterable[Expr | None]) -> tuple[Source, ...]:
    """How each value these expressions look at is found in a reading: worked out once for a plan."""
    found: dict[object, Source] = {}
    for expr in exprs:
        if expr is not None:
            _gather(layout, expr, found)
    return tuple(found.values())


def _gather(layout: PlanLayout, expr: Expr, found: dict[object, Source]) -> None:
    for part in walk(expr):
        match part:
            case Ref(name=name) | RefTruth(name=name):
                if name not in found:
                    found[name] = _let_source(layout.lets[name])
                    _gather(layout, layout.lets[name].value, found)
            case NothingZero(codes=codes):
                for code in codes:
                    found.setdefault(("zero", code), _zero_source(code))
            case _:
                source = _source(layout, part)
                if source is not None:
                    found.setdefault(*source)


_WORD = re.compile(r"\w+")


def parameters_named(layout: PlanLayout, words: str) -> tuple[ShownFact, ...]:
    """Each parameter in the words, and in those of the values they name, with its own value."""
    known = {parameter.name: parameter for parameter in layout.plan.parameters}
    found: dict[str, ShownFact] = {}
    seen: set[str] = set()
    texts = [words]
    for text in texts:
        for word in _WORD.findall(text):
            given = known.get(word)
            if given is not None:
                spec = InputSpec(word, given.label, given.kind, given.levels)
                found[word] = ShownFact(word, given.label, text_of(spec, given.value))
            elif word in layout.lets and word not in seen:
                seen.add(word)
                texts.append(layout.lets[word].label)
    return tuple(found.values())


def _let_source(let: Let) -> Source:
    """The value of what an author named; of a condition for one level that level, where it holds."""
    spec = InputSpec(let.called, let.called, let.kind, let.levels)
    if not let.called:
        return lambda view: None
    if isinstance(let.value, Truth):
        named = RefTruth(let.name)
        if let.kind is Kind.LEVEL:
            return lambda view: ShownFact(let.called, let.called, text_of(spec, 0)) if view.holds(named) else None
        return lambda view: _named(spec, view.holds(named))
    number = Ref(let.name)
    return lambda view: _named(spec, view.exact(number))


def _named(spec: InputSpec, value: Fraction | bool | None) -> ShownFact | None:
    if value is None:
        return None
    # Worked out, so that it may have no end: a share is then cut as people read it.
    cut = spec.kind is Kind.PERCENT and (value * 10_000).denominator > 1
    return ShownFact(spec.name, spec.label, show_percent(value, places=2) if cut else text_of(spec, value))


def _zero_source(code: str) -> Source:
    def source(view: ReadingView) -> ShownFact | None:
        zero = view.known.zero.get(code)
        return view.node_fact("points of", code, Observed.POINTS) if zero else None

    return source


def _source(layout: PlanLayout, part: Expr) -> tuple[object, Source] | None:
    match part:
        case Fact(name=name) | Flag(name=name) | IsLevel(name=name) | IsMissing(name=name):
            spec = layout.inputs[name]
            return name, lambda view: view.input_fact(spec)
        case CountRows(register=name, where=where) | Reduced(register=name, where=where):
            return (name, where), _rows_source(layout.inputs[name], where)
        case Judged(key=key):
            return part, _judged_source(key, layout.judged[key].label)
        case PointsOf(code=code):
            return part, lambda view: view.node_fact("points of", code, Observed.POINTS)
        case MaximumOf(code=code):
            return part, lambda view: view.node_fact("maximum of", code, Observed.MAXIMUM)
        case Met(code=code):
            return part, _met_source(code, layout.plan.nodes[layout.places[code]].title)
        case Unrated(code=code):
            return part, _state_source(code, layout.plan.nodes[layout.places[code]].title)
        case Total():
            return part, lambda view: ShownFact("total", "", _number_text(view.number(Observed.PUBLISHED)))
        case TotalMaximum():
            return part, lambda view: ShownFact(
                "maximum of total", "", _number_text(view.number(Observed.SHEET_MAXIMUM))
            )
        case _:
            return None


def _rows_source(spec: InputSpec, where: Truth | None) -> Source:
    chosen = None if where is None else CountRows(spec.name, where)

    def source(view: ReadingView) -> ShownFact | None:
        if chosen is None:
            return view.input_fact(spec)
        rows: Any = view.facts.values.get(spec.name)
        if rows is None:
            return view.input_fact(spec)
        return ShownFact(spec.name, spec.label, rows_text(view.exact(chosen), len(rows)))

    return source


def _judged_source(key: str, label: str) -> Source:
    def source(view: ReadingView) -> ShownFact | None:
        given = view.facts.judged.get(key)
        return ShownFact(f"judged {key}", label, "" if given is None else show_number(given))

    return source


def _opposite(value: bool | None) -> bool | None:
    return None if value is None else not value


def _state_source(code: str, title: str) -> Source:
    def source(view: ReadingView) -> ShownFact | None:
        return ShownFact(code, title, "not rated") if view.known.lacking.get(code) else None

    return source


def _met_source(code: str, title: str) -> Source:
    def source(view: ReadingView) -> ShownFact | None:
        held = view.known.met.get(code)
        return ShownFact(f"met {code}", title, "" if held is None else "yes" if held else "no")

    return source
