"""The stages of a round: each scored by what was said up to then; nothing overwritten, nothing handed back."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rubric_engine.engine import CompiledRubric
from rubric_engine.facts.evidence import read_reference
from rubric_engine.facts.facts import Facts
from rubric_engine.facts.fold import Folded, fold
from rubric_engine.facts.problems import Problem, SubmissionError
from rubric_engine.meaning.exact import Unreadable
from rubric_engine.plan.plan import ReferenceKind, Stage
from rubric_engine.result.result import Result
from rubric_engine.rounds.deadlines import Deadlines, check_deadlines, days_late
from rubric_engine.rounds.dossier import Dossier, StageEntry
from rubric_engine.rounds.reading import read_dossier

Submission = dict[str, Any]


@dataclass(frozen=True, slots=True)
class StageResult:
    """One stage of one unit: what held then (``submission``, ``facts``), the result, and what was said at the stage."""

    stage: Stage
    entry: StageEntry
    submission: Submission = field(repr=False)
    facts: Facts = field(repr=False)
    result: Result


@dataclass(frozen=True, slots=True)
class StagedResult:
    """The stages a unit has reached, in order. ``last`` is the one that counts so far; ``staged["self"]`` is one of
    them (``KeyError`` for a stage not reached)."""

    dossier: Dossier
    stages: tuple[StageResult, ...]

    def __iter__(self) -> Iterator[StageResult]:
        return iter(self.stages)

    def __len__(self) -> int:
        return len(self.stages)

    def __contains__(self, name: object) -> bool:
        return name in Folded((stage.stage.name, stage) for stage in self.stages)

    def __getitem__(self, name: str) -> StageResult:
        return Folded((stage.stage.name, stage) for stage in self.stages)[name]

    @property
    def last(self) -> StageResult:
        """The latest stage reached. Raises ``LookupError`` for a dossier that has reached none."""
        if not self.stages:
            raise LookupError(f"{self.dossier.unit or 'the unit'} has reached no stage")
        return self.stages[-1]

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON: every stage with its result, as :meth:`Result.to_dict` writes it."""
        return {
            "unit": self.dossier.unit, "cycle": self.dossier.cycle,
            "stages": [
                {"stage": one.stage.name, "title": one.stage.title, "result": one.result.to_dict()}
                for one in self.stages
            ],
        }  # fmt: skip


def score_stages(
    rubric: CompiledRubric, dossier: object, *, deadlines: Deadlines | None = None
) -> StagedResult:
    """Score every stage a dossier has reached.

    ``dossier`` is a :class:`Dossier` or what :func:`read_dossier` reads; ``deadlines`` gives the days of this round,
    by the name of a stage or deadline, instead of those the rubric names. Raises :class:`SubmissionError` with every
    problem of every stage, each under ``stages.NAME``, and ``ValueError`` for a deadline the rubric does not know.
    """
    check_deadlines(rubric.plan, deadlines)
    read = read_dossier(rubric, dossier)
    problems: list[Problem] = []
    scored: list[StageResult] = []
    for stage, submission in _held(rubric, read, deadlines):
        at = rubric.at_stage(stage.name) if stage.name else rubric
        try:
            facts = at.read(submission)
            scored.append(StageResult(stage, read.stages[stage.name], submission, facts, at.evaluate(facts)))
        except SubmissionError as error:
            problems += _under(stage.name, error.problems, problems)
    if problems:
        raise SubmissionError(problems, rubric.language)
    return StagedResult(read, tuple(scored))


def submission_at(
    rubric: CompiledRubric, dossier: object, stage: str, *, deadlines: Deadlines | None = None
) -> Submission:
    """What holds at a stage a dossier has reached, as a submission of ``rubric.at_stage(stage)``: for whoever scores
    many units together. Takes what :func:`score_stages` does. Raises ``KeyError`` for a stage not reached."""
    check_deadlines(rubric.plan, deadlines)
    for reached, submission in _held(rubric, read_dossier(rubric, dossier), deadlines):
        if reached.name == stage:
            return submission
    raise KeyError(stage)


def said_so_far(rubric: CompiledRubric, dossier: object, *, deadlines: Deadlines | None = None) -> Submission:
    """The facts a dossier states at the latest stage it has reached: for a later stage, which may still change them.

    Judgements, evidence and claims are made afresh there. Takes what :func:`score_stages` does.
    """
    check_deadlines(rubric.plan, deadlines)
    read = read_dossier(rubric, dossier)
    latest: Submission = {}
    for _, submission in _held(rubric, read, deadlines):
        latest = submission
    return {"unit": read.unit, "inputs": latest.get("inputs", {})}


