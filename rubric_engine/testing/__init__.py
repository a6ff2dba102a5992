"""A test kit for rubrics: submissions of any rubric as hypothesis strategies, invariants, and a pytest plugin.

Needs the extra ``testing``. With it installed, pytest collects ``*.rubric`` files: that they check clean, every worked
example, and with ``--rubric-invariants`` what must hold of any sheet.

>>> @given(submissions(rubric))                              # doctest: +SKIP
... def test_it_is_scored(submission):
...     assert rubric.evaluate(submission).total.low >= 0
>>> check_invariants(rubric)                                 # doctest: +SKIP
"""

from rubric_engine.testing.invariants import INVARIANTS as INVARIANTS
from rubric_engine.testing.invariants import Invariant as Invariant
from rubric_engine.testing.invariants import more_never_lowers as more_never_lowers
from rubric_engine.testing.runs import InvariantError as InvariantError
from rubric_engine.testing.runs import check_invariants as check_invariants
from rubric_engine.testing.strategies import cohorts as cohorts
from rubric_engine.testing.strategies import invalid_submissions as invalid_submissions
from rubric_engine.testing.strategies import partial_submissions as partial_submissions
from rubric_engine.testing.strategies import submissions as submissions
