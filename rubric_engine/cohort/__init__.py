"""Many units scored by one rubric: figures taken over all of them, ranks, quotas, how often each grade was given.

A figure of the cohort (``average rate among units``) is taken in passes before any unit is scored; a unit that is still
pending makes it a range, and everything that depends on it says so.
"""

from rubric_engine.cohort.csv_rows import CsvProblem as CsvProblem
from rubric_engine.cohort.csv_rows import CsvRead as CsvRead
from rubric_engine.cohort.csv_rows import CsvRow as CsvRow
from rubric_engine.cohort.csv_rows import read_csv as read_csv
from rubric_engine.cohort.entry import UnitProblem as UnitProblem
from rubric_engine.cohort.figures import Figure as Figure
from rubric_engine.cohort.figures import Figures as Figures
from rubric_engine.cohort.figures import Place as Place
from rubric_engine.cohort.grades import GradeCount as GradeCount
from rubric_engine.cohort.grades import UnitGrade as UnitGrade
from rubric_engine.cohort.ranking import RankRow as RankRow
from rubric_engine.cohort.ranking import RankTable as RankTable
from rubric_engine.cohort.ranking import Unranked as Unranked
from rubric_engine.cohort.ranking import UnrankedUnit as UnrankedUnit
from rubric_engine.cohort.scoring import Cohort as Cohort
from rubric_engine.cohort.scoring import score_cohort as score_cohort
from rubric_engine.cohort.statistics import Outcome as Outcome
from rubric_engine.cohort.statistics import Why as Why
