"""A round of scoring: dossiers, stages and what changed between them, claims, findings, deadlines, progress."""

from rubric_engine.rounds.claims import Claim as Claim
from rubric_engine.rounds.claims import ClaimReport as ClaimReport
from rubric_engine.rounds.claims import Verdict as Verdict
from rubric_engine.rounds.claims import check_claims as check_claims
from rubric_engine.rounds.deadlines import Lateness as Lateness
from rubric_engine.rounds.deadlines import lateness as lateness
from rubric_engine.rounds.differences import FactDifference as FactDifference
from rubric_engine.rounds.differences import LeafDifference as LeafDifference
from rubric_engine.rounds.differences import StageDifference as StageDifference
from rubric_engine.rounds.differences import difference as difference
from rubric_engine.rounds.dossier import Dossier as Dossier
from rubric_engine.rounds.dossier import Finding as Finding
from rubric_engine.rounds.dossier import StageEntry as StageEntry
from rubric_engine.rounds.findings import FindingStanding as FindingStanding
from rubric_engine.rounds.findings import Standing as Standing
from rubric_engine.rounds.findings import follow_up as follow_up
from rubric_engine.rounds.previous import previous_figures as previous_figures
from rubric_engine.rounds.progress import Completion as Completion
from rubric_engine.rounds.progress import Progress as Progress
from rubric_engine.rounds.progress import progress as progress
from rubric_engine.rounds.progress import progress_of as progress_of
from rubric_engine.rounds.reading import read_dossier as read_dossier
from rubric_engine.rounds.stages import StagedResult as StagedResult
from rubric_engine.rounds.stages import StageResult as StageResult
from rubric_engine.rounds.stages import score_stages as score_stages
from rubric_engine.rounds.stages import submission_at as submission_at
