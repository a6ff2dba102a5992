"""What people write of spans between dates and of dates some months from another, in each language."""

from collections.abc import Iterator

_NAME = r"(\[[^\[\]]{1,60}\]|[^\W\d]\w{0,60}"
_DAY = _NAME + r"|[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}/[0-9]{1,2}/[0-9]{4})"
_COUNT = r"([0-9]{1,4})"


def _english() -> Iterator[tuple[str, ...]]:
    for unit in ("days", "months", "years"):
        span, after, before = f"{{{unit.upper()}_FROM}}", f"{{{unit.upper()}_AFTER}}", f"{{{unit.upper()}_BEFORE}}"
        whole = r"(?:(?:full|whole|complete|number of) )?"
        until = r"(?:and|to|until|till|up to)"
        yield rf"\b{whole}{unit} (?:between|from|since) {_DAY} {until} {_DAY}", rf"{span} \1 {{TO}} \2"
        yield rf"\b(?:full|whole|complete|number of) {unit} from\b", span
        if unit == "days":
            continue
        yield rf"\bwithin {_COUNT} {unit}? (?:of|after|from|since) {_DAY}", rf"<= \1 {after} \2"
        yield rf"{_DAY} ?\+ ?{_COUNT} {unit}?\b", rf"\2 {after} \1"
        yield rf"{_DAY} - {_COUNT} {unit}?\b", rf"\2 {before} \1"
        yield rf"\b{_COUNT} {unit}? (?:from|since|later than|past) {_DAY}", rf"\1 {after} \2"
    yield rf"\b(?:the )?age (?:from|between|of)? ?{_DAY} (?:to|and|at|on) {_DAY}", r"{YEARS_FROM} \1 {TO} \2", "age"


def _vietnamese() -> Iterator[tuple[str, ...]]:
    for unit, word in (("DAYS", "ngày"), ("MONTHS", "tháng"), ("YEARS", "năm")):
        span, after, before = f"{{{unit}_FROM}}", f"{{{unit}_AFTER}}", f"{{{unit}_BEFORE}}"
        since = r"(?:giữa|từ|tính từ|kể từ)"
        yield rf"\bsố {word}(?: tròn| đủ)? {since} {_DAY} (?:và|đến|tới|cho đến) {_DAY}", rf"{span} \1 {{TO}} \2"
        yield rf"\bsố {word} (?:tròn |đủ )?(?:tính|kể) từ\b", span
        if unit == "DAYS":
            continue
        yield (
            rf"\b(?:trong|không quá|chậm nhất)(?: vòng)? {_COUNT} {word} (?:kể từ|từ|sau)(?: ngày)? {_DAY}",
            rf"<= \1 {after} \2",
        )
        yield rf"{_DAY} ?\+ ?{_COUNT} {word}\b", rf"\2 {after} \1"
        yield rf"{_DAY} - {_COUNT} {word}\b", rf"\2 {before} \1"
        yield rf"\bsau {_DAY} {_COUNT} {word}\b", rf"\2 {after} \1"
        yield rf"\b{_COUNT} {word} (?:từ|sau|tính từ)(?: ngày)? {_DAY}", rf"\1 {after} \2"
        yield rf"\b{_COUNT} {word} trước(?: khi)? {_DAY}", rf"\1 {before} \2"
    yield rf"\b(?:số )?tuổi (?:từ|của)? ?{_DAY} (?:đến|tại|tính đến|vào) {_DAY}", r"{YEARS_FROM} \1 {TO} \2", "tuổi"


ENGLISH = tuple(_english())
VIETNAMESE = tuple(_vietnamese())
