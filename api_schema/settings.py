"""How the API description is made, for ``SPECTACULAR_SETTINGS``.

What lies above this package is named by text, so that it stays below all that it describes.
"""

from typing import Any

DESCRIPTION = """\
Inspections of food safety at model markets and of plastic bags at supermarkets: checklist in,
receipt at once, signed record later.

**Sending twice is safe.** Every verb that a phone uses may be repeated after a lost answer.

**Errors** are problem documents (RFC 9457) with a stable `code` and, where fields are at fault,
`errors` with JSON pointers. Titles are in Vietnamese, or in English where `Accept-Language` asks
for it first. Any operation may besides answer 405 with `Allow` to a verb that its address lacks.

**Lists** are keyset pages: follow `next` until it is null. A query parameter that the operation
does not list, and a single one given twice, answer 400 `unknown_parameter`.

**Who may call** stands in `x-roles`: `public` needs no token; the others are the role of the
account. **Which objects** stands in `x-object`: `own` (the caller's: the drafts of one's team, the
places of one's appointment, one's devices and photos), `visible` (all that the caller may read),
`public` (whatever its address names), `none` (the verb is about no stored object). Without a
token: 401. An object that the caller may not know of: 404, for every verb. A verb that is not
the caller's on an object that the caller may read, or without any object: 403.
"""

TAGS = {
    "auth": "Signing in, and the devices that are signed in",
    "establishments": "Markets, supermarkets, trade centres, and their stalls",
    "stalls": "One stall and its history",
    "administrative-units": "Provinces, districts and communes with their days of validity",
    "authorities": "Who inspects and issues records",
    "appointments": "Who may act where",
    "checklists": "What is asked",
    "inspections": "Drafts, submissions, results and records",
    "evidence": "Photos, by SHA-256",
    "findings": "What visits have found, and what was done about it",
    "assignments": "Which visits the department asks for",
    "planning": "Which place to visit next, and the inspectors' calendars",
    "follow-up-proposals": "Follow-up visits that are due and asked of nobody",
    "appeals": "Verdicts that a place asks to be looked at again",
    "summaries": "Figures of a period, with what they are made of",
    "bag-returns": "Monthly figures of bags at supermarkets",
    "public": "For whoever holds a record",
    "sync": "Phones: everything for days offline, and everything that was done there",
    "conflicts": "Bodies that came under the id of another one",
    "quarantine": "What phones brought after a session had ended, for the department to decide",
    "audit": "Who did what when",
}

ENUM_NAMES = {
    "Role": "backend.accounts.models.Role",
    "EstablishmentKind": "markets.models.Establishment.Kind",
    "UnitLevel": "markets.models.AdministrativeUnit.Level",
    "InspectionKind": "inspections.fieldwork.models.Inspection.Kind",
    "ChecklistStatus": "inspections.checklists.models.ChecklistVersion.Status",
    "InspectionStatus": "inspections.fieldwork.models.Inspection.Status",
    "FindingStatus": "inspections.followup.queries.STATUSES",
    "CorrectionState": "inspections.followup.models.Correction.State",
    "AppealState": "inspections.disputes.models.Appeal.State",
    "AssignmentKind": "inspections.planning.models.Assignment.Kind",
    "AssignmentStatus": "inspections.planning.models.Assignment.Status",
    "BagReturnSource": "inspections.plastics.models.BagReturn.Source",
    "Verdict": "inspections.fieldwork.models.Inspection.Verdict",
    "RecordStatus": "inspections.records.serializers.PUBLIC_STATUSES",
    "QuarantineOp": "inspections.sync.quarantine_models.QuarantinedItem.Op",
    "QuarantineStatus": "inspections.sync.quarantine_models.QuarantinedItem.Status",
}

SPECTACULAR: dict[str, Any] = {
    "TITLE": "Food safety inspections",
    "VERSION": "1",
    "DESCRIPTION": DESCRIPTION,
    "LICENSE": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    # What a docstring tells colleagues is not what a client needs to know.
    "DISABLE_DOCSTRING_DESCRIPTIONS": True,
    "TAGS": [{"name": name, "description": text} for name, text in TAGS.items()],
    "ENUM_NAME_OVERRIDES": ENUM_NAMES,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "inspections.submission.schema.add_document",
        "api_schema.hooks.add_problems",
        "api_schema.hooks.add_examples",
        "api_schema.hooks.share_texts",
    ],
}
