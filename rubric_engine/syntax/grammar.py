"""The parse table: built from ``rubric.lark`` by lark, shipped as JSON.

The grammar names terminals only, so one table serves every language; the keyword tables travel with it. A table is
used only if it was made from exactly the grammar files that are there; otherwise it is built in memory, which takes
about half a second. ``python -m rubric_engine.syntax.grammar`` writes it, as the build of the wheel does.
"""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import sha256
from typing import Any

from rubric_engine.plan.record import record
from rubric_engine.syntax.locate import grammar_text, tables_path

# Raised when the shape of the JSON changes; a table of another shape is not read.
_FORMAT = 3

SIGNS = {
    "(": "LPAR",
    ")": "RPAR",
    ",": "COMMA",
    ":": "COLON",
    "=": "EQ",
    "!=": "NE",
    "<": "LT",
    "<=": "LE",
    ">": "GT",
    ">=": "GE",
    "+": "PLUS",
    "-": "MINUS",
    "*": "STAR",
    "[": "LBRACK",
    "]": "RBRACK",
    "/": "SLASH",
    "^": "CARET",
}
VALUES = ("NAME", "CODE", "NUMBER", "DATE", "STRING")
END = "$END"

class GrammarError(ValueError):
    """The grammar or the keyword table is at fault; never the author of a rubric."""


@record
class Production:
    """One rule: ``callback`` makes the node of ``size`` symbols.

    An empty callback hands on the only child (``?rule``); ``spliced`` rules give their children to the rule above.
    """

    origin: str
    size: int
    callback: str
    spliced: bool


@record
class Tables:
    """The LALR automaton and the keywords. In a state, a number from 0 is the next state, a negative one a rule."""

    states: tuple[Mapping[str, int], ...]
    productions: tuple[Production, ...]
    start: int
    end: int
    keywords: Mapping[str, Mapping[str, tuple[str, ...]]]
    conventions: Mapping[str, Mapping[str, Any]]


@cache
def tables() -> Tables:
    """The table of the installed grammar."""
    sources = _sources()
    return _read(_shipped(sources) or _build(sources))


def is_fresh() -> bool:
    """Whether a table is there, made from exactly the grammar files that are there."""
    return _shipped(_sources()) is not None


def _shipped(sources: tuple[str, str]) -> Mapping[str, Any] | None:
    path = tables_path()
    if not path.is_file():
        return None
    try:
        data: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return None
    return data if data.get("key") == _key(sources) else None


def write() -> None:
    """Build the table and write it where :func:`tables` looks for it."""
    path = tables_path()
    path.parent.mkdir(exist_ok=True)
    data = _build(_sources())
    path.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def _sources() -> tuple[str, str]:
    return grammar_text("rubric.lark"), grammar_text("keywords.toml")


def _key(sources: tuple[str, str]) -> str:
    return sha256("\0".join((str(_FORMAT), *sources)).encode()).hexdigest()


def _read(data: Mapping[str, Any]) -> Tables:
    return Tables(
        states=tuple(data["states"]),
        productions=tuple(Production(*rule) for rule in data["productions"]),
        start=data["start"],
        end=data["end"],
        keywords={
            language: {meaning: tuple(forms) for meaning, forms in table.items()}
            for language, table in data["keywords"].items()
        },
        conventions=data["conventions"],
    )


# ---------------------------------------------------------------- building, with lark


def _build(sources: tuple[str, str]) -> dict[str, Any]:
    import tomllib

    grammar, table = sources
    read = tomllib.loads(table)
    meanings: dict[str, dict[str, list[str]]] = read["keywords"]
    states, productions, start, end = _automaton(grammar, meanings)
    languages = list(read["conventions"])
    keywords = {language: {name: forms[language] for name, forms in meanings.items()} for language in languages}
    for language in languages:
        _refuse_twins(states, keywords[language], language)
    return {
        "key": _key(sources),
        "start": start,
        "end": end,
        "conventions": read["conventions"],
        "keywords": keywords,
        "productions": productions,
        "states": states,
    }


def _automaton(
    grammar: str, meanings: Iterable[str]
) -> tuple[list[dict[str, int]], list[tuple[str, int, str, bool]], int, int]:
    """States and rules as lark makes them, in our own plain form."""
    from lark.grammar import Rule
    from lark.lexer import TerminalDef

    data, memo = _lark(grammar, meanings).memo_serialize([TerminalDef, Rule])
    table = data["parser"]["parser"]
    rules = [(identity, each) for identity, each in memo.items() if each["__type__"] == "Rule"]
    rules.sort(key=lambda rule: (rule[1]["origin"]["name"], rule[1]["order"], str(rule[1]["expansion"])))
    numbers = {identity: at for at, (identity, _) in enumerate(rules)}
    # lark's states are sets, in an order that changes from run to run: count them as they are met from the start.
    start = table["start_states"]["start"]
    order = {start: 0}
    states: list[dict[str, int]] = []
    for state in (waiting := [start]):
        actions: dict[str, int] = {}
        for token, (kind, argument) in sorted((table["tokens"][at], act) for at, act in table["states"][state].items()):
            if kind == 0:
                if argument not in order:
                    order[argument] = len(order)
                    waiting.append(argument)
                actions[token] = order[argument]
            else:
                actions[token] = -1 - numbers[argument["@"]]
        states.append(actions)
    return states, [_production(each) for _, each in rules], 0, order[table["end_states"]["start"]]


def _production(rule: Mapping[str, Any]) -> tuple[str, int, str, bool]:
    name: str = rule["origin"]["name"]
    size = len(rule["expansion"])
    alias: str | None = rule["alias"]
    if name.startswith("_"):
        return name, size, "", True
    options = rule["options"]
    if alias is None and options is not None and options["expand1"]:
        if size != 1:
            raise GrammarError(f"a rule `{name}` that hands on its child needs exactly one")
        return name, size, "", False
    return name, size, alias or name, False


def _lark(grammar: str, meanings: Iterable[str]) -> Any:
    """The lark instance; a conflict, which lark would settle silently, is refused."""
    import logging

    from lark import Lark, logger
    from lark.lexer import Lexer

    class Declared(Lexer):
        """Terminals have no patterns here, and lark never reads a text."""

        def __init__(self, conf: object) -> None: ...

        def lex(self, *_: object) -> Any:
            return iter(())

    found: list[str] = []
    handler = logging.Handler(logging.DEBUG)
    handler.emit = lambda record: found.append(record.getMessage())  # type: ignore[method-assign]
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        declared = " ".join(sorted({*meanings, *VALUES, *SIGNS.values()}))
        built = Lark(
            f"{grammar}\n%declare {declared}\n", parser="lalr", lexer=Declared, debug=True, maybe_placeholders=False
        )
    finally:
        logger.setLevel(level)
        logger.removeHandler(handler)
    conflicts = [message for message in found if "conflict" in message.lower()]
    if conflicts:
        raise GrammarError("the grammar is not LALR(1):\n" + "\n".join(conflicts))
    return built


def _refuse_twins(states: Iterable[Mapping[str, int]], keywords: Mapping[str, list[str]], language: str) -> None:
    """No state may take two keywords that are written alike: one would hide the other."""
    for actions in states:
        seen: dict[str, str] = {}
        for meaning in actions:
            for form in keywords.get(meaning, ()):
                if seen.setdefault(form, meaning) != meaning:
                    raise GrammarError(f"{language}: `{form}` is both {seen[form]} and {meaning} in one place")


if __name__ == "__main__":
    write()
