"""What is wrong with a line that cannot be read, and how it was meant.

The kinds of fault are tried in a fixed order, and a mend is offered only if the mended line parses. Where none does,
the message names the word at which the parser stopped and what could stand there.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from rubric_engine.diagnostics.shape import Diagnostic, Fix, problem
from rubric_engine.source import Span
from rubric_engine.syntax.callbacks.facts import unlisted
from rubric_engine.syntax.grammar import END
from rubric_engine.syntax.keywords import (
    all_single_words,
    conventions,
    forms,
    joining_words,
    languages,
    meanings,
    spell,
)
from rubric_engine.syntax.lexis import Misread, Reader, Token, opens_with_keyword
from rubric_engine.syntax.lines import LogicalLine, outside, split
from rubric_engine.syntax.slips import names
from rubric_engine.syntax.slips.expected import shown_expected
from rubric_engine.syntax.slips.forms import mends, openings, suspects
from rubric_engine.syntax.slips.offers import (
    Edit,
    edited,
    nearest,
    offer,
    overlap,
    short,
    singly_then_together,
    windows,
)
from rubric_engine.syntax.slips.places import places_left_out
from rubric_engine.syntax.slips.readers import NO_TYPE, Deaf, Recorder
from rubric_engine.syntax.slips.rows import as_in_table
from rubric_engine.syntax.statement import StatementParser, Stuck
from rubric_engine.syntax.tree.nodes import Ident, InputClause

# A line longer than this, or a text with more faults than this, was not typed by a person.
_MAX_MENDED = 1_000
_MAX_TRIALS = 4_000
_MAX_STUDIED = 500
_MAX_GUESSES = 150
_MAX_SLIPS = 12
_MAX_KNOWN = 30
_MAX_WORDS = 16

_JOINED = re.compile(r"(?!)")
# Not a number with an exponent, `1e5`, nor a figure that its unit is joined to, `4đ`.
_DIGIT_FIRST = re.compile(r"[0-9]+(?![eE][0-9]+$)(?:[^\W\d_]{2,}\w*|_\w+)")
_COMMA = re.compile(r"(?<![\w.,])([0-9]+),([0-9]+)(?![\w.,])")
_ENDS = re.compile(r"\s{0,4}[:,]")


@dataclass(slots=True)
class Workshop:
    """Diagnoses the faulty lines of one text. It counts its trials: a hostile text costs no more than it may.

    ``lists`` are the lists of levels the text names, where no other text can name more: nothing else is a type.
    ``words`` are the names that stand in lines that can be read.
    """

    parser: StatementParser
    language: str
    lists: frozenset[str] | None = None
    words: frozenset[str] = frozenset()
    studied: int = 0
    trials: int = 0
    guesses: int = 0

    def misread(self, text: str, line: LogicalLine, misread: Misread) -> Diagnostic:
        """A word that is wrong wherever it stands: a strange sign may be a known slip."""
        if misread.diagnostic.code == "RUB105":
            return self._decimal_comma(text, line) or misread.diagnostic
        if misread.diagnostic.values.get("found") == "" or misread.diagnostic.code == "RUB101":
            return _worded(misread.diagnostic, text)
        if misread.diagnostic.code in ("RUB106", "RUB114") and self._worth_study(line):
            fix = misread.diagnostic.fix
            if fix is None or not self._parses(text, line, [(fix.span.start, fix.span.end, fix.replacement)]):
                return self._known_slip(text, line) or self._bracketed(text, line, misread.diagnostic)
        if misread.diagnostic.code == "RUB110" and self._worth_study(line):
            found = self._known_slip(text, line) or _known_sign(text, line, misread.diagnostic.span, self.language)
            return found or misread.diagnostic
        return misread.diagnostic

    def _bracketed(self, text: str, line: LogicalLine, found: Diagnostic) -> Diagnostic:
        """A name that begins with a digit is one in brackets."""
        span = found.span
        name = text[span.start : span.end]
        if _DIGIT_FIRST.fullmatch(name) is None or not self._parses(text, line, [(span.start, span.end, f"[{name}]")]):
            return found
        return problem("RUB114", span, help="name", fix=Fix(span, f"[{name}]"), found=name, mend=f"[{name}]")

    def stuck(self, text: str, line: LogicalLine, stuck: Stuck) -> Diagnostic:
        """A word that cannot stand where it does."""
        if self._worth_study(line):
            for attempt in self._attempts(stuck):
                found = attempt(text, line, stuck)
                if found is not None:
                    return found
        return self._unexpected(text, line, stuck)

    def mistyped(self, text: str, line: LogicalLine, named: Ident) -> Diagnostic | None:
        """A word that is no type where a type must stand, if it can be told what was meant by it."""
        if not self._worth_study(line):
            return None
        try:
            self.parser.run(Deaf(Reader(text, line.segments, line.texts, self.language), named.span.start))
        except Stuck as stuck:
            # The words before it are right.
            here = Stuck(stuck.token, stuck.stack, ())
            attempts = (self._misspelt, self._foreign, self._known_slip)
            return next(filter(None, (attempt(text, line, here) for attempt in attempts)), None)
        return None

    def _attempts(self, stuck: Stuck) -> tuple[Callable[[str, LogicalLine, Stuck], Diagnostic | None], ...]:
        """The kinds of fault, surest first."""
        first = (self._decimal_comma, self._brackets, self._places, self._names, self._opening)
        last = (self._unquoted, self._foreign, self._known_slip)
        if len(stuck.before) == 1 and stuck.before[0][0].type == "NAME" and not self._is_named(stuck.before[0][0]):
            # `scroe 5` is a keyword before it is a row without its colon.
            return (*first, self._misspelt, self._colon, *last, self._spaced_name, self._missing_word)
        return (*first, self._colon, *last, self._misspelt, self._comma, self._spaced_name, self._missing_word)

    # ------------------------------------------------------------ trying

    def _worth_study(self, line: LogicalLine) -> bool:
        self.studied += 1
        return line.span.end - line.span.start <= _MAX_MENDED and self.studied <= _MAX_STUDIED

    def _parses(self, text: str, line: LogicalLine, edits: list[Edit], language: str | None = None) -> bool:
        return self._parsed(text, line, edits, language) is not None

    def _parsed(self, text: str, line: LogicalLine, edits: list[Edit], language: str | None = None) -> Any:
        """The statement of the line with the edits made, or nothing."""
        if self.trials >= _MAX_TRIALS:
            return None
        self.trials += 1
        flat = split(edited(text, line, edits), _JOINED)
        if len(flat.lines) != 1 or any(each.code in ("RUB102", "RUB113") for each in flat.diagnostics):
            return None
        only = flat.lines[0]
        trial = edited(text, line, edits)
        try:
            found = self.parser.run(Reader(trial, only.segments, only.texts, language or self.language))
        except (Misread, Stuck):
            return None
        # Of one level nobody says that it is one of several: `input a, b: rating` names a list.
        alone = isinstance(found, InputClause) and len(found.levels) == 1
        return None if alone or unlisted(found, self.lists) else found

    # ------------------------------------------------------------ the kinds of fault

    def _decimal_comma(self, text: str, line: LogicalLine, _: Stuck | None = None) -> Diagnostic | None:
        if conventions(self.language).decimal != ".":
            return None
        edits = [
            # Three digits after the comma are thousands, as English prints them.
            (found.start(), found.end(), found[1] + ("" if len(found[2]) == 3 and found[1] != "0" else ".") + found[2])
            for start, end in outside(line)
            for found in _COMMA.finditer(text, start, end)
        ]
        for tried in singly_then_together(edits):
            if self._parses(text, line, tried):
                return offer("RUB105", text, line, tried)
        return None

    def _brackets(self, text: str, line: LogicalLine, _: Stuck) -> Diagnostic | None:
        """A bracket without its partner."""
        unpaired: list[int] = []
        for start, end in outside(line):
            for at in range(start, end):
                if text[at] == "(":
                    unpaired.append(at)
                elif text[at] == ")":
                    if unpaired and text[unpaired[-1]] == "(":
                        unpaired.pop()
                    else:
                        unpaired.append(at)
        if not unpaired:
            return None
        at = unpaired[0]
        span = Span(at, at + 1)
        if text[at] == ")":
            edits = [(at, at + 1, "")]
            fix = Fix(span, "") if self._parses(text, line, edits) else None
            return problem("RUB118", span, help="stray", fix=fix, found=")", mend="")
        places = [line.span.end, *(found.start() for found in _ENDS.finditer(text, at, line.span.end))]
        for place in places[:_MAX_SLIPS]:
            if self._parses(text, line, [(place, place, ")")]):
                return problem("RUB118", span, fix=Fix(Span(place, place), ")"), found="(", mend=")")
        return problem("RUB118", span, found="(", mend=")")

    def _colon(self, text: str, line: LogicalLine, stuck: Stuck) -> Diagnostic | None:
        """``timely 1``, ``timely = 1``, ``timely - 1``: the colon is missing or is another sign."""
        if not stuck.before or not self.parser.viable(stuck.stack, "COLON"):
            return None
        first = stuck.before[0][0]
        if len(stuck.before) == 1 and first.value in all_single_words() and first.type == "NAME":
            return None
        before, token = stuck.before[-1][0], stuck.token
        edits = [(before.end, before.end, ":")]
        if token.type in ("EQ", "MINUS", "COMMA", "GT"):
            edits = [(before.end, token.end, ":")]
        if not self._parses(text, line, edits):
            return None
        fix = Fix(Span(edits[0][0], edits[0][1]), ":")
        return problem("RUB103", Span(before.start, token.end), fix=fix, found=short(text, before.span))

    def _foreign(self, text: str, line: LogicalLine, stuck: Stuck) -> Diagnostic | None:
        """Keywords of another language: the whole line, or words of it."""
        for other in languages():
            if other == self.language:
                continue
            if opens_with_keyword(text, line, other) and self._parsed(text, line, [], other) is not None:
                edits = self._translated(text, line, other)
                if edits:
                    return self._mixed(text, line, edits)
            edits = self._foreign_words(text, line, stuck, other)
            if edits:
                return self._mixed(text, line, edits)
        return None

    def _mixed(self, text: str, line: LogicalLine, edits: list[Edit]) -> Diagnostic:
        first = edits[0]
        found, mend = text[first[0] : first[1]], first[2]
        if len(edits) == 1:
            return offer("RUB112", text, line, edits)
        whole = edited(text, line, edits)
        span = Span(first[0], first[1])
        return problem("RUB112", span, help="line", fix=Fix(line.span, whole), found=found, mend=mend, line=whole)

    def _translated(self, text: str, line: LogicalLine, other: str) -> list[Edit]:
        """Every keyword of a line that parses in the other language, spelled in the file's."""
        reader = Reader(text, line.segments, line.texts, other)
        words = Recorder(reader)
        self.parser.run(words)
        edits = [
            (token.start, token.end, spell(token.type, self.language))
            for token in words.tokens
            if token.type in meanings()
        ]
        return edits if self._parses(text, line, edits) else []

    def _foreign_words(self, text: str, line: LogicalLine, stuck: Stuck, other: str) -> list[Edit]:
        """Edits, one at each place where the parser stops at a keyword of the other language."""
        edits: list[Edit] = []
        for _ in range(8):
            word = self._foreign_word(text, line, stuck, other)
            if word is None or any(start < word.end and word.start < end for start, end, _ in edits):
                return []
            edits.append((word.start, word.end, spell(word.type, self.language)))
            if self._parses(text, line, edits):
                return edits
            following = self._stuck_again(text, line, edits)
            if following is None:
                return []
            stuck = following
        return []

    def _foreign_word(self, text: str, line: LogicalLine, stuck: Stuck, other: str) -> Token | None:
        """A keyword of the other language where the parser stopped, or just before, where it was taken for a name."""
        reader = Reader(text, line.segments, line.texts, other)
        for token, stack in [(stuck.token, stuck.stack), *reversed(stuck.before[-3:])]:
            word = reader.keyword_at(token.start)
            if word is not None and token.type not in meanings() and self.parser.viable(stack, word.type):
                return word
        return None

    def _stuck_again(self, text: str, line: LogicalLine, edits: list[Edit]) -> Stuck | None:
        """Where the parser stops once the edits are made, in places of the author's text."""
        trial = edited(text, line, edits)
        flat = split(trial, _JOINED)
        if len(flat.lines) != 1 or len(line.segments) != 1 or self.trials >= _MAX_TRIALS:
            return None
        self.trials += 1
        try:
            self.parser.run(Reader(trial, flat.lines[0].segments, flat.lines[0].texts, self.language))
        except Stuck as stuck:
            shift = line.span.start - sum(len(new) - (end - start) for start, end, new in edits)
            token = stuck.token
            if token.start + shift < edits[-1][1]:
                return None
            moved = Token(token.type, token.value, token.start + shift, token.end + shift)
            return Stuck(moved, stuck.stack, stuck.before)
        except Misread:
            return None
        return None

    def _known_slip(self, text: str, line: LogicalLine, _: Stuck | None = None) -> Diagnostic | None:
        groups = list(mends(text, list(outside(line)), self.language))[:_MAX_KNOWN]
        for edits in groups:
            for tried in singly_then_together(edits):
                if self._parses(text, line, tried):
                    return offer("RUB109", text, line, self._in_its_table(text, line, tried))
        for one, other in combinations(groups[:_MAX_SLIPS], 2):
            both = sorted([*one, *other])
            if not overlap(both) and self._parses(text, line, both):
                return offer("RUB109", text, line, both)
        return None

    def _unquoted(self, text: str, line: LogicalLine, stuck: Stuck) -> Diagnostic | None:
        """A number or a code written in quotes: ``version "1"``."""
        span = stuck.token.span
        inside = text[span.start + 1 : span.end - 1]
        edits = [(span.start, span.end, inside)]
        if stuck.token.type != "STRING" or not inside[:1].isdecimal() or not self._parses(text, line, edits):
            return None
        return offer("RUB109", text, line, edits)

    def _opening(self, text: str, line: LogicalLine, _: Stuck) -> Diagnostic | None:
        """A slip in how the line begins: surer than a keyword that looks alike."""
        for edits in mends(text, list(outside(line)), self.language, openings(self.language)):
            if self._parses(text, line, edits):
                return offer("RUB109", text, line, edits)
        return None

    def _in_its_table(self, text: str, line: LogicalLine, edits: list[Edit]) -> list[Edit]:
        """The mend of a row as the rows around it want it."""
        for edit in edits:
            for meant in as_in_table(text, line, edit, self.language):
                tried = [meant if each is edit else each for each in edits]
                if self._parses(text, line, tried):
                    return tried
        return edits

    def suspicious(self, text: str, line: LogicalLine) -> Diagnostic | None:
        """A line that can be read and is hardly ever meant so: ``4: 90% or more``."""
        for edits in mends(text, list(outside(line)), self.language, suspects(self.language)):
            if self._worth_study(line) and self._parses(text, line, edits):
                return offer("RUB109", text, line, edits)
        return None

    def _names(self, text: str, line: LogicalLine, stuck: Stuck) -> Diagnostic | None:
        attempts = [names.quoted_name, names.name_in_words]
        if "CODE" not in self.parser.expected(stuck.stack):
            attempts.append(names.name_left_out)
        for attempt in attempts:
            found = attempt(text, line, stuck, lambda edits: self._parses(text, line, edits))
            if found is not None:
                return found
        return None

    def _is_named(self, token: Token) -> bool:
        """Whether the file uses the word elsewhere, so that it is a name and no misspelt keyword."""
        return token.value in self.words

    def _misspelt(self, text: str, line: LogicalLine, stuck: Stuck) -> Diagnostic | None:
        """A word, or the words of a phrase, near a keyword that could stand there."""
        if self.guesses >= _MAX_GUESSES:
            return None
        self.guesses += 1
        partial: tuple[Edit, Stuck] | None = None
        for edit in self._near_keywords(text, line, stuck):
            if self._parses(text, line, [edit]):
                return offer("RUB104", text, line, [edit])
            further = self._stuck_again(text, line, [edit])
            reached = max(edit[1], partial[1].token.start if partial else 0)
            if further is not None and further.token.start > reached:
                partial = edit, further
        if partial is None:
            return None
        # One word was mended and the parser came further: there is a second fault in the line.
        edit, further = partial
        for other in self._near_keywords(text, line, further):
            if other[0] >= edit[1] and self._parses(text, line, [edit, other]):
                return offer("RUB104", text, line, [edit, other])
        if edit[0] != line.span.start:
            return None
        return self._known_slip(text, line) or offer("RUB104", text, line, [edit], sure=False)

    def _near_keywords(self, text: str, line: LogicalLine, stuck: Stuck) -> Iterator[Edit]:
        """Mends of single keywords, from where the parser stopped back to the start of the line."""
        tried = [(stuck.token, stuck.stack), *reversed(stuck.before[-6:])]
        if stuck.before[:-6]:
            tried.append(stuck.before[0])
        for token, stack in tried:
            if token.type in ("STRING", "NUMBER", "DATE", END):
                continue
            kinds = [kind for kind in self.parser.expected(stack) if kind in meanings()]
            candidates = [form for kind in kinds for form in forms(kind, self.language)]
            if token.type == NO_TYPE:
                candidates.extend(sorted(self.lists or ()))
            for start, end, words in windows(text, line, token.start):
                if text[start:end] in candidates:
                    continue
                if words == 1 and token.type in meanings() and token is not stuck.token:
                    continue
                mend = nearest(text[start:end], words, candidates)
                if mend is not None:
                    yield start, end, mend

    def _comma(self, text: str, line: LogicalLine, stuck: Stuck) -> Diagnostic | None:
        """A modifier without the comma before it."""
        if not stuck.before or not self.parser.viable(stuck.stack, "COMMA"):
            return None
        if Reader(text, line.segments, line.texts, self.language).keyword_at(stuck.token.start) is None:
            return None
        at = stuck.before[-1][0].end
        if not self._parses(text, line, [(at, at, ",")]):
            return None
        span, fix = stuck.token.span, Fix(Span(at, at), ",")
        return problem("RUB101", span, help="comma", fix=fix, found=short(text, span), expected="`,`")

    def _spaced_name(self, text: str, line: LogicalLine, stuck: Stuck) -> Diagnostic | None:
        """``days late`` for ``days_late``."""
        if not stuck.before or stuck.before[-1][0].type != "NAME":
            return None
        start, reader = stuck.before[-1][0].start, Reader(text, line.segments, line.texts, self.language)
        phrase = reader.keyword_at(stuck.token.start)
        for _, end, words in windows(text, line, start):
            parts = text[start:end].split()
            if phrase is not None or not joining_words().isdisjoint(parts):
                return None
            mend = "_".join(parts)
            if words > 1 and self._parses(text, line, [(start, end, mend)]):
                return offer("RUB109", text, line, [(start, end, mend)], help="name")
        return None

    def _missing_word(self, text: str, line: LogicalLine, stuck: Stuck) -> Diagnostic | None:
        """``highest days late``: one keyword is left out, and only one would do."""
        token = stuck.token
        kinds = [kind for kind in self.parser.expected(stuck.stack) if kind in meanings()]
        if token.type == END or not stuck.before or len(kinds) > _MAX_WORDS:
            return None
        words = [spell(kind, self.language) for kind in kinds]
        fitting = [word for word in words if self._parses(text, line, [(token.start, token.start, f"{word} ")])]
        if len(fitting) != 1:
            return None
        fix = Fix(Span(token.start, token.start), f"{fitting[0]} ")
        return problem("RUB101", token.span, help="word", fix=fix, found=short(text, token.span), expected=fitting[0])

    def _places(self, text: str, line: LogicalLine, stuck: Stuck) -> Diagnostic | None:
        return places_left_out(
            text, line, stuck, self.language, lambda at, tail: self._parses(text, line, [(at, at, tail)])
        )

    def _unexpected(self, text: str, line: LogicalLine, stuck: Stuck) -> Diagnostic:
        expected = shown_expected(self.parser.expected(stuck.stack), self.language)
        token = stuck.token
        if token.type == "NAME":  # a keyword that cannot stand here, shown whole
            token = Reader(text, line.segments, line.texts, self.language).keyword_at(token.start) or token
        if token.type == END and stuck.before:
            last = stuck.before[-1][0]
            if stuck.before[0][0].type == "NOT_APPLICABLE_WHEN":
                return problem("RUB101", last.span, help="policy", found=short(text, last.span), expected=expected)
            return problem("RUB101", last.span, help="end", found=short(text, last.span), expected=expected)
        if not stuck.before or (len(stuck.before) == 1 and stuck.before[0][0].type == "NAME"):
            return problem("RUB101", token.span, help="start", found=short(text, token.span), expected=expected)
        return problem("RUB101", token.span, found=short(text, token.span), expected=expected)


def _known_sign(text: str, line: LogicalLine, span: Span, language: str) -> Diagnostic | None:
    """What a strange sign stands for, where the line has another fault as well."""
    for edits in mends(text, [(span.start, span.end)], language):
        if edits[0][:2] == (span.start, span.end):
            return offer("RUB109", text, line, edits[:1], sure=False)
    return None


def _worded(diagnostic: Diagnostic, text: str) -> Diagnostic:
    """The builders of nodes see no text: the words their diagnostic speaks of are put in here."""
    values = {**diagnostic.values, "found": diagnostic.values.get("found") or short(text, diagnostic.span)}
    return replace(diagnostic, values=values)
