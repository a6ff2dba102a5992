"""Small parts that the callbacks of the grammar share: pieces of clauses on their way up, names, numbers, texts."""

from collections.abc import Iterable
from typing import Any

from rubric_engine.diagnostics.shape import Diagnostic, Fix, problem
from rubric_engine.plan.record import record
from rubric_engine.source import Span
from rubric_engine.syntax.keywords import list_words, reserved_words
from rubric_engine.syntax.lexis import InBrackets, Misread, Token
from rubric_engine.syntax.statement import Callback
from rubric_engine.syntax.tree.nodes import Ident, Num, Text

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
    return Ident(str(token.value), token.span, isinstance(token.value, InBrackets))


def declared(token: Token, kind: str = "") -> Ident:
    """A name where it is made known: without brackets no word that is a keyword wherever such a name may stand."""
    name = ident(token)
    if not name.bracketed and name.text in reserved_words(kind):
        raise Misread(_keyword_as_name(name))
    return name


def register_name(name: Ident) -> None:
    """Refuses the name of a register that would read as a phrase where its rows are counted: ``share of units``."""
    if not name.bracketed and name.text in list_words():
        raise Misread(_keyword_as_name(name))


def _keyword_as_name(name: Ident) -> Diagnostic:
    mend = f"[{name.text}]"
    return problem("RUB111", name.span, fix=Fix(name.span, mend), found=name.text, mend=mend)
