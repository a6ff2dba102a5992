"""What scores one unit: asked for by whoever takes many units, years or changes."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Protocol

from rubric_engine.facts.facts import Facts
from rubric_engine.meaning.limits import Limits
from rubric_engine.meaning.reading import Reading
from rubric_engine.plan.plan import Plan
from rubric_engine.result.result import Result


class Scorer(Protocol):
    """What scores one unit: a compiled rubric, or an evaluator of a plan."""

    @property
    def plan(self) -> Plan: ...

    @property
    def limits(self) -> Limits: ...

    def read(self, submission: object) -> Facts: ...

    def read_onto(self, facts: Facts, changes: Mapping[str, Mapping[str, object]]) -> Facts: ...

    def reading(self, facts: Facts) -> Reading: ...

    def score(self, inputs: object) -> Fraction: ...

    def evaluate(self, submission: object) -> Result: ...
