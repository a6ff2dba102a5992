"""A submission as JSON text. Standard library only."""

import json
import re
from decimal import Decimal, InvalidOperation

from rubric_engine.facts.problems import Problem, SubmissionError
from rubric_engine.meaning.exact import MOST_DIGITS, shown

# JSON escapes what is below a blank; these too steer whoever shows the text, or cannot be written at all.
_STEERING = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def write_json(value: object, *, indent: int | None = None) -> str:
    """Python values as JSON text, letters as themselves; what could steer a terminal is escaped and reads the same."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def read_json(text: str | bytes, language: str = "en") -> object:
    """JSON text as Python values with exact numbers. Raises :class:`SubmissionError`.

    A number too long to be real is left for the reader of its fact to refuse, so that the message can name the place.
    """
    twice: list[str] = []

    def pairs(items: list[tuple[str, object]]) -> dict[str, object]:
        found: dict[str, object] = {}
        for key, value in items:
            if key in found:
                twice.append(key)
            found[key] = value
        return found

    try:
        if isinstance(text, bytes):
            text = text.decode(json.detect_encoding(text))
        text = text.removeprefix("\ufeff")
        value: object = json.loads(text, parse_float=_json_number, parse_int=_json_number, object_pairs_hook=pairs)
    except UnicodeDecodeError:
        raise SubmissionError([Problem("RUB510", "", {"what": "…"}, "encoding")], language) from None
    except RecursionError:
        raise SubmissionError([Problem("RUB510", "", {"what": "[[[…"}, "deep")], language) from None
    except json.JSONDecodeError as error:
        what = shown(error.doc[error.pos:error.pos + 20].split("\n")[0]) or "…"
        place = {"what": what, "line": str(error.lineno), "column": str(error.colno)}
        raise SubmissionError([Problem("RUB510", "", place, "json")], language) from None
    if twice:
        raise SubmissionError([Problem("RUB510", "", {"what": shown(key)}, "twice") for key in twice], language)
    return value


def _json_number(text: str) -> int | Decimal | str:
    if len(text) <= MOST_DIGITS and text.lstrip("-").isdigit():
        return int(text)
    try:
        return Decimal(text)
    except InvalidOperation:
        return text
