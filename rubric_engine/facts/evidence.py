"""Evidence as a submission states it: what a piece may look like, what is no piece, what nobody can tell.

Standard library only.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from rubric_engine.facts.fold import fold
from rubric_engine.facts.problems import Problem, attempted, known_keys, raised, unmodelled
from rubric_engine.facts.readers import read_date, read_label, read_text
from rubric_engine.meaning.exact import MOST_DIGITS, Unreadable, shown
from rubric_engine.plan.plan import EvidenceSpec


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """One piece of evidence as given: a reference to it, never its content. ``status`` is ``submitted``, ``accepted``
    or ``rejected``."""

    reference: str
    status: str = "submitted"
    reason: str = ""
    issued: date | None = None
    page: str = ""
    note: str = ""


STATUS_WORDS: Final[Mapping[str, str]] = {
    "submitted": "submitted", "accepted": "accepted", "rejected": "rejected",
    "đã nộp": "submitted", "được chấp nhận": "accepted", "chấp nhận": "accepted",
    "bị từ chối": "rejected", "từ chối": "rejected",
}  # fmt: skip
NOTHING_WORDS: Final = frozenset((
    "", "-", "--", "---", "–", "—", ".", "…", "...", "/", "[]", "{}", "0", "no", "none", "nil", "null", "nothing",
    "false", "n/a", "na", "missing", "not available", "không", "không có", "ko", "ko có", "chưa", "chưa có", "thiếu",
    "sai", "không có minh chứng", "chưa có minh chứng", "no evidence",
))  # fmt: skip
# They say that there is something, or that something is wrong with it; not which document it is.
_NO_DOCUMENT: Final = frozenset((
    "yes", "y", "ok", "true", "✓", "✔", "☑", "✗", "✘", "☒", "có", "co", "đã có", "đủ", "đúng", "đạt", "?",
))  # fmt: skip
_STATUS: Final = "|".join(sorted(STATUS_WORDS, key=len, reverse=True))
_WITH_STATUS: Final = re.compile(rf"(.*?\S)\s*(?:[(\[]\s*({_STATUS})\s*[)\]]|(?:[,;:]|\s[-–—])\s*({_STATUS}))")
_SAYS_STATUS: Final = re.compile(
    rf"(?<!\w)(?:{_STATUS}|reject|rejects|refused|denied|invalid|không đạt|không hợp lệ|trả lại|bị loại)(?!\w)"
)
# In a table a lone letter or a small number is a tick or a count.
_TICK: Final = re.compile(r"[xv]|[0-9]{1,3}", re.ASCII)
_ITEM_FIELDS: Final = ("reference", "status", "reason", "issued", "page", "note")


def read_reference(text: str) -> tuple[str, str]:
    """A reference and the status that stands behind it, both empty where the words mean that there is nothing.

    A status stands in brackets, or behind a comma, a colon, a semicolon or a dash between blanks. Raises
    :class:`~rubric_engine.meaning.exact.Unreadable` for what may mean anything.
    """
    plain = fold(text)
    if plain in NOTHING_WORDS:
        return "", ""
    if plain in STATUS_WORDS:
        raise Unreadable("RUB524", text, "status")
    if plain in _NO_DOCUMENT:
        raise Unreadable("RUB524", text)
    if plain.startswith(("{", "[")):
        raise Unreadable("RUB524", text, "json")
    if not _SAYS_STATUS.search(plain):
        return text, ""
    if (parted := _WITH_STATUS.fullmatch(plain)) is not None and not _SAYS_STATUS.search(parted[1]):
        # Found in the folded words, cut from the words as written: what stands behind the reference is as long.
        found = next(
            (at for at in range(len(text), 0, -1) if fold(text[:at]) == parted[1]), len(text)
        )
        return text[:found].strip(), STATUS_WORDS[parted[2] or parted[3]]
    raise Unreadable("RUB524", text, "unclear")


def is_tick(cell: str) -> bool:
    """Whether a cell of a table says *there is one* or *how many*, and not which document."""
    plain = fold(cell)
    return _TICK.fullmatch(plain) is not None and plain not in NOTHING_WORDS


class EvidenceReader:
    """Reads the pieces given for one evidence clause after another. Holds no state between readings."""

    __slots__ = ("_language",)

    def __init__(self, language: str) -> None:
        self._language = language

    def read(self, given: object, path: str, problems: list[Problem]) -> tuple[EvidenceItem, ...]:
        """The pieces, one or several; every problem goes to ``problems``. One document is one piece, named once."""
        try:
            several = list(given) if isinstance(given, list | tuple) else None
        except Exception as error:
            problems.append(raised(error, given, path, whole=True))
            return ()
        places = [(given, path)] if several is None else [(item, f"{path}[{at}]") for at, item in enumerate(several)]
        found: list[EvidenceItem] = []
        seen: dict[str, str] = {}
        for value, place in places:
            item = self._read_item(value, place, problems)
            if item is None:
                continue
            first = seen.setdefault(fold(item.reference), place)
            if first != place:
                problems.append(Problem("RUB523", place, {"value": shown(item.reference), "first": first}))
            found.append(item)
        return tuple(found)

    def _read_item(self, given: object, path: str, problems: list[Problem]) -> EvidenceItem | None:
        try:
            return self._item(unmodelled(given), path, problems)
        except Exception as error:
            problems.append(raised(error, given, path))
            return None

    def _item(self, given: object, path: str, problems: list[Problem]) -> EvidenceItem | None:
        if isinstance(given, str):
            read = attempted(lambda value: read_reference(read_text(value)), given, path, problems)
            return EvidenceItem(read[0], read[1] or "submitted") if read is not None and read[0] else None
        if not isinstance(given, Mapping):
            problems.append(Problem("RUB502", path, {"value": shown(given)}, "item"))
            return None
        fields = known_keys(given, frozenset(_ITEM_FIELDS), path + ".", problems, "RUB501", _ITEM_FIELDS)
        read_of: dict[str, object] = {}
        for name in _ITEM_FIELDS:
            value = fields.get(name)
            if value is not None:
                read_of[name] = attempted(self._field_reader(name), value, f"{path}.{name}", problems)
        if "reference" in read_of and read_of["reference"] is None:
            return None  # it could not be read, and that has been said
        reference, status = str(read_of.get("reference") or ""), str(read_of.get("status") or "")
        if fold(reference) in NOTHING_WORDS:
            reference = ""
        others = [name for name in ("reason", "issued", "page", "note") if read_of.get(name)]
        if not reference:
            # An item left as the template printed it is no evidence, and no mistake either.
            if others or status not in ("", "submitted"):
                problems.append(Problem("RUB502", path, {"value": "reference"}, "reference"))
            return None
        if not status:
            # Where a status stands beside it, a reference may be worded as it likes.
            split = attempted(lambda _: read_reference(reference), reference, f"{path}.reference", problems)
            if split is None:
                return None
            reference, status = split
        issued = read_of.get("issued")
        return EvidenceItem(
            reference, status or "submitted", str(read_of.get("reason") or ""),
            issued if isinstance(issued, date) else None,
            str(read_of.get("page") or ""), str(read_of.get("note") or ""),
        )  # fmt: skip

    def _field_reader(self, name: str) -> Callable[[object], object]:
        if name == "status":
            return _read_status
        if name == "issued":
            return lambda value: None if value == "" else read_date(value, self._language)
        return read_label


def _read_status(value: object) -> str:
    if isinstance(value, str) and len(value) < MOST_DIGITS:
        status = STATUS_WORDS.get(fold(value))
        if status is not None:
            return status
    raise Unreadable("RUB516", value)


def evidence_state(spec: EvidenceSpec, items: tuple[EvidenceItem, ...], only_accepted: bool) -> str:
    """Whether the items satisfy the clause, or the first thing in their way: ``satisfied``, ``missing``, ``rejected``,
    ``out of dates``, ``not accepted``."""
    satisfied = 0
    faults = set()
    for item in items:
        if item.status == "rejected":
            faults.add("rejected")
        elif not _in_window(spec, item.issued):
            faults.add("out of dates")
        elif only_accepted and item.status != "accepted":
            faults.add("not accepted")
        else:
            satisfied += 1
    if satisfied >= spec.at_least:
        return "satisfied"
    return next((fault for fault in ("rejected", "out of dates", "not accepted") if fault in faults), "missing")


def _in_window(spec: EvidenceSpec, issued: date | None) -> bool:
    if spec.issued_from is None and spec.issued_to is None:
        return True
    if issued is None:
        return False
    day = issued.toordinal()
    return (spec.issued_from is None or spec.issued_from <= day) and (spec.issued_to is None or day <= spec.issued_to)
