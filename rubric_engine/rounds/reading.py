"""A dossier read from plain values, with every problem named; nothing is half-read."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Final, TypeVar

from rubric_engine.engine import CompiledRubric
from rubric_engine.facts.problems import Problem, SubmissionError, known_keys, refused
from rubric_engine.facts.readers import read_date, read_label, read_text
from rubric_engine.meaning.exact import Unreadable, shown
from rubric_engine.rounds.dossier import Dossier, Finding, StageEntry

SECTIONS: Final = ("inputs", "judged", "evidence", "claims", "decisions", "references")
_WORDS: Final = ("remarks", "explanations", "asks", "done")
_DOSSIER: Final = ("unit", "cycle", "stages", "findings", "done")
_FINDING: Final = ("id", "node", "found", "responsible", "due", "stage", "put_right")

T = TypeVar("T")


def read_dossier(rubric: CompiledRubric, given: object) -> Dossier:
    """A dossier from a mapping, as JSON gives it; a submission is the dossier of a rubric without stages.

    Facts are only read when they are scored; here the form, the stages, the codes and the days are. Raises
    :class:`SubmissionError` with every problem.
    """
    if isinstance(given, Dossier):
        return given
    reader = _Reader(rubric)
    dossier = reader.dossier(given)
    if reader.problems or dossier is None:
        raise SubmissionError(reader.problems, rubric.language)
    return dossier


def _own(given: object) -> object:
    """The same value in containers of its own: what the caller goes on to do with a mapping changes no dossier."""
    match given:
        case Mapping():
            return {key: _own(value) for key, value in given.items()}
        case list() | tuple():
            return [_own(value) for value in given]
        case _:
            return given


class _Reader:
    def __init__(self, rubric: CompiledRubric) -> None:
        plan = rubric.plan
        self._language = plan.language
        self._stages = tuple(stage.name for stage in plan.stages)
        self._deadlines = (*self._stages, *(deadline.name for deadline in plan.deadlines))
        self._codes = tuple(node.code for node in plan.nodes)
        self.problems: list[Problem] = []

    def dossier(self, given: object) -> Dossier | None:
        parts = self._mapping(given, "", (*_DOSSIER, *SECTIONS, *_WORDS))
        if parts is None:
            return None
        flat = [name for name in parts if name in SECTIONS or name in _WORDS[:3]]
        staged = bool(self._stages)
        if flat if staged else "stages" in parts:
            self._wrong_form("stages" in parts, flat)
            return None
        unit = self._attempt(read_label, parts.get("unit"), "unit") or ""
        cycle = self._attempt(read_label, parts.get("cycle"), "cycle") or ""
        done = {} if not staged and not isinstance(parts.get("done"), Mapping) else self._days(parts.get("done"))
        if staged:
            entries = self._entries(parts.get("stages"))
        else:
            day = None if isinstance(parts.get("done"), Mapping) else parts.get("done")
            entries = {"": self._entry({**{name: parts.get(name) for name in (*SECTIONS, *_WORDS)}, "done": day}, "")}
        return Dossier(unit, cycle, entries, tuple(self._findings(parts.get("findings"))), done)

    def _wrong_form(self, staged: bool, flat: list[str]) -> None:
        names = {"stages": ", ".join(self._stages), "first": self._stages[0] if self._stages else ""}
        help_key = "both" if staged and self._stages else "none" if staged else "help"
        values = {**names, "field": flat[0] if flat and not (staged and not self._stages) else "stages"}
        self.problems.append(Problem("RUB551", "", values, help_key))

    # ---- parts

    def _mapping(
        self, given: object, path: str, known: Iterable[str], code: str = "RUB501"
    ) -> Mapping[str, object] | None:
        if given is None:
            return {}
        if not isinstance(given, Mapping):
            self.problems.append(Problem("RUB510", path, {"what": shown(given)}, "object" if path else "help"))
            return None
        names = tuple(known)
        return known_keys(given, frozenset(names), path + "." if path else "", self.problems, code, names)

    def _attempt(self, read: Callable[[object], T], given: object, path: str) -> T | None:
        if given is None:
            return None
        try:
            return read(given)
        except Unreadable as error:
            self.problems.append(refused(error, path))
            return None

    def _day(self, given: object, path: str) -> date | None:
        return None if given == "" else self._attempt(lambda value: read_date(value, self._language), given, path)

    def _days(self, given: object) -> dict[str, date]:
        days = self._mapping(given, "done", self._deadlines) or {}
        read = {name: self._day(value, f"done.{name}") for name, value in days.items()}
        return {name: day for name, day in read.items() if day is not None}

    def _entries(self, given: object) -> dict[str, StageEntry]:
        parts = self._mapping(given, "stages", self._stages, "RUB550") or {}
        reached = [name for name in self._stages if parts.get(name) is not None]
        return {name: self._entry(parts[name], f"stages.{name}.") for name in reached}

    def _entry(self, given: object, path: str) -> StageEntry:
        parts = self._mapping(given, path.rstrip("."), (*SECTIONS, *_WORDS)) or {}
        sections: dict[str, Mapping[str, object]] = {}
        for name in SECTIONS:
            section = parts.get(name)
            if isinstance(section, Mapping):
                sections[name] = {key: _own(value) for key, value in section.items()}
            elif section is not None:
                self.problems.append(Problem("RUB510", path + name, {"what": shown(section)}, "object"))
        return StageEntry(
            sections,
            self._words(parts.get("remarks"), path + "remarks"),
            self._words(parts.get("explanations"), path + "explanations"),
            self._asked(parts.get("asks"), path + "asks"),
            self._day(parts.get("done"), path + "done"),
        )

    def _words(self, given: object, path: str) -> dict[str, str]:
        parts = self._mapping(given, path, self._codes) or {}
        words = {code: self._attempt(read_text, parts[code], f"{path}.{code}") for code in self._codes if code in parts}
        return {code: text for code, text in words.items() if text}

    def _asked(self, given: object, path: str) -> tuple[str, ...]:
        if given is None:
            return ()
        if isinstance(given, str) or not isinstance(given, list | tuple):
            self.problems.append(Problem("RUB502", path, {"value": shown(given)}, "list"))
            return ()
        asked = {shown(code): None for code in given}
        return tuple(self._mapping(asked, path, self._codes) or {})

    def _findings(self, given: object) -> Iterable[Finding]:
        if given is None:
            return
        if isinstance(given, str) or not isinstance(given, list | tuple):
            self.problems.append(Problem("RUB502", "findings", {"value": shown(given)}, "list"))
            return
        seen: set[str] = set()
        for at, item in enumerate(given):
            path = f"findings[{at}]"
            parts = self._mapping(item, path, _FINDING)
            if parts is None:
                continue
            texts = {name: self._attempt(read_label, parts.get(name), f"{path}.{name}") or "" for name in _FINDING[:4]}
            texts["stage"] = self._attempt(read_label, parts.get("stage"), f"{path}.stage") or ""
            self._check_finding(texts, path, seen)
            due, put_right = (self._day(parts.get(name), f"{path}.{name}") for name in ("due", "put_right"))
            yield Finding(**texts, due=due, put_right=put_right)

    def _check_finding(self, texts: Mapping[str, str], path: str, seen: set[str]) -> None:
        """A finding needs a number, a heading and words; its heading may be one of an earlier year's rubric."""
        for name in ("id", "node", "found"):
            if not texts[name]:
                self.problems.append(Problem("RUB552", path, {"field": name}))
        if texts["id"] in seen:
            self.problems.append(Problem("RUB552", path, {"field": texts["id"]}, "twice"))
        seen.add(texts["id"])
        if texts["stage"] and texts["stage"] not in self._stages:
            self._mapping({texts["stage"]: None}, f"{path}.stage", self._stages, "RUB550")