def check_scored_by(rubric: CompiledRubric, staged: StagedResult) -> None:
    """Raises ``ValueError`` for stages that were scored by another rubric."""
    for one in staged.stages:
        scored = one.result.rubric
        if scored.digest != rubric.plan.digest:
            mine = rubric.plan
            raise ValueError(f"stages scored by {scored.id} {scored.version}, not by {mine.id} {mine.version}")


def _held(
    rubric: CompiledRubric, dossier: Dossier, deadlines: Deadlines | None
) -> Iterator[tuple[Stage, Submission]]:
    """What holds at each stage reached, in order."""
    submission: Submission = {}
    late = _late(rubric, dossier, deadlines)
    for name, entry in dossier.stages.items():
        at = rubric.at_stage(name) if name else rubric
        stage = next((one for one in rubric.plan.stages if one.name == name), Stage("", ""))
        submission = effective(submission, entry, keeps_judgements=stage.keeps_judgements)
        asked = {one.name for one in at.plan.inputs if one.reference}
        told = {figure: days for figure, days in late.items() if figure in asked}
        yield stage, {**submission, "unit": dossier.unit, "references": {**told, **submission["references"]}}


def effective(before: Mapping[str, Any], entry: StageEntry, *, keeps_judgements: bool) -> Submission:
    """What holds at a stage: what held before, with what the stage says laid over it.

    Judgements are made afresh unless the stage keeps them; claims never carry. Evidence is laid over piece by piece,
    by its reference.
    """
    given = entry.given
    judged = before.get("judged", {}) if keeps_judgements else {}
    return {
        "inputs": _overlaid(before.get("inputs", {}), given.get("inputs", {})),
        "references": _overlaid(before.get("references", {}), given.get("references", {})),
        "judged": _overlaid(judged, given.get("judged", {})),
        "evidence": _evidence(before.get("evidence", {}), given.get("evidence", {})),
        "claims": dict(given.get("claims", {})),
        "decisions": _overlaid(before.get("decisions", {}), given.get("decisions", {})),
    }


def _overlaid(before: Mapping[str, object], now: Mapping[str, object]) -> dict[str, object]:
    both = {**before, **now}
    return {name: value for name, value in both.items() if value is not None}


def _evidence(before: Mapping[str, Any], now: Mapping[str, object]) -> dict[str, object]:
    laid = dict(before)
    for name, items in now.items():
        if items is None:
            laid.pop(name, None)
        else:
            laid[name] = _pieces(laid.get(name, []), list(_items(items)))
    return laid


def _items(given: object) -> Iterable[object]:
    """One piece, or several; a bare reference is a piece, and what nobody can tell is left for the reader to refuse."""
    for item in given if isinstance(given, list | tuple) else (given,):
        if not isinstance(item, str):
            yield item
            continue
        try:
            reference, status = read_reference(item)
        except Unreadable:
            yield item
            continue
        if reference:
            yield {"reference": reference, **({"status": status} if status else {})}


def _pieces(before: list[Any], now: list[object]) -> list[object]:
    """Each piece laid over the one of the same reference; without a reference, over the only one there is."""
    pieces = list(before)
    for item in now:
        if not isinstance(item, Mapping):
            pieces.append(item)
            continue
        reference = item.get("reference")
        at = next((i for i, one in enumerate(pieces) if reference and _refers_to(one, reference)), None)
        if at is None and not reference and len(pieces) == 1:
            at = 0
        if at is None:
            pieces.append(dict(item))
        else:
            told = {key: value for key, value in item.items() if value is not None}
            pieces[at] = {**pieces[at], **told}
    return pieces


def _refers_to(piece: object, reference: object) -> bool:
    """The same document, however its reference is written."""
    known = piece.get("reference") if isinstance(piece, Mapping) else None
    return known is not None and fold(str(known)) == fold(str(reference))


def _late(rubric: CompiledRubric, dossier: Dossier, deadlines: Deadlines | None) -> dict[str, object]:
    """Figures of days late that can be told from the days of the round and of the dossier."""
    wanted = [one for one in rubric.plan.references if one.kind is ReferenceKind.DAYS_LATE]
    late = {one.name: days_late(rubric.plan, dossier, one.of, deadlines) for one in wanted}
    return {name: days for name, days in late.items() if days is not None}


def _under(name: str, found: Iterable[Problem], known: list[Problem]) -> list[Problem]:
    """The problems under their stage; what an earlier stage was blamed for is not said again."""
    told = {(one.path.split(".", 2)[-1], one.code) for one in known}
    prefix = f"stages.{name}." if name else ""
    return [
        Problem(one.code, prefix + one.path, one.values, one.help)
        for one in found
        if not name or (one.path, one.code) not in told
    ]
