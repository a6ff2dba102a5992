"""Problems with a submission: facts and a path, shown in the language of the rubric. Standard library only."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import partial
from types import MappingProxyType
from typing import Final, TypeVar

from rubric_engine.facts.fold import Folded, fold
from rubric_engine.facts.suggest import closest
from rubric_engine.meaning.exact import Unreadable, shown
from rubric_engine.plan.cells import cell_named
from rubric_engine.plan.record import record
from rubric_engine.tell.words import Words

phrase = Words("problems")


@record
class Problem:
    """One problem. ``path`` is its place in the submission (``evidence.decision[0].issued``); ``help`` picks a text."""

    code: str
    path: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    help: str = "help"

    def message(self, language: str = "en") -> str:
        """What is wrong, in one sentence."""
        return phrase.of(language).get(self.code, self.code).format_map(self._shown(language))

    def help_text(self, language: str = "en") -> str:
        """What to do about it."""
        return phrase.of(language).get(f"{self.code} {self.help}", "").format_map(self._shown(language))

    def _shown(self, language: str) -> "_Blank":
        """The values; what belongs to no heading is the sheet's."""
        sheet = {"node": phrase("sheet", language)} if self.values.get("node") == "" else {}
        return _Blank({**self.values, **sheet})

    def line(self, language: str = "en") -> str:
        """All of it on one line."""
        where = f"{self.path}: " if self.path else ""
        advice = self.help_text(language)
        return f"{where}{self.message(language)}{'; ' if advice else ''}{advice} [{self.code}]"


_PROBLEMS_TOLD: Final = 20


def more_problems(count: int, language: str) -> str:
    """What stands for the problems that are not told."""
    return phrase("more", language, count=count)


