"""Words of one logical line, read as the parser asks for them.

What a word is depends on where it stands: ``count`` is a type after a colon and a name elsewhere, ``TC1-CT2`` is a
code after ``area`` and a difference in a formula. So the parser says what it can take, and the longest keyword it
can take wins; then a name.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping
from datetime import date
from fractions import Fraction
from functools import cache

from rubric_engine.diagnostics.shape import Diagnostic, Fix, problem
from rubric_engine.plan.record import record
from rubric_engine.source import Span
from rubric_engine.syntax.grammar import END, SIGNS, tables
from rubric_engine.syntax.lines import LogicalLine
from rubric_engine.syntax.tree.nodes import DateLit, Num, Text

MAX_DIGITS = 40

Value = Num | DateLit | Text | str


@record
class Token:
    """A word with its place. ``type`` is its kind, as lark calls it; ``value`` the node of a literal, or a text."""

    type: str
    value: Value
    start: int
    end: int

    @property
    def span(self) -> Span:
        """Where the word stands."""
        return Span(self.start, self.end)


class InBrackets(str):
    """A name that was written in brackets, ``[số chỉ tiêu đạt]``: any words, the blanks between them made one."""

    __slots__ = ()


class Misread(Exception):
    """A word that is wrong whatever stands around it. It carries a diagnostic, and never leaves this package."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.code)
        self.diagnostic = diagnostic


_WORD = re.compile(r"[^\W\d]\w*")
_REST = re.compile(r"\w*")
_CODE = re.compile(r"\w+(?:[.\-]\w+)*")
_SIGN = re.compile(r"<=|>=|!=|[-+*/^()\[\]=<>,:]")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?!\w)")
_SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})(?!\w)")
_PERCENT = re.compile(r"\s?%")
_NUMERAL = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_BRACKETED = re.compile(r'\[([^\[\]"]*)\]')
_LISTED = re.compile(r"[0-9]+(?:,[0-9]+){2,}")
_TAIL = re.compile(r"[\w.,]*\w|")


@record
class _Phrase:
    text: str
    kind: str


@cache
def _phrases(language: str) -> Mapping[str, tuple[_Phrase, ...]]:
    """Keyword phrases by their first word, longest first."""
    found: dict[str, list[_Phrase]] = {}
    for kind, forms in tables().keywords[language].items():
        for form in forms:
            first = _WORD.match(form)
            assert first is not None, form
            found.setdefault(first.group(), []).append(_Phrase(form, kind))
    return {first: tuple(sorted(each, key=lambda phrase: -len(phrase.text))) for first, each in found.items()}


@cache
def _loose(phrase: str) -> re.Pattern[str]:
    return re.compile(r"\s+".join(map(re.escape, phrase.split(" "))) + r"(?!\w)")


