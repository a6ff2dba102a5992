"""Room for what looks into an author's expressions: how deep the caller stands must not decide what can be read.

Standard library only.
"""

from collections.abc import Callable
from contextvars import copy_context
from functools import wraps
from threading import Thread
from typing import Any, ParamSpec, TypeVar

_Taken = ParamSpec("_Taken")
_Given = TypeVar("_Given")


def with_room(function: Callable[_Taken, _Given]) -> Callable[_Taken, _Given]:
    """The function; where the caller's stack has no room left for it, done once more on a stack of its own.

    The depth of expressions is bounded (RUB113), so a stack of its own is room enough.
    """

    @wraps(function)
    def call(*args: _Taken.args, **kwargs: _Taken.kwargs) -> _Given:
        try:
            return function(*args, **kwargs)
        except RecursionError:
            return _on_its_own(lambda: function(*args, **kwargs))

    return call


def _on_its_own(work: Callable[[], _Given]) -> _Given:
    outcome: dict[str, Any] = {}

    def run() -> None:
        try:
            outcome["value"] = work()
        except BaseException as error:
            outcome["error"] = error

    thread = Thread(target=copy_context().run, args=(run,), name="rubric_engine")
    thread.start()
    thread.join()
    if "error" in outcome:
        raise outcome["error"]
    value: _Given = outcome["value"]
    return value
