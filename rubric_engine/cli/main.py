"""The entry point. Typer and rich come with the extra ``cli``; without them a hint, not a traceback."""

import os
import sys
from collections.abc import Callable
from importlib.util import find_spec
from typing import TextIO

from rubric_engine.cli.plainly import plainly

_BROKEN = 3
# As a shell tells it of a program that was interrupted.
_STOPPED = 130


def run() -> None:
    """Run the command line; the installed script ``rubric`` calls this."""
    for stream in (sys.stdout, sys.stderr):
        _speak_utf8(stream)
    try:
        (plainly(sys.argv[1:]) or _usual())()
    except OSError as problem:
        # A full disk, a device that went away: the world's fault, said in its own words.
        _complain(problem.strerror or str(problem))
        _let_go(sys.stdout)
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        raise SystemExit(_STOPPED) from None
    except Exception as problem:
        # A bug of ours: the reader is no programmer, the traceback is for those who ask.
        if os.environ.get("RUBRIC_TRACEBACK"):
            raise
        _complain(f"internal error: {type(problem).__name__}: {problem} (RUBRIC_TRACEBACK=1 shows where)")
        raise SystemExit(_BROKEN) from None


def _usual() -> Callable[[], object]:
    if find_spec("typer") is None or find_spec("rich") is None:
        _complain('the command line needs two more packages: pip install "rubric-engine[cli]"')
        raise SystemExit(2)
    from rubric_engine.cli.app import app

    return app


def _complain(words: str) -> None:
    if sys.stderr is not None:
        sys.stderr.write(f"rubric: {words}\n")


def _let_go(stream: TextIO | None) -> None:
    """Python flushes once more when it ends; what could not be written before must not fail again."""
    if stream is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _speak_utf8(stream: TextIO | None) -> None:
    """Vietnamese must come out whole whatever the console's code page; a stream may be closed or replaced."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="backslashreplace")


if __name__ == "__main__":
    run()