class Reader:
    """Reads one logical line, given as stretches of the text, in one language.

    Words at the places ``names`` are read as names though they are keywords too.
    """

    def __init__(
        self, text: str, segments: list[tuple[int, int]], texts: Mapping[int, Text], language: str,
        names: frozenset[int] = frozenset(),
    ) -> None:  # fmt: skip
        self.names = names
        self.read_as_names: list[str] = []
        self.text = text
        self.segments = segments
        self.texts = texts
        self.vietnamese_comma = tables().conventions[language]["decimal"] == ","
        self.slashed_dates = "%d/%m/%Y" in tables().conventions[language]["date"]
        self.phrases = _phrases(language)
        self._at = 0
        self._end = segments[0][1]
        self.position = segments[0][0]

    def read(self, wanted: Collection[str]) -> Token:
        """The next word, as one of the ``wanted`` kinds if it can be one."""
        text, end = self.text, self._end
        at = self.position
        while at < end and text[at].isspace():
            at += 1
        while at >= end:
            self._at += 1
            if self._at >= len(self.segments):
                self._at -= 1
                return Token(END, "", end, end)
            at, self._end = self.segments[self._at]
            end = self._end
        token = self._token(at, wanted)
        self.position = token.end
        return token

    def _token(self, at: int, wanted: Collection[str]) -> Token:
        text = self.text
        char = text[at]
        if "CODE" in wanted:
            code = _CODE.match(text, at, self._end)
            if code is not None:
                phrase = self._phrase(at, wanted)
                if phrase is not None and phrase.end >= code.end():
                    return phrase
                return Token("CODE", code.group(), at, code.end())
        if char.isalpha() or char == "_":
            return self._word(at, wanted)
        if "0" <= char <= "9":
            return self._number(at)
        quoted = self.texts.get(at)
        if quoted is not None:
            return Token("STRING", quoted, at, quoted.span.end)
        if char == "[" and "NAME" in wanted and "LBRACK" not in wanted:
            return self._bracketed(at)
        sign = _SIGN.match(text, at, self._end)
        if sign is not None:
            return Token(SIGNS[sign.group()], sign.group(), at, sign.end())
        raise Misread(_strange(char, at))

    def _bracketed(self, at: int) -> Token:
        found = _BRACKETED.match(self.text, at, self._end)
        words = found[1].split() if found else []
        if found is None or not words:
            raise Misread(problem("RUB126", Span(at, found.end() if found else self._end)))
        return Token("NAME", InBrackets(" ".join(words)), at, found.end())

    def _word(self, at: int, wanted: Collection[str]) -> Token:
        phrase = None if at in self.names and "NAME" in wanted else self._phrase(at, wanted)
        if phrase is not None:
            return phrase
        word = _WORD.match(self.text, at, self._end)
        if word is None:
            raise Misread(_strange(self.text[at], at))
        end = word.end()
        # Marks of scripts that have no composed letters belong to the name.
        while end < self._end and self.text[end] > "\u02ff" and unicodedata.category(self.text[end])[0] == "M":
            further = _REST.match(self.text, end + 1, self._end)
            end = further.end() if further else end + 1
        name = self.text[at:end]
        self.read_as_names.append(name)
        return Token("NAME", name, at, end)

    def _phrase(self, at: int, wanted: Collection[str] | None) -> Token | None:
        """The longest keyword that stands here and is wanted; with ``None``, any keyword."""
        text, end = self.text, self._end
        word = _WORD.match(text, at, end)
        if word is None:
            return None
        for phrase in self.phrases.get(word.group(), ()):
            if wanted is not None and phrase.kind not in wanted:
                continue
            stop = at + len(phrase.text)
            if text.startswith(phrase.text, at) and stop <= end:
                if stop == end or not (text[stop].isalnum() or text[stop] == "_"):
                    return Token(phrase.kind, phrase.text, at, stop)
            elif " " in phrase.text:
                loose = _loose(phrase.text).match(text, at, end)
                if loose is not None:
                    return Token(phrase.kind, phrase.text, at, loose.end())
        return None

    def keyword_at(self, at: int) -> Token | None:
        """The longest keyword of the language at a place, whether or not it can stand there."""
        self._end = next((end for start, end in self.segments if start <= at < end), self._end)
        return self._phrase(at, None)

    def _number(self, at: int) -> Token:
        text, end = self.text, self._end
        iso = _ISO.match(text, at, end)
        if iso is not None:
            return Token("DATE", _date(iso, int(iso[1]), int(iso[2]), int(iso[3])), at, iso.end())
        slashed = _SLASHED.match(text, at, end)
        if slashed is not None:
            if not self.slashed_dates:
                mend = f"{slashed[3]}-{slashed[2]:0>2}-{slashed[1]:0>2}"
                span = Span(at, slashed.end())
                raise Misread(
                    problem("RUB115", span, help="iso", fix=Fix(span, mend), found=slashed.group(), mend=mend)
                )
            return Token("DATE", _date(slashed, int(slashed[3]), int(slashed[2]), int(slashed[1])), at, slashed.end())
        return self._numeral(at)

    def _numeral(self, at: int) -> Token:
        text, end = self.text, self._end
        mark = "," if self.vietnamese_comma else "."
        found = _NUMERAL.match(text, at, end)
        assert found is not None
        stop = at
        for index, char in enumerate(found.group()):
            # In an English file a comma ends the number; the parser decides what it means there.
            if char == "," and not self.vietnamese_comma:
                break
            stop = at + index + 1
        while not text[stop - 1].isdigit():
            stop -= 1
        shown = text[at:stop]
        after = text[stop : stop + 1]
        if stop < end and (after.isalnum() or after == "_"):
            raise Misread(self._bad_number(at, end))
        if self.vietnamese_comma and "." in shown:
            raise Misread(_dotted(shown, at))
        if shown.count(mark) > 1 or sum(map(str.isdigit, shown)) > MAX_DIGITS:
            raise Misread(self._bad_number(at, end))
        whole, _, places = shown.partition(mark)
        value = Fraction(int(whole + places), 10 ** len(places)) if places else Fraction(int(whole))
        percent = _PERCENT.match(text, stop, end)
        stop = percent.end() if percent else stop
        return Token("NUMBER", Num(value, percent is not None, Span(at, stop)), at, stop)

    def _bad_number(self, at: int, end: int) -> Diagnostic:
        tail = _TAIL.match(self.text, at, end)
        stop = max(at + 1, tail.end() if tail else at + 1)
        found = self.text[at:stop]
        digits = sum(map(str.isdigit, found))
        shown = found if len(found) <= MAX_DIGITS else found[:20] + "…"
        if self.vietnamese_comma and digits <= MAX_DIGITS and _LISTED.fullmatch(found):
            return problem("RUB114", Span(at, stop), help="list", found=shown, mend=found.replace(",", ", "))
        return problem("RUB114", Span(at, stop), help="long" if digits > MAX_DIGITS else "help", found=shown)


def _date(found: re.Match[str], year: int, month: int, day: int) -> DateLit:
    span = Span(found.start(), found.end())
    try:
        return DateLit(date(year, month, day), span)
    except ValueError:
        raise Misread(problem("RUB115", span, found=found.group())) from None


def _dotted(shown: str, at: int) -> Diagnostic:
    """A dot in a Vietnamese number: thousands as printed there, or a decimal point as printed elsewhere."""
    span = Span(at, at + len(shown))
    whole, _, rest = shown.partition(",")
    groups = whole.split(".")
    if all(len(group) == 3 for group in groups[1:]) and len(groups[0]) <= 3:
        mend = "".join(groups) + ("," + rest if rest else "")
        return problem("RUB106", span, help="thousand", fix=Fix(span, mend), found=shown, mend=mend)
    if shown.count(".") == 1 and not rest:
        mend = shown.replace(".", ",")
        return problem("RUB106", span, fix=Fix(span, mend), found=shown, mend=mend)
    return problem("RUB114", span, found=shown)


def _strange(char: str, at: int) -> Diagnostic:
    span = Span(at, at + 1)
    name = unicodedata.name(char, "").lower()
    shown = char if char.isprintable() else f"U+{ord(char):04X}"
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return problem("RUB110", span, help="digit", fix=Fix(span, str(digit)), found=shown, name=name, mend=digit)
    if not char.isprintable():
        return problem("RUB110", span, help="invisible", fix=Fix(span, ""), found=shown, name=name)
    return problem("RUB110", span, found=shown, name=name)


def opens_with_keyword(text: str, line: LogicalLine, language: str) -> bool:
    """Whether the line starts with a keyword of the language."""
    return Reader(text, line.segments, line.texts, language).keyword_at(line.span.start) is not None
