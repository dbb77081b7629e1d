"""Every model of the stages, in the order of an inspection's life."""

from inspections.checklists.models import ChecklistVersion
from inspections.evidence.models import Evidence, EvidenceUpload
from inspections.fieldwork.models import (
    EvidenceReference,
    Finding,
    Inspection,
    InspectionMember,
    RefusedSubmission,
)
from inspections.records.models import Record, RecordSequence

__all__ = [
    "ChecklistVersion",
    "Evidence",
    "EvidenceReference",
    "EvidenceUpload",
    "Finding",
    "Inspection",
    "InspectionMember",
    "Record",
    "RecordSequence",
    "RefusedSubmission",
]
