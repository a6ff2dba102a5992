"""A progress bar for a person who waits: on a terminal only, and only once the work has taken a second."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.progress import Progress

Tell = Callable[[int, int], None]
_PATIENCE: Final = 1.0


@contextmanager
def bar(words: str) -> Iterator[Tell | None]:
    """What long work tells its steps to; ``None`` where nobody watches (a pipe, a file)."""
    stream = sys.stderr
    if stream is None or stream.closed or not stream.isatty():
        yield None
        return
    shown = _Bar(words)
    try:
        yield shown.tell
    finally:
        shown.close()


class _Bar:
    def __init__(self, words: str) -> None:
        self._words = words
        self._began = time.monotonic()
        self._progress: Progress | None = None

    def tell(self, done: int, every: int) -> None:
        """So many steps of so many are done."""
        if self._progress is None:
            if time.monotonic() - self._began < _PATIENCE:
                return
            self._open(every)
        assert self._progress is not None
        self._progress.update(self._progress.task_ids[0], completed=done, total=every)

    def _open(self, every: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self._progress.add_task(self._words, total=every)
        self._progress.start()

    def close(self) -> None:
        """Take the bar off the screen."""
        if self._progress is not None:
            self._progress.stop()
