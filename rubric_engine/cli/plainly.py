"""The straight way of ``score`` and ``check``: said plainly they need no library for command lines.

Loading one takes longer than scoring. Whatever is not said in just this way (help, abbreviations, other options, a
mistake) goes the usual way.
"""

from collections.abc import Callable
from functools import partial

from rubric_engine.tell.words import ENGLISH, is_spoken

_SHAPES = ("text", "json", "markdown", "md", "csv")


def plainly(words: list[str]) -> Callable[[], None] | None:
    """What does it, where a command is ``score FILE SUBMISSION`` or ``check FILE…`` with none but the plainest options.

    Those are ``--why`` without a code, ``--format`` and ``--language`` with a value that there is.
    """
    command, *rest = words or [""]
    if command not in ("score", "check"):
        return None
    files: list[str] = []
    options: dict[str, str] = {}
    left = iter(rest)
    for word in left:
        if not word.startswith("-") or word == "-":
            files.append(word)
        elif word == "--why" and command == "score" and "why" not in options:
            options["why"] = "*"
        elif word in ("--format", "--language") and word[2:] not in options:
            options[word[2:]] = next(left, "")
        else:
            return None
    # `--why CODE` and three files look alike, and so do two files and a code that is missing one.
    if not files or (command == "score" and len(files) != 2) or not is_spoken(options.get("language", ENGLISH)):
        return None
    shapes = _SHAPES if command == "score" else _SHAPES[:2]
    if options.get("format", "text") not in shapes:
        return None
    return partial(_score if command == "score" else _check, files, options)


def _score(files: list[str], options: dict[str, str]) -> None:
    from rubric_engine.cli.result import ResultShape, score_one

    score_one(
        files[0], files[1], ResultShape(options.get("format", "text")), options.get("why"),
        language=options.get("language"),
    )  # fmt: skip


def _check(files: list[str], options: dict[str, str]) -> None:
    from rubric_engine.cli.findings import Shape, check_files

    check_files(files, Shape(options.get("format", "text")), language=options.get("language"))
