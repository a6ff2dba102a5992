"""What was made of a rubric's text, kept for the next run: its plan, what the check found, the compiled functions.

It lies in a folder of the user's own (see :func:`folder`), one file a part, named by all that it hangs on. A file is
read only where folder and file are ours alone, and nothing of it is taken before its digest was found to be right.
Whatever goes wrong (no room, no rights, a damaged file) means only that nothing is kept. Standard library only.
"""

import marshal
import os
import stat
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

OFF: Final = "off"
_NAME: Final = "rubric-engine"
_SUFFIX: Final = ".kept"
_MAGIC: Final = b"rubric-engine kept 1\n"
MOST_FILES: Final = 400
MOST_BYTES: Final = 64_000_000
_LARGEST: Final = MOST_BYTES // 8
_A_DAY: Final = 86_400
# Values of parameters whose `repr` tells all of them.
_PLAIN: Final = (str, int, bool, float, Fraction, Decimal, date, type(None))


def folder() -> Path | None:
    """Where things are kept: below `RUBRIC_CACHE`, else where this system keeps such; ``None`` if nowhere."""
    said = os.environ.get("RUBRIC_CACHE", "").strip()
    if said:
        return None if said.lower() == OFF else Path(said).absolute() / _NAME
    try:
        if sys.platform == "win32":
            local = os.environ.get("LOCALAPPDATA")
            return Path(local) / _NAME / "Cache" if local else None
        if sys.platform == "darwin":
            return Path.home() / "Library" / "Caches" / _NAME
        base = Path(os.environ.get("XDG_CACHE_HOME", ""))
        return (base if base.is_absolute() else Path.home() / ".cache") / _NAME
    except RuntimeError:  # no home
        return None


class Kept:
    """The parts kept of one rubric as it was loaded: plain values and code, by the name of the part."""

    def __init__(self, place: Path, key: str) -> None:
        self._place = place
        self._key = key

    def at(self, more: str) -> "Kept":
        """Parts that hang by something more: a stage, the text with all the files it uses."""
        return Kept(self._place, sha256(f"{self._key}\0{more}".encode()).hexdigest())

    def get(self, part: str) -> Any:
        """What was put there, or ``None``."""
        try:
            whole = self._bytes(self._path(part))
            head = len(_MAGIC) + 32
            if whole is None or not whole.startswith(_MAGIC) or whole[len(_MAGIC) : head] != self._seal(
                part, whole[head:]
            ):  # fmt: skip
                return None
            return marshal.loads(whole[head:])
        except (OSError, ValueError, EOFError, TypeError):
            return None

    def put(self, part: str, value: Any) -> None:
        """Keep a value; whole or not at all, whoever else writes there."""
        try:
            payload = marshal.dumps(value)
            if len(payload) > _LARGEST or not _ours(self._place):
                return
            handle, name = tempfile.mkstemp(dir=self._place, prefix=".", suffix=_SUFFIX)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(_MAGIC + self._seal(part, payload) + payload)
                os.replace(name, self._path(part))
            except BaseException:
                with suppress(OSError):
                    os.unlink(name)
                raise
            _make_room(self._place)
        except (OSError, ValueError):
            return

    def _path(self, part: str) -> Path:
        return self._place / f"{self._key[:40]}-{part}{_SUFFIX}"

    def _seal(self, part: str, payload: bytes) -> bytes:
        # INVARIANT: the digest covers what the file is for as well, so that one put in another's place is refused.
        return sha256(f"{self._key}\0{part}\0".encode() + payload).digest()

    def _bytes(self, path: Path) -> bytes | None:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as file:
            about = os.fstat(handle)
            if not stat.S_ISREG(about.st_mode) or not _is_mine(about, stat.S_IWGRP | stat.S_IWOTH):
                return None
            if about.st_size > _LARGEST + 1024 or not _ours(self._place):
                return None
            whole = file.read()
        if time.time() - about.st_mtime > _A_DAY:  # what is used stays longest
            with suppress(OSError):
                os.utime(path)
        return whole


def kept(data: bytes, name: str, parameters: Mapping[str, object] | None, limits: object, version: str) -> Kept | None:
    """Where the parts of a rubric are kept by this version of the engine; ``None`` where nothing can be."""
    place = folder()
    given = sorted((parameters or {}).items())
    if place is None or any(type(value) not in _PLAIN for _, value in given):
        return None
    told = repr((
        name, [(key, type(value).__name__, repr(value)) for key, value in given], limits, version, _engine(),
        sys.implementation.cache_tag, sys.version_info[:3], sys.flags.optimize,
    ))  # fmt: skip
    return Kept(place, sha256(told.encode("utf-8", "surrogatepass") + b"\0" + data).hexdigest())


def digest(data: bytes) -> str:
    """What tells one file's content from another's."""
    return sha256(data).hexdigest()


@cache
def _engine() -> str:
    """The sources of the engine, as they lie there.

    What pip has put in place only pip changes; in a checkout every file may be another than a moment ago.
    """
    package = Path(__file__).resolve().parent
    seen = sha256(os.fsencode(package))
    try:
        if (package / "_grammars").is_dir():
            about = os.stat(__file__)
            seen.update(f"{about.st_ino} {about.st_ctime_ns} {about.st_size}".encode())
        else:
            for line in sorted([*_stamps(package), *_stamps(package.parent / "grammars")]):
                seen.update(line.encode("utf-8", "surrogatepass"))
    except OSError:  # loaded from an archive
        pass
    return seen.hexdigest()


def _stamps(place: str | Path) -> Iterator[str]:
    with os.scandir(place) as inside:
        for each in inside:
            if each.is_dir():
                if each.name != "__pycache__":
                    yield from _stamps(each.path)
            else:
                about = each.stat()
                yield f"{each.path} {about.st_size} {about.st_mtime_ns}\n"


# ---------------------------------------------------------------- the folder


def _is_mine(about: os.stat_result, not_allowed: int) -> bool:
    """Owned by us, and nobody else may do what is not allowed; where there are no such owners, yes."""
    if not hasattr(os, "getuid"):
        return True
    return about.st_uid == os.getuid() and not about.st_mode & not_allowed


def _ours(place: Path) -> bool:
    """Whether the folder is there, or could be made, for us alone."""
    try:
        os.makedirs(place.parent, mode=0o700, exist_ok=True)
        with suppress(FileExistsError):
            os.mkdir(place, 0o700)
        about = os.lstat(place)
    except OSError:
        return False
    return stat.S_ISDIR(about.st_mode) and _is_mine(about, stat.S_IRWXG | stat.S_IRWXO)


def _make_room(place: Path) -> None:
    """Take away what was not used for longest, down to three quarters of what is allowed."""
    with os.scandir(place) as inside:
        files = [(each.stat(follow_symlinks=False), each.path) for each in inside if each.name.endswith(_SUFFIX)]
    count, size = len(files), sum(about.st_size for about, _ in files)
    if count <= MOST_FILES and size <= MOST_BYTES:
        return
    for about, path in sorted(files, key=lambda file: file[0].st_mtime_ns):
        if count <= MOST_FILES * 3 // 4 and size <= MOST_BYTES * 3 // 4:
            return
        with suppress(OSError):
            os.unlink(path)
        count, size = count - 1, size - about.st_size
