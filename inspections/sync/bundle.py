"""Everything for days without a network, in one answer: what is asked, where, by when."""

import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from backend.accounts.current import Person
from backend.accounts.models import Role
from backend.common.typeface import CODE_POINTS
from inspections.checklists.models import ChecklistVersion
from inspections.fieldwork.models import Inspection
from inspections.planning.models import Assignment
from inspections.records import drawing
from inspections.submission.rules import MAX_PHOTOS
from inspections.sync import cursors
from inspections.sync.places import establishments, told
from inspections.sync.scope import FORMAT, Scope, local, places_of

# The oldest app that may begin new work; what any app has collected is always taken.
MIN_CLIENT = "1.0.0"
PUSH_ITEMS = 20
PHOTO_BYTES = 200 * 1024
# What a phone needs of a checklist; the rest is for records, the office and the figures.
PARTS = (
    "code", "version", "title", "kinds", "rule_set", "rule_sets", "severities", "commodities",
    "measures", "sections",
)  # fmt: skip


def build(scope: Scope) -> dict[str, Any]:
    """The body of the bundle, in a dozen statements whatever its size."""
    by = scope.by
    places = establishments(scope, places_of(by, scope.day))
    return {
        "format": FORMAT,
        "etag": scope.etag,
        "cursor": cursors.write(scope),
        "server_time": local(timezone.now()),
        "min_client": MIN_CLIENT,
        "person": scope.person,
        "checklists": list(checklists(by, {place["kind"] for place in places})),
        "establishments": places,
        "assignments": [
            assignment(row) for row in with_people(open_assignments(by)).order_by("due_on", "pk")
        ],
        "drafts": drafts(drafts_of(by)),
        "limits": {
            "photo_bytes": PHOTO_BYTES,
            "evidence_bytes": settings.EVIDENCE_LIMIT,
            "push_items": PUSH_ITEMS,
            "push_bytes": settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
            "photos": MAX_PHOTOS,
        },
        "letters": letters(),
        "signing_keys": _signing_keys(),
    }


def open_assignments(by: Person) -> QuerySet[Assignment]:
    return Assignment.objects.of(by.id).filter(status=Assignment.Status.OPEN)


def with_people(rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """With what ``assignment`` tells of each, in two statements."""
    return rows.select_related("establishment", "inspector").prefetch_related("memberships__person")


def assignment(row: Assignment) -> dict[str, Any]:
    return told(
        id=str(row.pk),
        establishment=row.establishment.code,
        checklist=row.checklist,
        due_on=row.due_on.isoformat(),
        kind=row.kind,
        grounds=row.grounds,
        follows=str(row.follows_id) if row.follows_id else None,
        team=[person.username for person in (row.inspector, *row.team)] if row.team else None,
    )


def drafts_of(by: Person) -> QuerySet[Inspection]:
    """Drafts that this person may go on with."""
    rows = Inspection.objects.visible_to(by.id, by.role)
    return rows.filter(status=Inspection.Status.DRAFT)


def drafts(rows: QuerySet[Inspection]) -> list[dict[str, Any]]:
    """Where each is and how far its server's copy has come; the rest is fetched when wanted."""
    found = rows.order_by("pk").values_list("pk", "version", "establishment__code")
    return [
        {"id": str(pk), "version": version, "establishment": place} for pk, version, place in found
    ]


def checklists_of(by: Person) -> QuerySet[ChecklistVersion]:
    """The newest published version of each code, and those that work under way names."""
    published = ChecklistVersion.objects.filter(status=ChecklistVersion.Status.PUBLISHED)
    newer = published.filter(code=OuterRef("code"), version__gt=OuterRef("version"))
    followed = Inspection.objects.filter(
        pk__in=open_assignments(by).filter(follows__isnull=False).values("follows")
    )
    under_way = Q(pk__in=drafts_of(by).values("checklist"))
    under_way |= Q(pk__in=followed.values("checklist"))
    newest = Q(status=ChecklistVersion.Status.PUBLISHED) & ~Exists(newer)
    return ChecklistVersion.objects.filter(newest | under_way).order_by("code", "version")


def checklist(row: ChecklistVersion) -> dict[str, Any]:
    content: Mapping[str, Any] = row.content
    return {
        "name": row.name,
        "sha256": row.sha256,
        "approved": bool(row.approved_number),
        "content": {part: content[part] for part in PARTS if part in content},
    }


def checklists(by: Person, kinds: set[str]) -> Iterator[dict[str, Any]]:
    """An inspector may be sent anywhere; a manager needs what fits the own places."""
    for row in checklists_of(by):
        if by.role == Role.INSPECTOR or kinds & set(row.content["kinds"]):
            yield checklist(row)


@cache
def letters() -> str:
    """What the record's typeface has, as ranges of code points in hexadecimal: ``20-7e,a0-17f``."""
    return ",".join(
        f"{first:x}" if first == last else f"{first:x}-{last:x}" for first, last in CODE_POINTS
    )


def _signing_keys() -> list[dict[str, str]]:
    """Public keys under which records are signed, today's and former ones."""
    return [_public(pem) for pem in drawing.trusted_roots().certificates]


def _public(certificate: bytes) -> dict[str, str]:
    key = x509.load_pem_x509_certificate(certificate).public_key()
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return {"sha256": hashlib.sha256(der).hexdigest(), "pem": pem.decode()}
