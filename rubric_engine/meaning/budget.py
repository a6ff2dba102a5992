"""Work counted in steps, never in seconds: what may be spent, and what has been. Standard library only.

Some questions have answers that take a time exponential in what the author wrote. Whoever asks hands a budget down.
Once it is spent, ranges are no longer narrowed by conditions: they stay true, and are wider than they need be; searches
end undecided. The same text and facts always come to the same answer.
"""

from typing import Final

# One or two seconds of narrowing on a small machine; the largest sheets known take a tenth of that.
READING_STEPS: Final = 1_500_000
CHECK_STEPS: Final = 2_500_000
# Of reading one part of an expression, and of narrowing, beside one for each name that is carried over.
OF_A_PART: Final = 10
OF_A_COPY: Final = 10
# Facts and headings read again.
SEARCH_STEPS: Final = 400_000


class Budget:
    """Steps still left; ``whole``, where there is one, is spent along with it."""

    __slots__ = ("left", "whole")

    def __init__(self, steps: int, whole: "Budget | None" = None) -> None:
        self.left: int = steps if whole is None else max(0, min(steps, whole.left))
        self.whole = whole

    @property
    def spent(self) -> bool:
        """Nothing is left: what is found from now on may be wider than it need be, or not be found at all."""
        return self.left <= 0

    def take(self, steps: int = 1) -> bool:
        """Spend some steps; whether they were there."""
        if self.left <= 0:
            return False
        self.left -= steps
        if self.whole is not None:
            self.whole.left -= steps
        return True
