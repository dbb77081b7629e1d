"""Every model of the stages, in the order of an inspection's life."""

from inspections.checklists.models import ChecklistVersion
from inspections.disputes.models import Appeal, Publication, Reply
from inspections.evidence.models import Evidence, EvidenceUpload
from inspections.fieldwork.models import (
    EvidenceReference,
    Finding,
    Inspection,
    InspectionMember,
    RefusedSubmission,
)
from inspections.followup.models import (
    Correction,
    CorrectionPhoto,
    FindingException,
)
from inspections.notices.models import SentDigest
from inspections.planning.models import (
    Assignment,
    AssignmentMember,
    AssignmentSeries,
    CalendarFeed,
)
from inspections.plastics.models import BagReturn
from inspections.records.models import Addendum, Record, RecordSequence
from inspections.submission.models import DraftConflict, DraftPath
from inspections.sync.quarantine_models import QuarantinedItem, QuarantinedPhoto

__all__ = [
    "Addendum",
    "Appeal",
    "Assignment",
    "AssignmentMember",
    "AssignmentSeries",
    "BagReturn",
    "CalendarFeed",
    "ChecklistVersion",
    "Correction",
    "CorrectionPhoto",
    "DraftConflict",
    "DraftPath",
    "Evidence",
    "EvidenceReference",
    "EvidenceUpload",
    "Finding",
    "FindingException",
    "Inspection",
    "InspectionMember",
    "Publication",
    "QuarantinedItem",
    "QuarantinedPhoto",
    "Record",
    "RecordSequence",
    "RefusedSubmission",
    "Reply",
    "SentDigest",
]
