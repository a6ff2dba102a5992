"""What is known about a unit: a submission read once, exactly, with every problem reported together.

Standard library only. Missing is missing: nothing is filled in here, and nothing broken is let through.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

from rubric_engine.facts.asked import (
    Asked,
    figure_reader,
    labels_of,
    read_for,
    stand_ins,
)
from rubric_engine.facts.decisions import read_decisions
from rubric_engine.facts.evidence import STATUS_WORDS as STATUS_WORDS
from rubric_engine.facts.evidence import EvidenceItem, EvidenceReader, evidence_state
from rubric_engine.facts.fold import fold
from rubric_engine.facts.json_text import read_json as read_json
from rubric_engine.facts.problems import (
    Problem,
    ProblemList,
    SubmissionError,
    attempted,
    known_keys,
    raised,
    refused,
    unmodelled,
)
from rubric_engine.facts.readers import (
    InputReader,
    JudgedReader,
    RelationReader,
    Scalar,
    Value,
    constant_of,
    no_scalar,
    or_unsaid,
    read_label,
    says_nothing,
)
from rubric_engine.facts.registers import RatingItem as RatingItem
from rubric_engine.facts.registers import RegisterReader
from rubric_engine.meaning.exact import Unreadable, read_number, shown
from rubric_engine.meaning.limits import LIMITS
from rubric_engine.meaning.missing import MISSING as MISSING
from rubric_engine.plan.deciding import Decision, left_open
from rubric_engine.plan.plan import Kind, Plan
from rubric_engine.plan.reads import columns_of_people


@dataclass(frozen=True, slots=True)
class Facts:
    """A submission as read. What is missing is absent from ``values`` and ``judged``, and ``MISSING`` in ``packed``.

    ``values`` are exact: a date is its ordinal, a level its index, a register its rows, each a tuple in the order of
    the columns with ``None`` for a missing cell. ``packed`` holds the machine values (in a row ``MISSING`` for such a
    cell): the plan's inputs, then its judgements, then whether each evidence clause is satisfied, in the order of the
    plan. ``bounds`` holds, for numbers that are missing (figures of a cohort that is not settled yet), the lowest and
    highest they can be; only the range reading looks. ``substituted`` names the inputs nobody gave and for which the
    rubric's own ``if missing`` value stands in ``values``. ``missing`` names the inputs and judgements (``judged
    CODE``) that are neither given nor optional, and the registers with such a cell in a column that is not. ``ratings``
    are as given, with who gave each, also where they are too few to count. ``read_for`` tells which plan it was.
    ``open`` names figures other units may still change: nobody lacks them, and no policy speaks of them.
    ``decisions`` are what was decided where the rubric leaves it open, by what it is about (:mod:`plan.deciding`).
    """

    unit: str
    values: Mapping[str, Value]
    judged: Mapping[str, Fraction]
    evidence: Mapping[str, tuple[EvidenceItem, ...]]
    proven: Mapping[str, bool]
    claims: Mapping[str, Fraction]
    packed: tuple[object, ...] = field(repr=False, compare=False)
    missing: tuple[str, ...] = ()
    states: Mapping[str, str] = field(default_factory=dict, repr=False)
    ratings: Mapping[str, tuple[RatingItem, ...]] = field(default_factory=dict)
    bounds: Mapping[str, tuple[Fraction, Fraction]] = field(default_factory=dict)
    substituted: frozenset[str] = frozenset()
    read_for: str = field(default="", repr=False, compare=False)
    open: frozenset[str] = frozenset()
    decisions: Mapping[str, Decision] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Nothing is missing but what is optional."""
        return not self.missing

    def evidence_state(self, name: str) -> str:
        """``satisfied``, or why not: ``missing``, ``rejected``, ``out of dates``, ``not accepted``."""
        return self.states[name]


_SECTIONS: Final = ("unit", "inputs", "judged", "evidence", "claims", "decisions", "references")
_SECTION_NAMES: Final = frozenset(_SECTIONS)


# ---------------------------------------------------------------- the whole submission


