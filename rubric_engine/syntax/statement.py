"""One logical line to its statement: lark's LALR engine, with our reader as its contextual lexer.

Before each word lark's state says which kinds of word it can take, and the reader reads the longest of those. The
engine keeps its own stacks, so that no depth of nesting can exhaust Python's.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from lark.exceptions import UnexpectedToken
from lark.grammar import NonTerminal, Rule
from lark.parsers.lalr_analysis import IntParseTable, Reduce, Shift
from lark.parsers.lalr_parser_state import ParseConf, ParserState

from rubric_engine.diagnostics.shape import problem
from rubric_engine.source import Span
from rubric_engine.syntax.grammar import END, VALUES, Production, Tables
from rubric_engine.syntax.lexis import Misread, Reader, Token

MAX_DEPTH = 40
_MOST_DOUBTS = 16

Callback = Callable[[list[Any], Span], Any]


@dataclass(frozen=True, slots=True)
class Stuck(Exception):
    """The parser cannot go on: the word met, the states it was met in, and the words read before it.

    ``doubtful`` are the words read as keywords where a name could have stood.
    """

    token: Token
    stack: tuple[int, ...]
    before: tuple[tuple[Token, tuple[int, ...]], ...]
    doubtful: tuple[Token, ...] = ()


class _Built(NamedTuple):
    """What a rule made: a node, or (spliced) a list of values to hand on; its place, and how deep it is nested."""

    value: Any
    start: int
    end: int
    depth: int


class StatementParser:
    """A parser of statements: the shipped table in lark's shape, with a callback for every production."""

    def __init__(self, tables: Tables, callbacks: Mapping[str, Callback], deep: frozenset[str]) -> None:
        rules = [_lark_rule(production) for production in tables.productions]
        self.states = {
            at: {
                word: (Shift, action) if action >= 0 else (Reduce, rules[-1 - action])
                for word, action in actions.items()
            }
            for at, actions in enumerate(tables.states)
        }  # fmt: skip
        table = IntParseTable(self.states, {"start": tables.start}, {"start": tables.end})  # type: ignore[no-untyped-call]
        kept = frozenset(VALUES)
        reducing: dict[Any, Callable[[list[Any]], Any]] = {
            rule: _reducer(production, callbacks, deep, kept)
            for rule, production in zip(rules, tables.productions, strict=True)
        }
        self._reading = ParseConf(table, reducing, "start")
        self._keywords = frozenset(next(iter(tables.keywords.values())))
        self._trying = ParseConf(table, {}, "start")

    def read(self, reader_for: Callable[[frozenset[int]], Reader], may_be_name: Callable[[str], bool]) -> Any:
        """The statement of one line. A word that is a keyword and may be a name is the keyword where the line can be
        read so, and else the name: the last such word gives way first.

        ``reader_for`` starts the line anew with the words at these places read as names. Raises :class:`Stuck` or
        :class:`Misread` with the fault of the first reading.
        """
        names: frozenset[int] = frozenset()
        try:
            return self.run(reader_for(names))
        except Stuck as stuck:
            first = furthest = stuck
        # Each pass makes one more word a name, so that there are no more passes than words in doubt.
        while True:
            doubtful = [token.start for token in furthest.doubtful if may_be_name(str(token.value))]
            for at in reversed(doubtful[-_MOST_DOUBTS:]):
                try:
                    return self.run(reader_for(names | {at}))
                except Misread:
                    continue
                except Stuck as stuck:
                    if stuck.token.start > furthest.token.start:
                        furthest, names = stuck, names | {at}
                        break
            else:
                raise first

    def run(self, reader: Reader) -> Any:
        """The statement of one line; raises :class:`Stuck` or :class:`Misread` at its first fault."""
        state: ParserState[int] = ParserState(self._reading, reader)  # type: ignore[arg-type]  # only handed through
        stack, states = state.state_stack, self.states
        read: list[tuple[Token, tuple[int, ...]]] = []
        doubtful: list[Token] = []
        while True:
            wanted = states[stack[-1]]
            token = reader.read(wanted)
            if "NAME" in wanted and token.type in self._keywords and str(token.value).isidentifier():
                doubtful.append(token)
            before = tuple(stack)
            ended = token.type == END
            try:
                done = state.feed_token(token, ended)  # type: ignore[arg-type]  # lark asks a token for its type alone
            except UnexpectedToken:
                raise Stuck(token, tuple(stack), tuple(read), tuple(doubtful)) from None
            if ended:
                return done.value if type(done) is _Built else done
            read.append((token, before))

    def viable(self, stack: tuple[int, ...], kind: str) -> bool:
        """Whether a word of this kind can really stand next: the table alone promises too much."""
        state: ParserState[int] = ParserState(self._trying, None, list(stack))  # type: ignore[arg-type]
        try:
            state.feed_token(Token(kind, "", 0, 0), kind == END)  # type: ignore[arg-type]
        except UnexpectedToken:
            return False
        return True

    def expected(self, stack: tuple[int, ...]) -> tuple[str, ...]:
        """The kinds of word that can stand next."""
        return tuple(kind for kind in self.states[stack[-1]] if kind.isupper() and self.viable(stack, kind))


class _Known(Rule):
    """A rule told apart as an object: lark's own hash would read the whole expansion at every step."""

    __hash__ = object.__hash__
    __eq__ = object.__eq__


def _lark_rule(production: Production) -> Rule:
    """lark's engine asks a rule for the length of its expansion and for the name of its origin."""
    return _Known(NonTerminal(production.origin), [NonTerminal("")] * production.size)


def _reducer(
    production: Production, callbacks: Mapping[str, Callback], deep: frozenset[str], kept: frozenset[str]
) -> Callable[[list[Any]], Any]:
    if production.spliced:
        return partial(_splice, kept=kept)
    if not production.callback:
        return _hand_on
    return partial(_build, callback=callbacks[production.callback], deeper=production.callback in deep, kept=kept)


def _hand_on(parts: list[Any]) -> Any:
    return parts[0]


def _splice(parts: list[Any], *, kept: frozenset[str]) -> _Built:
    children, depth = _children(parts, kept)
    return _Built(children, parts[0].start, parts[-1].end, depth)


def _build(parts: list[Any], *, callback: Callback, deeper: bool, kept: frozenset[str]) -> _Built:
    children, depth = _children(parts, kept)
    span = Span(parts[0].start, parts[-1].end)
    depth += deeper
    if depth > MAX_DEPTH:
        raise Misread(problem("RUB113", span, help="depth", limit=MAX_DEPTH, what=depth))
    return _Built(callback(children, span), span.start, span.end, depth)


def _children(parts: list[Any], kept: frozenset[str]) -> tuple[list[Any], int]:
    """What the parts hand on: a keyword and a sign nothing."""
    children: list[Any] = []
    depth = 0
    for part in parts:
        if type(part) is Token:
            if part.type in kept:
                children.append(part)
            continue
        value = part.value
        if type(value) is not list:
            if value is not None:
                children.append(value)
        elif children:
            children.extend(value)
        else:
            # A spliced list grows in place: a sum of a thousand terms costs a thousand steps.
            children = value
        depth = part.depth if part.depth > depth else depth
    return children, depth
