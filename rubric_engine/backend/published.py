"""``publish``: one Python file that scores by one rubric and imports nothing outside the standard library.

The rules stand first, as written for the plan: straight-line Python with the codes and titles of the decision. Behind
them stand the plan and the engine's own modules, packed: what runs there is what runs here.
"""

from dataclasses import replace

from rubric_engine.backend.emit.module import NAMES, PythonModule
from rubric_engine.backend.emit.tables import constants_text
from rubric_engine.backend.packing import ENGINE, Packed, compressed, packed
from rubric_engine.plan.codec import encode_plan
from rubric_engine.plan.plan import Absent, Plan, PlanNode, Policy

DOOR = f"{ENGINE}.alone"
TOTAL_DOOR = f"{ENGINE}.alone_total"
# What reads a submission that is not complete: with these, and what only they need, left behind no ranges travel.
_RANGES = frozenset((f"{ENGINE}.ranges.sheet", f"{ENGINE}.ranges.headings"))
# What the rules use besides builtins, and where the engine keeps it; the rest is the standard library's.
_KEPT_IN = {
    "MISSING": "meaning.missing", "ScoringError": "meaning.reading", "Unsettled": "meaning.reading",
    "inexact": "meaning.inexact", "located": "plan.tables", "lowest_terms": "meaning.growth",
    "mean_product": "meaning.inexact", "months_after": "meaning.calendar", "months_from": "meaning.calendar",
    "power_mean": "meaning.inexact",
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

    python {file} submission.json{options}

{about}
"""

import json
import sys
from base64 import b85decode
from datetime import date
from fractions import Fraction
from functools import cache
from importlib import import_module
from importlib.util import spec_from_loader
from math import gcd
from pathlib import Path
from zlib import decompress
'''

_BEHIND = """\
Behind them stand the plan and the modules of the engine, compressed; `python evaluator.py --sources FOLDER` writes them
out as plain files."""
_ABOUT = f"""\
The rules come first: `total` computes the total that is published and nothing else, `trace` the same with every step
kept for the explanation, `pack` takes plain values to the whole numbers that both reckon with. {{missing}}
{_BEHIND}"""
_ABOUT_TOTAL = f"""\
The rules come first: `total` is all that is computed here, line by line as the decision has it. It takes complete
submissions; of any other it says what is missing.
{_BEHIND}"""
_WITH_RANGES = "Of what is not\ncomplete yet it says what is still possible."
_WITHOUT_RANGES = "Of what is not\ncomplete it says what is missing."

_LOADER = '''
def _opened(lines):
    return decompress(b85decode("".join(lines.split()))).decode()


@cache
def _sources():
    return json.loads(_opened(_MODULES))


class _Modules:
    """Loads the packed modules under names of their own, beside whatever else is installed."""

    @property
    def sources(self):
        return _sources()

    def find_spec(self, name, path=None, target=None):
        if not name.startswith(_PACKAGE):
            return None
        place = name.replace(".", "/")
        if place + ".py" in self.sources:
            return spec_from_loader(name, self, origin=place + ".py")
        if place + "/__init__.py" in self.sources or name == _PACKAGE:
            return spec_from_loader(name, self, origin=place + "/__init__.py", is_package=True)
        return None

    def create_module(self, spec):
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


def _ready():
    """Gives the rules the few things of the engine they reckon with."""
    globals().update({name: getattr(import_module(place), name) for name, place in _USED.items()})
'''

_TAIL = '''

@cache
def _door():
    """The engine with this rubric in it, opened when somebody first asks."""
    _ready()
    door = import_module(f"{{_PACKAGE}}.alone")
    return door.Alone(_opened(_PLAN), door.Written(pack, total, trace, _SCALES, {total_scale!r}), ranges={ranges!r})


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
'''

_TAIL_TOTAL = '''
@cache
def _door():
    """The reader of submissions with these rules in it, opened when somebody first asks."""
    _ready()
    return import_module(f"{{_PACKAGE}}.alone_total").AloneTotal(_opened(_PLAN), total, {total_scale!r})


def score(inputs, *, judged=None, evidence=None, references=None):
    """The published total, exactly: a Fraction; None where the sheet is not rated."""
    return _door().score(inputs, judged=judged, evidence=evidence, references=references)


def __getattr__(name):
    """SubmissionError, read_json: whatever the door knows."""
    if name == "PLAN":
        return _door().plan
    return getattr(import_module(f"{{_PACKAGE}}.alone_total"), name)
'''

_MAIN = '''

def main(arguments=None):
    """Score a submission file and print the result, or write the packed sources out."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments[:1] == ["--sources"] and len(arguments) == 2:
        for name, text in _sources().items():
            path = Path(arguments[1], name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return 0
    return _door().main(arguments)


if __name__ == "__main__":
    sys.exit(main())
'''


def publish(plan: Plan, module: PythonModule, *, with_ranges: bool = False, total_only: bool = False) -> str:
    """The whole file. The same plan gives the same bytes.

    By default points, states and reasons, of complete submissions; ``with_ranges`` also what is still possible of
    others, and a plan whose own rules speak of what is missing always has it. ``total_only`` is the total alone.
    """
    if with_ranges and total_only:
        raise ValueError("total_only takes complete submissions: it has no use for ranges")
    ranges = with_ranges or needs_ranges(plan)
    door = TOTAL_DOOR if total_only else DOOR
    stage = " [--stage NAME]" if plan.stages and not plan.stage else ""
    if total_only:
        options, about = "", _ABOUT_TOTAL
        rules = "\n\n\n".join([*([constants_text(plan)] if module.constants else []), module.total]) + "\n"
        tail = _TAIL_TOTAL.format(total_scale=module.total_scale) + _MAIN
    else:
        options = f" [--why] [--language en|vi]{stage}"
        about = _ABOUT.format(missing=_WITH_RANGES if ranges else _WITHOUT_RANGES)
        rules = module.source
        tail = _wrapped("_SCALES", module.scales) + _TAIL.format(total_scale=module.total_scale, ranges=ranges) + _MAIN
    used = {name: f"{ENGINE}.{place}" for name, place in _KEPT_IN.items() if name in rules}
    modules = packed((door, *used.values()), frozenset() if ranges else _RANGES, bare=total_only or not ranges,
                     language=plan.language if total_only else None)  # fmt: skip
    kept = _asked(plan) if total_only else plan
    parts = [
        _HEAD.format(
            title=_inert(plan.title), id=_inert(plan.id), version=_inert(plan.version), digest=plan.digest[:12],
            file="evaluator.py", options=options, about=about,
        ),
        _section("The rules"), rules,
        _section("The plan, and the modules of the engine"), _literal("_PLAN", compressed(encode_plan(kept))),
        _packed_text(modules), _LOADER, _imported(modules, used), _section("What this evaluator offers"), tail,
    ]  # fmt: skip
    return "\n\n".join(part.strip("\n") + "\n" for part in parts)


def needs_ranges(plan: Plan) -> bool:
    """Whether the rules say what holds where something is missing, or not there yet, so that only ranges can tell."""
    return bool(plan.stages or plan.references) or any(
        node.if_missing is not None or node.if_not_rated is not None for node in plan.nodes
    )


def _asked(plan: Plan) -> Plan:
    """The plan as far as a reader of submissions needs it: what is asked, what may wait for a decision, no rules."""
    nodes = tuple(
        PlanNode(node.code, "", "", node.minimum, node.maximum, None, (), 0, absent=tuple(
            Absent(None, each.policy) for each in node.absent if each.policy is Policy.UNDECIDED
        )) for node in plan.nodes
    )  # fmt: skip
    return replace(plan, lets=(), nodes=nodes, order=(), roots=(), limits=(), grades=(), notes=(), header=())


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


def _imported(modules: Packed, used: dict[str, str]) -> str:
    """What the rules reckon with; they look names up when they run, so it is there once the modules are opened."""
    lines = [f'    "{name}": "{modules.module(place)}",' for name, place in used.items()]
    return "\n".join([_STANDARD["ordinal"], "_USED = {", *lines, "}"])


def _inert(text: str) -> str:
    """An author's words as part of a docstring: one line, of any script, that cannot end it."""
    plain = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(plain.replace("\\", "/").replace('"', "'").split())[:200]