class ProblemList(list[Problem]):
    """Problems as they are found: no more than ``most`` are kept, the rest only counted in ``more``."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most
        self.more = 0

    def append(self, problem: Problem) -> None:
        """One more, kept or counted."""
        if len(self) < self.most:
            super().append(problem)
        else:
            self.more += 1

    def extend(self, problems: Iterable[Problem]) -> None:
        """Some more."""
        for problem in problems:
            self.append(problem)


class SubmissionError(ValueError):
    """A submission that cannot be scored as given. ``problems`` holds those found, in a fixed order, ``more`` how many
    there are beyond the limit the application set.

    ``str()`` tells the first twenty and how many more there are: a register has up to a hundred thousand rows. Nothing
    is half-scored: correct the submission and give it again.
    """

    def __init__(self, problems: Iterable[Problem], language: str = "en", *, more: int = 0) -> None:
        self.more = problems.more if isinstance(problems, ProblemList) else more
        self.problems = tuple(problems)
        self.language = language
        super().__init__(self.problems)

    def __str__(self) -> str:
        lines = [problem.line(self.language) for problem in self.problems[:_PROBLEMS_TOLD]]
        more = len(self.problems) - len(lines) + self.more
        if more:
            lines.append(more_problems(more, self.language))
        return "\n".join(lines)

    def __reduce__(self) -> tuple[object, ...]:
        return partial(SubmissionError, more=self.more), (self.problems, self.language)


class _Blank(dict[str, str]):
    """Shows a value that was not supplied as ``…`` and never fails."""

    def __missing__(self, key: str) -> str:
        return "…"


def refused(error: Unreadable, path: str) -> Problem:
    """The problem of a value that could not be read, with its place."""
    return Problem(error.code, path, dict(error.values), error.help)


# Types whose own code is Python's: what raises while one of them is read is a fault of this package.
_TRUSTED: Final = frozenset(
    (dict, list, tuple, str, int, float, bool, type(None), Decimal, Fraction, date, datetime)
)  # fmt: skip


def raised(error: Exception, value: object, path: str, *, whole: bool = False) -> Problem:
    """The problem of a value whose own code (``__eq__``, ``__getitem__``, ``__str__`` …) raised while it was read.

    ``whole`` is for a mapping or a list that should hold values. An error that is not the value's is raised again.
    """
    if type(value) in _TRUSTED:
        raise error
    what = {"what" if whole else "value": type(value).__name__, "error": type(error).__name__}
    return Problem("RUB510" if whole else "RUB502", path, what, "raised")


Read = TypeVar("Read")


def attempted(read: Callable[[object], Read], given: object, path: str, problems: list[Problem]) -> Read | None:
    """What was read, or ``None`` with the problem told."""
    try:
        return read(given)
    except Unreadable as error:
        problems.append(refused(error, path))
    except Exception as error:
        problems.append(raised(error, given, path))
    return None


Suggestions = dict[object, str | None]
Labels = Mapping[str, tuple[str, ...]]


def unknown(
    code: str, path: str, field: object, known: Iterable[str], guesses: Suggestions | None = None, **values: str
) -> Problem:
    """A name nothing here has, with the nearest one that exists, or a short list of them.

    ``guesses`` keeps what was found for a name, where the same one may come back in a hundred thousand rows.
    """
    names = tuple(known)
    values["field"] = shown(field)
    if guesses is None or field not in guesses:
        nearest = closest(field, names, same_digits=True) if isinstance(field, str) else None
        if guesses is not None:
            guesses[field] = nearest
    else:
        nearest = guesses[field]
    if nearest is not None:
        return Problem(code, path, {**values, "mend": nearest})
    return Problem(code, path, {**values, "known": _listed(names)}, "known" if names else "none")


_GUESSED: Final = 50


def known_keys(
    given: Mapping[object, object],
    known: frozenset[str],
    path: str,
    problems: list[Problem],
    code: str,
    order: Iterable[str],
    guesses: Suggestions | None = None,
    labels: Labels = MappingProxyType({}),
    **values: str,
) -> Mapping[str, object]:
    """The mapping under known names, however they were written; each other key is a problem.

    A key may be a label as well, where no name is spelt so: ``labels`` holds the names each folded label stands for.

    A mapping of the application's own is copied, entry by entry: after this only its values can raise.
    """
    own = type(given) is not dict
    with suppress(Exception):  # a key of the application's own class may raise: the copy below holds none
        if not own and given.keys() <= known:
            return given  # type: ignore[return-value]
    renamed: dict[str, object] = {}
    strange: list[str] = []
    names_known = Folded((name, None) for name in known)
    for key, value in ((key, None) for key in given) if own else given.items():
        name = names_known.written(str.__str__(key)) if isinstance(key, str) else None
        meant = labels.get(fold(key), ()) if name is None and isinstance(key, str) else ()
        name = meant[0] if len(meant) == 1 else name
        if len(meant) > 1:
            fitting = {"field": shown(key), "first": meant[0], "second": meant[1]}
            problems.append(Problem("RUB501", path + shown(key), fitting, "label"))
        elif name is None:
            strange.append(str.__str__(key) if isinstance(key, str) else _shown_key(key))
        elif name in renamed:
            problems.append(Problem("RUB510", path + name, {"what": name}, "twice"))
        else:
            try:
                renamed[name] = given[key] if own else value
            except Exception as error:
                problems.append(raised(error, given, path + name))
    names = tuple(order)
    for at, key in enumerate(sorted(strange, key=shown)):
        enough = at >= _GUESSED or (guesses is not None and len(guesses) >= _GUESSED and key not in guesses)
        shown_names = names[:1] if enough else names
        problems.append(unknown(code, path + shown(key), key, shown_names, guesses, **values))
    return renamed


def _shown_key(key: object) -> str:
    """A key that is no text, whatever showing it does."""
    try:
        return shown(key)
    except Exception:
        return type(key).__name__


def unmodelled(given: object) -> object:
    """A model (anything with ``model_dump``) as the mapping it stands for."""
    if isinstance(given, Mapping):
        return given
    dump = getattr(given, "model_dump", None)
    return dump() if callable(dump) and not isinstance(given, type) else given


def incomplete(missing: Iterable[str]) -> tuple[Problem, ...]:
    """One problem for each fact, figure, judgement (``judged CODE``), decision or cell that has no value yet."""
    found = []
    for name in missing:
        cell = cell_named(name)
        if cell is None:
            found.append(Problem("RUB513", _awaited_at(name), {"name": name}))
        else:
            # A path counts rows from 0, as every path of a problem does.
            path = f"inputs.{cell.register}[{cell.row - 1}].{cell.column}"
            found.append(Problem("RUB513", path, {"name": cell.column}))
    return tuple(found)


def _awaited_at(name: str) -> str:
    """Where a submission has it; a decision is given nowhere. Only a figure from elsewhere has a name of many words."""
    what, _, rest = name.partition(" ")
    if not rest:
        return f"inputs.{name}"
    return {"judged": f"judged.{rest}", "decision": ""}.get(what, f"references.{name}")


def _listed(names: tuple[str, ...]) -> str:
    listed = ", ".join(f"`{name}`" for name in names[:8])
    return f"{listed} …" if len(names) > 8 else listed
