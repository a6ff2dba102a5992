"""Work counted in calls of functions, never in seconds: the same on every machine, however busy."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class TooMuchWork(BaseException):
    """Nothing may catch this: what was to be bounded is not."""


@contextmanager
def at_most(calls: int) -> Iterator[None]:
    """Whatever is done inside calls functions, Python's own among them, no more often than that."""
    left = calls
    before = sys.getprofile()

    def count(frame: FrameType, event: str, arg: object) -> None:
        nonlocal left
        if event in ("call", "c_call"):
            left -= 1
            if left < 0:
                raise TooMuchWork(f"more than {calls} calls, at {frame.f_code.co_qualname}")

    sys.setprofile(count)
    try:
        yield
    finally:
        sys.setprofile(before)