class SubmissionReader:
    """Reads submissions for one plan. Make one for each rubric and keep it: it holds no state between readings."""

    __slots__ = (
        "_asked", "_codes", "_figures", "_folded", "_inputs", "_judged", "_known", "_labels", "_most", "_names",
        "_optional", "_order", "_places", "_plan", "_proofs", "_read_for", "_registers", "_relations", "_stand_ins",
    )  # fmt: skip

    def __init__(self, plan: Plan, *, most: int = LIMITS.problems, rows: int = LIMITS.rows) -> None:
        self._plan = plan
        self._most = most
        self._read_for = read_for(plan)
        kinds = {spec.name: spec.kind for spec in plan.inputs}
        registers = [spec for spec in plan.inputs if spec.kind in (Kind.LIST, Kind.RATINGS)]
        named = columns_of_people(plan) if registers else frozenset[tuple[str, str]]()
        self._registers = {spec.name: RegisterReader(spec, kinds, plan.language, named, rows) for spec in registers}
        # A register is known by having no scale, and no reader of one value.
        readers = [None if spec in registers else InputReader(spec, plan.language) for spec in plan.inputs]
        self._inputs = tuple(
            (spec.name, False, 0, 0, 0, no_scalar) if r is None
            else (r.name, r.plain, r.low, r.high, r.scale, or_unsaid(figure_reader(spec, r.read, plan.language)))
            for spec, r in zip(plan.inputs, readers, strict=True)
        )  # fmt: skip
        self._asked = Asked(plan)
        self._stand_ins = stand_ins(plan.inputs)
        self._figures = frozenset(spec.name for spec in plan.inputs if spec.reference)
        self._names = frozenset(spec.name for spec in plan.inputs if not spec.reference)
        self._labels = labels_of(plan)
        self._folded = self._labels.keys() | {fold(name) for name in self._names}
        self._optional = frozenset(spec.name for spec in plan.inputs if spec.optional)
        self._judged = tuple(JudgedReader(spec, plan.language) for spec in plan.judged)
        self._codes = frozenset(node.code for node in plan.nodes)
        self._proofs = plan.evidence
        self._order = {
            "judged": tuple(spec.key for spec in plan.judged),
            "evidence": tuple(dict.fromkeys(spec.name for spec in plan.evidence)),
        }
        self._known = {section: frozenset(names) for section, names in self._order.items()}
        self._places: dict[tuple[str, str], list[int]] = {}
        for at, entry in enumerate(_packed(plan)):
            self._places.setdefault(entry, []).append(at)
        self._relations = tuple(
            RelationReader(spec, bound, bound is spec.maximum, kinds, plan.language)
            for spec in plan.inputs
            for bound in (spec.minimum, spec.maximum)
            if bound is not None and constant_of(bound) is None
        )

    def read(self, submission: object) -> Facts:
        """The facts. Raises :class:`SubmissionError` with every problem found; nothing is half-read."""
        problems = ProblemList(self._most)
        sections = self._sections(submission, problems)
        packed: list[object] = []
        missing: list[str] = []
        ratings: dict[str, tuple[RatingItem, ...]] = {}
        substituted: list[str] = []
        given = self._given(sections["inputs"], sections["references"], problems)
        values = self._read_inputs(given, packed, missing, ratings, substituted, problems)
        judged = self._read_judged(sections["judged"], packed, missing, problems)
        evidence = self._read_evidence(sections["evidence"], problems)
        claims = self._read_claims(sections["claims"], problems)
        decisions = self._read_decisions(sections["decisions"], problems)
        unit = self._read_unit(sections["unit"], problems)
        if problems:
            raise SubmissionError(problems, self._plan.language)
        states: dict[str, str] = {}
        for spec in self._proofs:
            states[spec.name] = evidence_state(spec, evidence.get(spec.name, ()), self._plan.only_accepted)
            packed.append(states[spec.name] == "satisfied")
        proven = {name: state == "satisfied" for name, state in states.items()}
        return Facts(
            unit, values, judged, evidence, proven, claims, tuple(packed), tuple(missing), states, ratings,
            substituted=frozenset(substituted), read_for=self._read_for, decisions=decisions,
        )  # fmt: skip

    def read_onto(self, facts: Facts, changes: Mapping[str, Mapping[str, object]]) -> Facts:
        """The facts with some entries said anew, by section: as reading the whole submission with them would give.

        Only what is said anew is read. Raises :class:`SubmissionError` likewise.
        """
        problems = ProblemList(self._most)
        anew = self._given(changes.get("inputs"), changes.get("references"), problems).keys()
        judged = self._mapping_of("judged", changes.get("judged"), problems).keys()
        evidence = self._mapping_of("evidence", changes.get("evidence"), problems).keys()
        if problems:
            raise SubmissionError(problems, self._plan.language)
        part = self._only(anew, judged, evidence).read(changes)
        values = {name: value for name, value in facts.values.items() if name not in anew}
        values |= {name: part.values[name] for name in anew if name in part.values}
        substituted = facts.substituted - anew | part.substituted
        self._check_relations(values, substituted, problems)
        if problems:
            raise SubmissionError(problems, self._plan.language)
        packed = list(facts.packed)
        told = [("inputs", name) for name in anew] + [("judged", key) for key in judged]
        told += [("evidence", name) for name in evidence]
        places = sorted(at for entry in told for at in self._places[entry])
        for at, machine in zip(places, part.packed, strict=True):
            packed[at] = machine
        waiting = anew | {f"judged {key}" for key in judged}
        missing = {name for name in facts.missing if name not in waiting} | waiting.intersection(part.missing)
        return Facts(
            facts.unit, values, {**facts.judged, **part.judged}, {**facts.evidence, **part.evidence},
            {**facts.proven, **part.proven}, facts.claims, tuple(packed), self._in_order(missing),
            {**facts.states, **part.states}, {**facts.ratings, **part.ratings},
            facts.bounds, substituted, facts.read_for, facts.open, facts.decisions,
        )  # fmt: skip

    def _only(self, inputs: Collection[str], judged: Collection[str], evidence: Collection[str]) -> "SubmissionReader":
        """A reader of these entries, and no others; bounds that look at other facts are left to whoever has them."""
        part = object.__new__(SubmissionReader)
        for name in self.__slots__:
            setattr(part, name, getattr(self, name))
        part._relations = ()
        part._registers = {name: self._registers[name] for name in inputs if name in self._registers}
        part._inputs = tuple(row for row in self._inputs if row[0] in inputs)
        part._judged = tuple(reader for reader in self._judged if reader.key in judged)
        part._proofs = tuple(spec for spec in self._proofs if spec.name in evidence)
        return part

    def _in_order(self, missing: Collection[str]) -> tuple[str, ...]:
        if not missing:
            return ()
        names = (*(row[0] for row in self._inputs), *(f"judged {reader.key}" for reader in self._judged))
        return tuple(name for name in names if name in missing)

    def unpacked(self, unit: str, packed: tuple[object, ...]) -> Facts:
        """The facts of a complete submission of plain inputs alone, as emitted code packed them: none is in doubt."""
        values: dict[str, Any] = {}
        for row, machine in zip(self._inputs, packed, strict=True):
            scale = row[4]
            values[row[0]] = machine if scale == 1 and type(machine) is int else _unscaled(machine, scale)
        return Facts(unit, values, {}, {}, {}, {}, packed, read_for=self._read_for)

    # ---- sections

    def is_submission(self, given: object) -> bool:
        """Whether a mapping is a whole submission where the facts alone are looked for."""
        return isinstance(given, Mapping) and given.keys() <= _SECTION_NAMES and not self.names_facts(given)

    def _sections(self, submission: object, problems: list[Problem]) -> dict[str, object]:
        problem: Problem | None = None
        try:
            given = unmodelled(submission)
            if isinstance(given, Mapping):
                alone = not given.keys() <= _SECTION_NAMES and self.names_facts(given)
                whole: Mapping[object, object] = {"inputs": given} if alone else given
                known = known_keys(whole, _SECTION_NAMES, "", problems, "RUB501", _SECTIONS)
                return {name: known.get(name) for name in _SECTIONS}
            problem = Problem("RUB510", "", {"what": shown(submission)})
        except Exception as error:
            problem = raised(error, submission, "", whole=True)
        raise SubmissionError([problem], self._plan.language)

    def names_facts(self, given: Mapping[Any, object]) -> bool:
        """Whether a mapping is the facts of a submission alone: it names some of them, and no section of one."""
        facts = {key for key in given if isinstance(key, str) and (fold(key) in self._folded or key in self._names)}
        return bool(facts) and not any(key in _SECTIONS for key in given.keys() - facts)

    def _mapping(
        self, given: object, path: str, known: frozenset[str], order: Iterable[str], problems: list[Problem], code: str
    ) -> Mapping[str, object]:
        if given is None:
            return {}
        try:
            opened = unmodelled(given)
            if isinstance(opened, Mapping):
                opened = self._asked.sorted_out(path, opened, known, problems)
                labels = self._labels if path == "inputs" else {}
                return known_keys(opened, known, path + ".", problems, code, order, labels=labels)
            problems.append(Problem("RUB510", path, {"what": shown(opened)}, "object"))
        except Exception as error:
            problems.append(raised(error, given, path, whole=True))
        return {}

    def _mapping_of(self, path: str, section: object, problems: list[Problem]) -> Mapping[str, object]:
        """Judgements, or evidence, under their names."""
        order = self._order[path]
        code = "RUB512" if path == "evidence" else "RUB501"
        return self._mapping(section, path, self._known[path], order, problems, code)

    def _given(self, inputs: object, references: object, problems: list[Problem]) -> Mapping[str, object]:
        """The facts and the figures under their names: a figure's is a clause, which no fact can be called."""
        order = [row[0] for row in self._inputs]
        facts = self._mapping(inputs, "inputs", self._names, (n for n in order if n in self._names), problems, "RUB501")
        if references is None:
            return facts
        known = (name for name in order if name in self._figures)
        return {**facts, **self._mapping(references, "references", self._figures, known, problems, "RUB501")}

    def _read_unit(self, given: object, problems: list[Problem]) -> str:
        return "" if given is None else attempted(read_label, given, "unit", problems) or ""

    def _read_inputs(
        self,
        given: Mapping[str, object],
        packed: list[object],
        missing: list[str],
        ratings: dict[str, tuple[RatingItem, ...]],
        substituted: list[str],
        problems: list[Problem],
    ) -> dict[str, Value]:
        values: dict[str, Value] = {}
        keep = packed.append
        look = given.get
        for name, plain, low, high, scale, read in self._inputs:
            value = look(name)
            if value is None:
                keep(self._unsaid(name, values, missing, substituted))
            elif plain and type(value) is int and low <= value <= high:
                values[name] = value
                keep(value * scale)
            elif scale:
                machine = self._read_scalar(name, value, read, values, problems)
                blank = type(machine) is str and not machine
                keep(self._unsaid(name, values, missing, substituted) if blank else machine)
            else:
                keep(self._read_register(name, value, values, missing, ratings, problems))
        self._check_relations(values, substituted, problems)
        return values

    def _check_relations(
        self, values: Mapping[str, Value], substituted: Collection[str], problems: list[Problem]
    ) -> None:
        """Bounds that look at other facts."""
        for relation in self._relations:
            try:
                relation.check(values, substituted)
            except Unreadable as error:
                problems.append(refused(error, f"inputs.{relation.name}"))
        for name, register in self._registers.items():
            rows = values.get(name)
            if isinstance(rows, tuple):
                register.check(rows, values, f"inputs.{name}", problems)

    def _unsaid(self, name: str, values: dict[str, Value], missing: list[str], substituted: list[str]) -> object:
        """The machine's value of a fact nobody gave: what stands in for it, or that it is missing."""
        if name in self._stand_ins:
            values[name], machine = self._stand_ins[name]
            substituted.append(name)
            return machine
        missing.extend({name} - self._optional)
        return MISSING

    def _read_scalar(
        self,
        name: str,
        value: object,
        read: Callable[[object], tuple[Scalar, Scalar]],
        values: dict[str, Value],
        problems: list[Problem],
    ) -> object:
        """The machine's value of one fact; empty where blank words mean that nobody has said anything."""
        try:
            exact, machine = read(value)
        except Exception as error:
            path = f"{'references' if name in self._figures else 'inputs'}.{name}"
            problems.append(refused(error, path) if isinstance(error, Unreadable) else raised(error, value, path))
            return MISSING
        if exact != "":
            values[name] = exact
        return machine

    def _read_register(
        self,
        name: str,
        given: object,
        values: dict[str, Value],
        missing: list[str],
        ratings: dict[str, tuple[RatingItem, ...]],
        problems: list[Problem],
    ) -> object:
        """The machine's rows; ``MISSING`` where there are fewer ratings than the rubric asks for."""
        register = self._registers[name]
        few = False
        try:
            if register.spec.kind is Kind.RATINGS:
                rows, items = register.read_ratings(given, f"inputs.{name}", problems)
                ratings[name] = items
                few = sum(item.rating is not None for item in items) < register.raters
            else:
                rows = register.read(given, f"inputs.{name}", problems)
        except Exception as error:
            problems.append(raised(error, given, f"inputs.{name}", whole=True))
            return MISSING
        if (few or rows.gaps) and name not in self._optional:
            missing.append(name)
        if few:
            return MISSING
        values[name] = rows.values
        return rows.machine

    def _read_judged(
        self, section: object, packed: list[object], missing: list[str], problems: list[Problem]
    ) -> dict[str, Fraction]:
        given = self._mapping_of("judged", section, problems)
        judged: dict[str, Fraction] = {}
        for reader in self._judged:
            value = given.get(reader.key)
            machine: object = MISSING
            try:
                if says_nothing(value):
                    missing.append(f"judged {reader.key}")
                else:
                    judged[reader.key], machine = reader.read(value)
            except Unreadable as error:
                problems.append(refused(error, f"judged.{reader.key}"))
            except Exception as error:
                problems.append(raised(error, value, f"judged.{reader.key}"))
            packed.append(machine)
        return judged

    def _read_claims(self, section: object, problems: list[Problem]) -> dict[str, Fraction]:
        if section is None:
            return {}
        order = tuple(node.code for node in self._plan.nodes)
        given = self._mapping(section, "claims", self._codes, order, problems, "RUB501")
        claims: dict[str, Fraction] = {}
        for code in order:
            value = given.get(code)
            if value is not None:
                points = attempted(lambda v: read_number(v, self._plan.language), value, f"claims.{code}", problems)
                claims[code] = Fraction(points or 0)
        return claims

    def _read_decisions(self, section: object, problems: list[Problem]) -> dict[str, Decision]:
        if section is None:
            return {}
        order = left_open(self._plan)
        if isinstance(section, dict):  # a blank form holds what later stages decide as well
            section = {name: value for name, value in section.items() if value is not None}
        given = self._mapping(section, "decisions", frozenset(order), order, problems, "RUB527")
        return read_decisions(self._plan, given, problems)

    def _read_evidence(self, section: object, problems: list[Problem]) -> dict[str, tuple[EvidenceItem, ...]]:
        if section is None:
            return {}
        given = self._mapping_of("evidence", section, problems)
        reader = EvidenceReader(self._plan.language)
        return {
            name: reader.read(given[name], f"evidence.{name}", problems)
            for name in self._order["evidence"] if given.get(name) is not None
        }  # fmt: skip


def _packed(plan: Plan) -> Iterator[tuple[str, str]]:
    """Section and name of all that is packed, in order; a piece of evidence stands there for each clause about it."""
    yield from (("inputs", spec.name) for spec in plan.inputs)
    yield from (("judged", spec.key) for spec in plan.judged)
    yield from (("evidence", spec.name) for spec in plan.evidence)


def _unscaled(machine: Any, scale: int) -> Scalar:
    """The value a machine's value stands for."""
    if not isinstance(machine, int):
        return Fraction(*machine) if isinstance(machine, tuple) else Fraction(machine)
    if isinstance(machine, bool):
        return machine
    whole, rest = divmod(machine, scale)
    return Fraction(machine, scale) if rest else whole


def read_submission(plan: Plan, submission: object) -> Facts:
    """Read one submission; :class:`SubmissionReader` is the thing to keep when there are many."""
    return SubmissionReader(plan).read(submission)
