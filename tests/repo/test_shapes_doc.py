"""Every rubric of docs/shapes.md checks clean, passes its examples, and is as the formatter writes it."""

from pathlib import Path

import pytest
from blocks import Block, Document, assert_formatted, assert_holds, name_of

SHAPES = Document("docs/shapes.md")


@pytest.mark.parametrize("block", SHAPES.right, ids=name_of)
def test_it_holds(block: Block, tmp_path: Path) -> None:
    assert_holds(block, tmp_path)
    assert_formatted(block)


def test_there_is_one_for_each_shape() -> None:
    assert len(SHAPES.right) == 3
