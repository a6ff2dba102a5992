"""One unit over several cycles: what changed, what cannot be compared, and the faults nobody put right."""

from rubric_engine.compare.cycles import CycleComparison as CycleComparison
from rubric_engine.compare.cycles import Doubt as Doubt
from rubric_engine.compare.cycles import NodeChange as NodeChange
from rubric_engine.compare.cycles import RepeatedDeduction as RepeatedDeduction
from rubric_engine.compare.cycles import TotalChange as TotalChange
from rubric_engine.compare.cycles import compare_cycles as compare_cycles
from rubric_engine.compare.history import LeafHistory as LeafHistory
from rubric_engine.compare.history import leaf_histories as leaf_histories
from rubric_engine.compare.history import never_put_right as never_put_right
from rubric_engine.compare.units import GroupChange as GroupChange
from rubric_engine.compare.units import UnitsComparison as UnitsComparison
from rubric_engine.compare.units import compare_units as compare_units
