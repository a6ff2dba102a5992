"""Functions defined from others: their names in each language and what they mean, as ``grammars/builtins.toml`` says.

An author's own ``define`` or ``table`` of the same name goes before them.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import Any

from rubric_engine.plan.record import record
from rubric_engine.source import Span
from rubric_engine.syntax.locate import grammar_text
from rubric_engine.syntax.tree import nodes as n


@record
class Builtin:
    """A function: ``name`` is its English one, ``spelled`` its name by language, ``means`` a formula of its parameters.

    It never falls as one of those in ``rises`` grows, nor rises as one of those in ``falls`` does.
    """

    name: str
    spelled: Mapping[str, str]
    parameters: tuple[str, ...]
    means: str
    rises: tuple[str, ...]
    falls: tuple[str, ...]


_HEAD = re.compile(r"(\w+)\(([^()]*)\)")


@cache
def builtins() -> Mapping[str, Builtin]:
    """Every function by its English name."""
    found: dict[str, Builtin] = {}
    for name, entry in tomllib.loads(grammar_text("builtins.toml")).items():
        heads = {language: _HEAD.fullmatch(entry[language]) for language in ("en", "vi")}
        spelled = {language: head[1] for language, head in heads.items() if head is not None}
        english = heads["en"]
        parameters = tuple(each.strip() for each in english[2].split(",")) if english is not None else ()
        found[name] = Builtin(
            name, MappingProxyType(spelled), parameters, entry["means"], tuple(entry["rises"]), tuple(entry["falls"])
        )
    return MappingProxyType(found)


@cache
def _names() -> Mapping[str, str]:
    return {word: each.name for each in builtins().values() for word in each.spelled.values()}


def builtin(word: str) -> Builtin | None:
    """The function of that name in any language."""
    name = _names().get(word)
    return None if name is None else builtins()[name]


def functions(language: str) -> tuple[str, ...]:
    """The names of all functions in a language."""
    return tuple(each.spelled[language] for each in builtins().values())


def spell_function(name: str, language: str) -> str:
    """What a function is called in a language."""
    return builtins()[name].spelled[language]


@cache
def definition(name: str) -> n.DefineClause:
    """The function as an author would define it."""
    from rubric_engine.source import SourceFile
    from rubric_engine.syntax.parser import parse

    each = builtins()[name]
    text = f'rubric "" id _\ndefine {name}({", ".join(each.parameters)}) = {each.means}\n'
    (clause,) = (one for one in parse(SourceFile.from_text(text)).tree.statements if isinstance(one, n.DefineClause))
    return clause


def at_place(node: Any, span: Span) -> Any:
    """A piece of a definition as if it were written where it is called: findings point there."""
    if isinstance(node, tuple):
        return tuple(at_place(part, span) for part in node)
    if isinstance(node, Span):
        return span
    if not is_dataclass(node) or isinstance(node, type):
        return node
    return replace(node, **{each.name: at_place(getattr(node, each.name), span) for each in fields(node)})


def with_builtins(statements: list[n.Statement | None], text: str) -> list[n.Statement | None]:
    """The statements with calls of these functions marked, under their English names; not where the text defines the
    name itself, or uses a file that might."""
    if not _calls().search(text) or any(isinstance(one, n.UseClause) for one in statements):
        return statements
    own = {one.name.text for one in statements if isinstance(one, n.DefineClause | n.TableClause)}
    return [_marked(one, own) for one in statements]


@cache
def _calls() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, _names()))})\s*\(")


def _marked(node: Any, own: set[str]) -> Any:
    if isinstance(node, tuple):
        return tuple(_marked(part, own) for part in node)
    if not is_dataclass(node) or isinstance(node, type | Span):
        return node
    found = replace(node, **{each.name: _marked(getattr(node, each.name), own) for each in fields(node)})
    if isinstance(found, n.Apply) and found.name.text not in own:
        each = builtin(found.name.text)
        if each is not None:
            return n.Apply(n.Ident(each.name, found.name.span), found.args, found.span, builtin=True)
    return found
