"""Finding, reading and writing files: paths as given, rubrics shipped with the package, submissions in JSON."""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import rubric_engine
from rubric_engine.cli.terminal import system_language, wrong_use
from rubric_engine.cli.words import misused, near, say
from rubric_engine.facts.suggest import closest

SUFFIX = ".rubric"
STDIN = "-"
_SEPARATORS = ("/", os.sep)


def shipped_folder() -> Path | None:
    """Where the shipped rubrics lie: inside an installed wheel, beside the package in a checkout."""
    package = Path(rubric_engine.__file__).parent
    places = (package / "_rubrics", package.parent / "rubrics")
    return next((place for place in places if place.is_dir()), None)


def shipped() -> dict[str, Path]:
    """Name to path of every shipped rubric."""
    folder = shipped_folder()
    return {} if folder is None else {path.name.removesuffix(SUFFIX): path for path in _below(folder)}


def _below(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob(f"*{SUFFIX}")) if path.is_file())


def find_rubric(word: str, language: str | None = None) -> Path:
    """A path, with or without its suffix, or the name of a shipped rubric; leaves with exit code 2 otherwise.

    ``language`` is that of the complaint, by default the system's: no rubric tells it yet.
    """
    known = shipped()
    found = _named(word, known)
    if found is not None:
        return found
    speak = language or system_language()
    hint = near(closest(word.removesuffix(SUFFIX), known), speak)
    raise wrong_use(say("no_rubric", speak, word=word, hint=hint))


def _named(word: str, known: dict[str, Path]) -> Path | None:
    """A file of one's own comes before a shipped rubric of that name: it may be a copy that was changed."""
    beside = Path(word + SUFFIX)
    if _is(Path.is_file, path := Path(word)):
        return path
    if not word.endswith(_SEPARATORS) and _is(Path.is_file, beside):
        return beside
    return known.get(word.removesuffix(SUFFIX))


def find_rubrics(words: list[str], language: str | None = None) -> list[Path]:
    """As :func:`find_rubric` for several; a folder stands for all rubrics in it.

    The units of a rubric often lie in a folder of its name, which must not hide it: ``x`` is the rubric, ``x/`` the
    folder.
    """
    found: list[Path] = []
    known = shipped()
    for word in words:
        if not _is(Path.is_dir, Path(word)) or _named(word, known) is not None:
            found.append(find_rubric(word, language))
            continue
        inside = list(_below(Path(word)))
        if not inside:
            raise wrong_use(say("no_rubric_inside", language or system_language(), word=word))
        found += inside
    return list(dict.fromkeys(found))


def find_submission(word: str, rubric: Path, language: str) -> Path:
    """A path, or the name of a submission kept beside the rubric: ``x/NAME.json`` beside ``x.rubric``."""
    folder = rubric.with_suffix("")
    for path in (Path(word), folder / f"{word.removesuffix('.json')}.json"):
        if _is(Path.is_file, path):
            return path
    known = {each.stem: each for each in sorted(folder.glob("*.json"))} if folder.is_dir() else {}
    name = word.removesuffix(".json")
    if name in known:
        return known[name]
    deeper = {path.stem: str(path) for path in sorted(folder.rglob("*.json"))} if folder.is_dir() else {}
    close = closest(name, known) or deeper.get(name)
    raise wrong_use(say("no_submission", language, word=word, hint=near(close, language)))


def _is(kind: Callable[[Path], bool], path: Path) -> bool:
    """False also for what can be no path at all: a NUL in it, a name too long."""
    try:
        return kind(path)
    except (OSError, ValueError):
        return False


def read_bytes(path: Path) -> bytes:
    """All bytes of a file; leaves with exit code 2 when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as problem:
        raise misused("cannot_read", path=path, fault=problem.strerror or problem) from None


def read_stdin() -> bytes:
    """All bytes of standard input; none where it is closed."""
    if sys.stdin is None or sys.stdin.closed:
        return b""
    # A test runner may put a stream in its place that has only one of the two.
    return sys.stdin.buffer.read() if hasattr(sys.stdin, "buffer") else sys.stdin.read().encode("utf-8")


def read_submission(word: str, rubric: Path, language: str) -> object:
    """The JSON of a submission file, or of standard input for ``-``; raises SubmissionError when it is not JSON."""
    from rubric_engine.facts.facts import read_json

    return read_json(read_stdin() if word == STDIN else read_bytes(find_submission(word, rubric, language)), language)


def is_dossier(given: object) -> bool:
    """It says more than a submission can: stages, findings, words, days."""
    more = ("stages", "cycle", "findings", "remarks", "explanations", "asks", "done")
    return isinstance(given, dict) and any(name in given for name in more)


def write_whole(path: Path, text: str, *, crlf: bool = False) -> None:
    """Write a file so that it is either the old one or the new one, never half of it; keeps its permissions."""
    target = Path(os.path.realpath(path))
    data = (text.replace("\n", "\r\n") if crlf else text).encode("utf-8")
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            os.chmod(name, target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_mask())
            os.replace(name, target)
        except BaseException:
            with suppress(OSError):
                os.unlink(name)
            raise
    except OSError as problem:
        raise misused("cannot_write", path=path, fault=problem.strerror or problem) from None


def _mask() -> int:
    """The process's file creation mask, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
