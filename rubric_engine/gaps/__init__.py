"""Where the points went and what would win them back: leaf by leaf, for the next grade, and over many units."""

from rubric_engine.gaps.changes import FactChange as FactChange
from rubric_engine.gaps.leaf_gaps import AwaitedLeaf as AwaitedLeaf
from rubric_engine.gaps.leaf_gaps import Gaps as Gaps
from rubric_engine.gaps.leaf_gaps import LeafGap as LeafGap
from rubric_engine.gaps.leaf_gaps import Way as Way
from rubric_engine.gaps.leaf_gaps import find_gaps as find_gaps
from rubric_engine.gaps.losses import LeafLoss as LeafLoss
from rubric_engine.gaps.losses import LossReason as LossReason
from rubric_engine.gaps.losses import cohort_losses as cohort_losses
from rubric_engine.gaps.next_grade import NextGrade as NextGrade
from rubric_engine.gaps.next_grade import next_grade as next_grade
from rubric_engine.gaps.what_if import LeafMove as LeafMove
from rubric_engine.gaps.what_if import WhatIf as WhatIf
from rubric_engine.gaps.what_if import what_if as what_if
