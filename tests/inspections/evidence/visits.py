"""People, places and inspections that name photos, as rows."""

import uuid
from datetime import date

from django.utils import timezone
from rest_framework.test import APIClient

from backend.accounts.current import Person
from backend.accounts.models import User
from inspections.checklists.models import ChecklistVersion
from inspections.fieldwork.models import EvidenceReference, Inspection
from markets.models import Appointment, Establishment


def a_person(username: str = "lan", role: str = "inspector") -> Person:
    user, _ = User.objects.get_or_create(
        username=username, defaults={"full_name": username, "role": role}
    )
    return Person(user.pk, user.username, user.role, uuid.uuid4())


def api_as(person: Person) -> APIClient:
    client = APIClient()
    client.force_authenticate(person)  # type: ignore[arg-type] # views take a Person
    return client


def a_market(code: str = "BOC-BO") -> Establishment:
    return Establishment.objects.get_or_create(
        code=code, defaults={"kind": "market", "name_vi": code}
    )[0]


def appoint(person: Person, market: Establishment) -> None:
    Appointment.objects.create(
        person_id=person.id, establishment=market, valid_from=date(2020, 1, 1)
    )


def an_inspection(by: Person, market: Establishment, *photos: str) -> Inspection:
    """A submitted inspection that names ``photos``."""
    checklist, _ = ChecklistVersion.objects.get_or_create(
        code="TEST", version=1, defaults={"title_vi": "Thử", "content": {}}
    )
    inspection = Inspection.objects.create(
        establishment=market,
        checklist=checklist,
        kind=Inspection.Kind.PLANNED,
        status=Inspection.Status.SUBMITTED,
        sent_by_id=by.id,
        document={},
        started_at=timezone.now(),
        received_at=timezone.now(),
        answers_sha256="0" * 64,
        receipt="{}",
    )
    EvidenceReference.objects.bulk_create(
        EvidenceReference(inspection=inspection, sha256=sha256) for sha256 in photos
    )
    return inspection
