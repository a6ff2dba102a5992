"""Modules on their way: the sources an evaluator needs, as one compressed text that loads as a package of its own.

What its modules say goes with them: of the words of every language, the sections they speak from.

A published evaluator must not meddle with an engine installed beside it, nor with another evaluator of another version:
its package has a name of its own, made from what is in it.
"""

import ast
import json
import re
import zlib
from base64 import b85encode
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from rubric_engine.tell.words import PLURAL, sections_of

ENGINE = "rubric_engine"
WORDS = f"{ENGINE}.tell.words"
_SPEAKS = re.compile(r"\bWords\(([^)]*)\)")
_WIDTH = 160


@dataclass(frozen=True)
class Packed:
    """A package of sources. ``name`` is what it is imported as, ``text`` the compressed sources, line by line."""

    name: str
    text: tuple[str, ...]

    def module(self, engine_name: str) -> str:
        """What a module of the engine is called inside the package."""
        return engine_name.replace(ENGINE, self.name, 1)


@cache
def packed(
    entries: tuple[str, ...], without: frozenset[str] = frozenset(), *, bare: bool = False, language: str | None = None
) -> Packed:
    """The modules named and all of the engine's that they import, each under the name of the new package.

    Modules in ``without``, and what only they import, are left behind: importing one there fails. ``bare`` leaves
    out what is there for readers alone. ``language`` is the only one that is spoken.
    """
    names = sorted(_needed(entries, without))
    sources = {_place(name): _bare(_source(name)) if bare else _source(name) for name in names}
    if WORDS in names:
        spoken = {section for name in names for section in _sections_named(_source(name))}
        sources |= _words({PLURAL, *spoken}, language)
    digest = sha256(json.dumps(sources).encode()).hexdigest()
    package = f"_{ENGINE}_{digest[:12]}"
    renamed = {f"{package}/{place}": text.replace(ENGINE, package) for place, text in sources.items()}
    return Packed(package, compressed(json.dumps(renamed, ensure_ascii=False, sort_keys=True)))


def _words(sections: set[str], language: str | None) -> dict[str, str]:
    """The words of every language, or of one, of the sections alone that the modules speak from."""
    folder = _file(WORDS).parent
    found = {}
    for path in sorted(folder.glob(f"{language or '*'}.toml")):
        parts = [f"[{name}]\n{text}" for name, text in sections_of(path.stem).items() if name in sections]
        found[_place(WORDS).replace("__init__.py", path.name)] = "".join(parts)
    return found


def _sections_named(source: str) -> Iterator[str]:
    for call in _SPEAKS.findall(source):
        yield from re.findall(r'"(\w+)"', call)


def _bare(source: str) -> str:
    """The module without comments and docstrings, and without the types of what its functions take and give."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        if isinstance(node, ast.arg):
            node.annotation = None
    return ast.unparse(tree)


def compressed(text: str) -> tuple[str, ...]:
    """Lines of plain letters from which ``zlib`` and base 85 give the text back."""
    whole = b85encode(zlib.compress(text.encode(), 9)).decode()
    return tuple(whole[at : at + _WIDTH] for at in range(0, len(whole), _WIDTH))


def _needed(entries: tuple[str, ...], without: frozenset[str]) -> set[str]:
    found: set[str] = set()
    todo = list(entries)
    while todo:
        name = todo.pop()
        if name in found or name in without:
            continue
        found.add(name)
        todo += imported_by(name)
        if "." in name:
            todo.append(name.rpartition(".")[0])
    return found - {ENGINE}


@cache
def imported_by(name: str) -> tuple[str, ...]:
    """The modules of the engine that one imports, at its top or inside a function; not those named for types alone."""
    found: list[str] = []
    todo: list[ast.AST] = [ast.parse(_source(name))]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == ENGINE:
            inside = [f"{node.module}.{alias.name}" for alias in node.names]
            found += [each if _is_module(each) else node.module for each in inside]
        todo += ast.iter_child_nodes(node)
    return tuple(dict.fromkeys(found))


@cache
def _is_module(name: str) -> bool:
    return _path(name) is not None


def _root() -> Path:
    root = find_spec(ENGINE)
    assert root is not None
    assert root.origin is not None
    return Path(root.origin).parent


def _path(name: str) -> Path | None:
    inside = _root().joinpath(*name.split(".")[1:])
    return next((path for path in (inside.with_suffix(".py"), inside / "__init__.py") if path.is_file()), None)


def _file(name: str) -> Path:
    path = _path(name)
    assert path is not None, name
    return path


def _place(name: str) -> str:
    """Where the module stands in its package: ``plan/expr.py``."""
    return _file(name).relative_to(_root()).as_posix()


@cache
def _source(name: str) -> str:
    return _file(name).read_text(encoding="utf-8")
