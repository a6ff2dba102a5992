"""Writing to the outside world: exit codes, colour, pipes that close early."""

import os
import re
import sys

from rubric_engine.tell.rendering.screen import WIDTH, safe, wrap
from rubric_engine.tell.words import ENGLISH, is_spoken

# Control characters but for line ends, tabs and our own colours, and what turns the direction of writing.
_STEERING = re.compile(
    "(?!\x1b\\[[0-9;]*m)[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)

FINE = 0
FINDINGS = 1
WRONG_USE = 2


class Leave(SystemExit):
    """Ends the command with an exit code; everything has been said."""


def write(text: str, *, err: bool = False) -> None:
    """Write text to standard output, or standard error, whole lines only. A reader who left is no error.

    Texts of a rubric or a submission come from strangers: on a terminal nothing of them steers it. A file or a pipe
    gets them as they are.
    """
    stream = sys.stderr if err else sys.stdout
    if stream is None:
        return
    try:
        if stream.isatty():
            text = _STEERING.sub("\ufffd", text)
        stream.write(text if text.endswith("\n") or not text else text + "\n")
        stream.flush()
    except BrokenPipeError:
        # Python flushes once more when it ends; give it somewhere to flush to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    except ValueError:
        return


def wants_color(*, err: bool = False) -> bool:
    """Colour only for a person at a terminal who has not said no (``NO_COLOR``, ``TERM=dumb``)."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    stream = sys.stderr if err else sys.stdout
    return stream is not None and not stream.closed and stream.isatty()


def wrong_use(words: str) -> Leave:
    """Say what was wrong with the command itself; raise what comes back to leave with exit code 2."""
    first, *rest = wrap(f"rubric: {safe(words)}", WIDTH)
    write("\n".join([first, *(f"  {line}" for line in wrap(" ".join(rest), WIDTH - 2))]), err=True)
    return Leave(WRONG_USE)


def system_language() -> str:
    """The language of the environment where there are words in it, else English; only where no rubric tells one."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            spoken = re.split(r"[_.@]", value.lower())[0]
            return spoken if is_spoken(spoken) else ENGLISH
    return ENGLISH
