"""``docs/api.md`` is true: it lists every public name once, functions as they are called, and its program runs."""

import ast
import contextlib
import inspect
import io
import re
from pathlib import Path

import pytest
from blocks import Document

import rubric_engine

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "api.md").read_text("utf-8")
LISTED = re.findall(r"^\| `([^`]+)` \| (.+) \|$", PAGE, re.M)


def called(name: str) -> str:
    """A function as a caller writes it: names, defaults, the star before what must be named. A class by its name."""
    found = getattr(rubric_engine, name)
    if not inspect.isfunction(found):
        return name
    signature = inspect.signature(found)
    bare = [each.replace(annotation=inspect.Parameter.empty) for each in signature.parameters.values()]
    return name + str(inspect.Signature(bare))


def test_every_public_name_is_listed_once_as_it_is_called() -> None:
    public = sorted(called(name) for name in rubric_engine.__all__ if name != "__version__")
    assert sorted(name for name, _ in LISTED) == public
    assert all(len(words) > 10 for _, words in LISTED)


@pytest.mark.parametrize("name", [name for name in rubric_engine.__all__ if name != "__version__"])
def test_help_says_something_of_every_public_name(name: str) -> None:
    assert len(inspect.getdoc(getattr(rubric_engine, name)) or "") > 15


def test_type_checkers_see_the_names_where_they_are() -> None:
    """The imports for type checkers and the table for running code name the same things in the same places."""
    tree = ast.parse((ROOT / "rubric_engine" / "__init__.py").read_text("utf-8"))
    (checked,) = (node for node in tree.body if isinstance(node, ast.If))
    seen = {}
    for line in checked.body:
        assert isinstance(line, ast.ImportFrom)
        assert line.module is not None
        for one in line.names:
            assert one.asname == one.name
            seen[one.name] = line.module.removeprefix("rubric_engine.")
    assert seen == rubric_engine._HOMES


def test_the_program_prints_what_stands_below_it(monkeypatch: pytest.MonkeyPatch) -> None:
    (found,) = re.finditer(r"^```python\n(.*?)^```\n\n```text\n(.*?)^```\n", PAGE, re.M | re.S)
    monkeypatch.chdir(ROOT / "rubrics" / "vn")
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(found[1], {})
    assert said.getvalue() == found[2]


def test_links_lead_somewhere() -> None:
    assert Document("docs/api.md").broken_links() == set()
