"""``publish``: one Python file that scores by one rubric and imports nothing outside the standard library.

The rules stand first, as written for the plan: straight-line Python with the codes and titles of the decision. Behind
them stand the plan and the engine's own modules, packed: what runs there is what runs here.
"""

from rubric_engine.backend.emit.module import NAMES, PythonModule
from rubric_engine.backend.packing import ENGINE, Packed, compressed, packed
from rubric_engine.plan.codec import encode_plan
from rubric_engine.plan.plan import Plan

DOOR = f"{ENGINE}.alone"
# What the rules use besides builtins, and where the engine keeps it; the rest is the standard library's.
_KEPT_IN = {
    "MISSING": "meaning.missing", "ScoringError": "meaning.reading", "Unsettled": "meaning.reading",
    "inexact": "meaning.inexact", "located": "plan.tables", "lowest_terms": "meaning.growth",
    "mean_product": "meaning.inexact", "power_mean": "meaning.inexact",
}  # fmt: skip
_STANDARD = {
    "Fraction": "from fractions import Fraction", "date": "from datetime import date", "gcd": "from math import gcd",
    "ordinal": "ordinal = date.toordinal",
}  # fmt: skip
assert set(NAMES) == {*_KEPT_IN, *_STANDARD}
_RULE = "# " + "-" * 88

_HEAD = '''"""{title}

An evaluator made from the rubric {id} {version}, digest {digest}.
It needs Python 3.11 or later and nothing else:

    python {file} submission.json [--why] [--language en|vi]{stage}

The rules come first: `total` computes the total that is published and nothing else, `trace` the same with every step
kept for the explanation, `pack` takes plain values to the whole numbers that both reckon with. Behind them stand the
plan and the modules of the engine, compressed; `python {file} --sources FOLDER` writes them out as plain files.
"""

import json
import sys
from base64 import b85decode
from datetime import date
from fractions import Fraction
from functools import cache
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.util import spec_from_loader
from math import gcd
from pathlib import Path
from zlib import decompress
'''

_LOADER = '''
def _opened(lines):
    return decompress(b85decode("".join(lines.split()))).decode()


class _Modules(MetaPathFinder, Loader):
    """Loads the packed modules under names of their own, beside whatever else is installed."""

    def __init__(self):
        self.sources = json.loads(_opened(_MODULES))

    def find_spec(self, name, path=None, target=None):
        place = name.replace(".", "/")
        if place + ".py" in self.sources:
            return spec_from_loader(name, self, origin=place + ".py")
        if place + "/__init__.py" in self.sources or name == _PACKAGE:
            return spec_from_loader(name, self, origin=place + "/__init__.py", is_package=True)
        return None

    def get_source(self, name):
        return self.sources.get(self.find_spec(name).origin, "")

    def get_data(self, place):
        if place not in self.sources:
            raise FileNotFoundError(place)
        return self.sources[place].encode()

    def exec_module(self, module):
        module.__file__ = module.__spec__.origin
        exec(compile(self.get_source(module.__name__), f"<{module.__name__}>", "exec"), module.__dict__)


if _PACKAGE not in sys.modules:
    sys.meta_path.append(_Modules())
'''

_TAIL = '''

@cache
def _door():
    """The engine with this rubric in it, opened when somebody first asks."""
    door = import_module(f"{{_PACKAGE}}.alone")
    return door.Alone(_opened(_PLAN), door.Written(pack, total, trace, _SCALES, {total_scale!r}))


def evaluate(submission, *, stage=None):
    """Points, states and reasons for every heading of one submission, at a stage of the rubric or as a whole."""
    return _door().evaluate(submission, stage=stage)


def score(inputs, *, judged=None, evidence=None, references=None):
    """The published total alone, exactly: a Fraction."""
    return _door().score(inputs, judged=judged, evidence=evidence, references=references)


def __getattr__(name):
    """SubmissionError, IncompleteError, read_json, Result …: whatever the door knows."""
    if name == "PLAN":
        return _door().plan
    return getattr(import_module(f"{{_PACKAGE}}.alone"), name)


def main(arguments=None):
    """Score a submission file and print the result, or write the packed sources out."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments[:1] == ["--sources"] and len(arguments) == 2:
        for name, text in json.loads(_opened(_MODULES)).items():
            path = Path(arguments[1], name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return 0
    return _door().main(arguments)


if __name__ == "__main__":
    sys.exit(main())
'''


def publish(plan: Plan, module: PythonModule) -> str:
    """The whole file. The same plan gives the same bytes."""
    modules = packed((DOOR, *(f"{ENGINE}.{place}" for place in _KEPT_IN.values())))
    parts = [
        _HEAD.format(
            title=_inert(plan.title), id=_inert(plan.id), version=_inert(plan.version), digest=plan.digest[:12],
            file="evaluator.py", stage=" [--stage NAME]" if plan.stages and not plan.stage else "",
        ),
        _section("The rules"), module.source,
        _section("The plan, and the modules of the engine"), _literal("_PLAN", compressed(encode_plan(plan))),
        _packed_text(modules), _LOADER, _imported(modules), _section("What this evaluator offers"),
        _wrapped("_SCALES", module.scales), _TAIL.format(total_scale=module.total_scale),
    ]  # fmt: skip
    return "\n\n".join(part.strip("\n") + "\n" for part in parts)


def _section(title: str) -> str:
    return f"{_RULE}\n# {title}\n{_RULE}"


def _packed_text(modules: Packed) -> str:
    return f"_PACKAGE = {modules.name!r}\n" + _literal("_MODULES", modules.text)


def _literal(name: str, lines: tuple[str, ...]) -> str:
    # Base 85 has neither quotes nor backslashes.
    return f'{name} = """\n' + "\n".join(lines) + '\n"""'


def _wrapped(name: str, scales: tuple[int | None, ...]) -> str:
    rows = [scales[at : at + 20] for at in range(0, len(scales), 20)]
    return f"{name} = (\n" + "".join(f"    {', '.join(map(repr, row))},\n" for row in rows) + ")"


def _imported(modules: Packed) -> str:
    """What the rules reckon with. They look names up when they run, so that these may stand behind them."""
    lines = [
        f"{name} = import_module({modules.module(f'{ENGINE}.{place}')!r}).{name}" for name, place in _KEPT_IN.items()
    ]
    return "\n".join([*lines, _STANDARD["ordinal"]])


def _inert(text: str) -> str:
    """An author's words as part of a docstring: one line, of any script, that cannot end it."""
    plain = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(plain.replace("\\", "/").replace('"', "'").split())[:200]
