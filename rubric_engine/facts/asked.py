"""What a submission may hold, where, and when: figures apart from facts, nothing a later stage asks for, and what the
rubric puts in place of a fact nobody gave. Standard library only.
"""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from sys import intern

from rubric_engine.facts.fold import Folded, fold
from rubric_engine.facts.problems import Problem
from rubric_engine.meaning.exact import Scalar, read_written
from rubric_engine.plan.layout import PlanLayout, layout_of
from rubric_engine.plan.plan import InputSpec, Kind, Plan

ReadScalar = Callable[[object], tuple[Scalar, Scalar]]


class Asked:
    """What is said of a name that has its place elsewhere, or its time later. Of no other plan it says anything."""

    __slots__ = ("_elsewhere", "_later", "_named", "_silent")

    def __init__(self, plan: Plan) -> None:
        titles = {stage.name: stage.title for stage in plan.stages}
        self._later = {
            (one.section, one.name): titles.get(one.stage, one.stage) for one in plan.later if one.section !=
            "references"
        }
        self._silent = frozenset(one.name for one in plan.later if one.section == "references")
        figures = frozenset(spec.name for spec in plan.inputs if spec.reference) | self._silent
        facts = frozenset(spec.name for spec in plan.inputs if not spec.reference)
        self._elsewhere = {"inputs": figures, "references": facts} if figures else {}
        self._named = Folded((name, None) for name in (*(name for _, name in self._later), *figures, *facts))

    def sorted_out(
        self, section: str, given: Mapping[object, object], known: frozenset[str], problems: list[Problem]
    ) -> Mapping[object, object]:
        """The section without those names, each a problem. A figure of a later stage is no mistake: it is not read."""
        if not (self._later or self._elsewhere) or given.keys() <= known:
            return given
        elsewhere = self._elsewhere.get(section, frozenset())
        kept: dict[object, object] = {}
        for key, value in given.items():
            name = (self._named.written(str.__str__(key)) if isinstance(key, str) else None) or ""
            stage = self._later.get((section, name))
            if stage is not None:
                # The blank form of the whole rubric has it too, and says nothing there.
                if not _says_nothing(value):
                    problems.append(Problem("RUB540", f"{section}.{name}", {"name": name, "stage": stage}))
            elif name in elsewhere:
                help_key = "figure" if section == "inputs" else "help"
                problems.append(Problem("RUB541", f"{section}.{name}", {"name": name}, help_key))
            elif section != "references" or name not in self._silent:
                kept[key] = value
        return kept


def _says_nothing(value: object) -> bool:
    """Nothing, or evidence as the blank form prints it: without a reference."""
    pieces = value if isinstance(value, list | tuple) else (value,)
    return all(piece is None or (isinstance(piece, Mapping) and not piece.get("reference")) for piece in pieces)


def figure_reader(spec: InputSpec, read: ReadScalar, language: str) -> ReadScalar:
    """How a figure is read: a plain number may be given as a percent as well (an average of ``done / planned``)."""
    if not spec.reference or spec.kind is not Kind.NUMBER:
        return read

    def number_or_percent(value: object) -> tuple[Scalar, Scalar]:
        if isinstance(value, str) and value.rstrip().endswith("%"):
            value = Fraction(read_written(value, language).value)
        return read(value)

    return number_or_percent


def stand_ins(specs: Iterable[InputSpec]) -> dict[str, tuple[Scalar, Scalar]]:
    """Exact and machine value of what stands in for an input nobody gave."""
    found: dict[str, tuple[Scalar, Scalar]] = {}
    for spec in specs:
        if spec.if_missing is not None:
            exact: Scalar = spec.if_missing
            if isinstance(exact, Fraction) and exact.denominator == 1:
                exact = exact.numerator
            found[spec.name] = exact, machine_value(spec.scale, exact)
    return found


def machine_value(scale: int | None, exact: Scalar) -> Scalar:
    """The machine's value of an exact one that lies on the grid of its input."""
    if scale is None or isinstance(exact, bool | str):
        return exact
    value = exact * scale
    return value.numerator if value.denominator == 1 else value


def figure_places(plan: Plan) -> Mapping[str, tuple[int, int | None, bool]]:
    """Of each figure its place among the inputs, its scale, and whether it may be missing; worked out once a plan."""
    layout = layout_of(plan)
    return layout.remembered(("figure places",), lambda: _places_by_figure(layout))


def _places_by_figure(layout: PlanLayout) -> dict[str, tuple[int, int | None, bool]]:
    return {
        spec.name: (at, spec.scale, spec.optional) for at, spec in enumerate(layout.plan.inputs) if spec.reference
    }


def labels_of(plan: Plan) -> dict[str, tuple[str, ...]]:
    """The facts that each label stands for, folded; more than one where facts share it."""
    found: dict[str, tuple[str, ...]] = {}
    for spec in plan.inputs:
        if spec.label and not spec.reference:
            key = fold(spec.label)
            found[key] = (*found.get(key, ()), spec.name)
    return found


def read_for(plan: Plan) -> str:
    """What facts of a plan carry, so that those of another rubric or stage are never taken for its own; empty for a
    plan without a text behind it."""
    # One object for equal texts: telling whose facts these are costs a look, not a comparison.
    return plan.digest and intern(" ".join(filter(None, (plan.id, plan.version, plan.stage, plan.digest))))
