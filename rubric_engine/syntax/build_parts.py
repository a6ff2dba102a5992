"""Small parts that the callbacks of the grammar share: pieces of clauses on their way up, names, numbers, texts."""

from collections.abc import Iterable
from typing import Any

from rubric_engine.diagnostics.shape import Fix
from rubric_engine.diagnostics.shape import problem
from rubric_engine.runtime.record import record
from rubric_engine.source import Span
from rubric_engine.syntax.keywords import all_reserved_words
from rubric_engine.syntax.keywords import list_words
from rubric_engine.syntax.keywords import soft_words
from rubric_engine.syntax.keywords import type_words
from rubric_engine.syntax.lexis import Misread
from rubric_engine.syntax.lexis import Token
from rubric_engine.syntax.nodes import Ident
from rubric_engine.syntax.nodes import Name
from rubric_engine.syntax.nodes import Num
from rubric_engine.syntax.nodes import Text
from rubric_engine.syntax.statement import Callback

# Decimal places beyond this say nothing about points and cost arithmetic.
MAX_PLACES = 12


@record
class Part:
    """A piece of a clause on its way up: what it is, and its value."""

    kind: str
    value: Any
    span: Span


def part(kind: str) -> Callback:
    """A callback that marks its only child, or itself when it has none."""

    def made(children: list[Any], span: Span) -> Part:
        return Part(kind, children[0] if children else True, span)

    return made


def marked(kind: str, value: Any) -> Callback:
    """A callback for a keyword that is a value of its own."""
    return lambda children, span: Part(kind, value, span)


def handed_on(children: list[Any], span: Span) -> Any:
    """The only child."""
    return children[0]


def find(children: Iterable[Any], kind: str, default: Any = None) -> Any:
    """The value of the part of this kind; a second one is refused."""
    found = [child for child in children if isinstance(child, Part) and child.kind == kind]
    if len(found) > 1:
        raise Misread(problem("RUB101", found[1].span, help="twice", found="", expected=""))
    return found[0].value if found else default


def text(token: Token) -> Text:
    """The text of a STRING."""
    assert isinstance(token.value, Text)
    return token.value


def number(token: Token) -> Num:
    """The number of a NUMBER."""
    assert isinstance(token.value, Num)
    return token.value


def percent(token: Token) -> Num:
    """The number of a NUMBER, where only a percentage makes sense."""
    value = number(token)
    if not value.percent:
        shown = str(value.value.numerator) if value.value.denominator == 1 else "20"
        fix = Fix(Span(token.end, token.end), "%")
        raise Misread(problem("RUB101", token.span, help="percent", fix=fix, found="", expected=f"{shown}%"))
    return value


def whole(token: Token, limit: int) -> int:
    """A whole number not above the limit, where only such a number makes sense."""
    value = number(token)
    if value.percent or value.value.denominator != 1 or value.value > limit:
        raise Misread(problem("RUB114", token.span, help="whole", found="", limit=limit))
    return int(value.value)


def ident(token: Token) -> Ident:
    """A name or a code, as used."""
    return Ident(word(token), token.span)


def named(name: Token | Name) -> Ident:
    """A name as used. One that could open a reducer arrives as a name of an expression."""
    return Ident(name.text, name.span) if isinstance(name, Name) else ident(name)


def word(token: Token) -> str:
    """The text of a name or code. A keyword of several words may stand for a name nowhere."""
    shown = str(token.value)
    if " " in shown:
        raise Misread(problem("RUB101", token.span, help="keyword", found=shown, expected=""))
    return shown


def declared(token: Token) -> Ident:
    """A name where it is made known: a keyword of either language could not be used afterwards."""
    name = ident(token)
    if name.text in all_reserved_words():
        raise Misread(problem("RUB111", token.span, found=name.text, mend=f"{name.text}_1"))
    return name


def levels_name(token: Token) -> Ident:
    """The name of a list of levels: it stands where a type stands, so it cannot be called like one."""
    name = declared(token)
    if name.text in type_words():
        raise Misread(problem("RUB111", token.span, found=name.text, mend=f"{name.text}_1"))
    return name


def register_name(name: Ident) -> None:
    """Refuses the name of a register that would read as a phrase where its rows are counted: ``share of units``."""
    if name.text in list_words():
        raise Misread(problem("RUB111", name.span, found=name.text, mend=f"{name.text}_1"))


def function_name(token: Token) -> Ident:
    """A name that is called: before a bracket more words are keywords than elsewhere."""
    name = declared(token)
    if name.text in soft_words():
        raise Misread(problem("RUB111", token.span, found=name.text, mend=f"{name.text}_1"))
    return name
