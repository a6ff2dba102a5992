"""Work of a first reading: it grows with the width of a group as its sheet does, whatever combines it."""

import sys
from types import FrameType

import pytest

from rubric_engine import compile_rubric


def sheet(width: int, combined: str) -> str:
    weighted = combined == "weighted mean"
    lines = ['rubric "Wide" id t.wide', "version 1", f"total {width} points", f'area 1 "A" {width} points']
    lines += [f"  combine {combined}"] if combined else []
    for i in range(width):
        lines.append(f'criterion 1.{i} "C" 1 point' + (f" weight {i % 7 + 1}" if weighted else ""))
        lines += [f"  input x{i}: count", f"  score by x{i}", "    3 or more: 1", "    below 3: 0"]
    return "\n".join(lines)


def calls(width: int, combined: str) -> int:
    """How many functions are called by the first reading, the writing of its code and all its results."""
    rubric = compile_rubric(sheet(width, combined))
    found = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal found
        found += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        assert rubric.evaluate({"inputs": {"x0": 3}}).nodes[0].reasons is not None
        assert rubric.evaluate({"inputs": {f"x{i}": 3 for i in range(width)}}).total.published == width
    finally:
        sys.setprofile(None)
    return found


@pytest.mark.parametrize("combined", ["", "weighted mean", "mean", "median", "lowest"])
def test_the_first_reading_is_linear_in_the_width_of_a_group(combined: str) -> None:
    calls(10, combined)  # what is done once in a process
    assert calls(160, combined) < 4.5 * calls(40, combined)
