"""Places as a phone holds them: the last verdict, what is open, what was found of lasting facts.

As many statements for seventy places as for one. Members that would be empty are left out.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Least
from django.utils import timezone

from backend.common import canonical
from inspections.checklists.definition import Checklist, Item
from inspections.checklists.lifecycle import definition_of
from inspections.checklists.models import ChecklistVersion
from inspections.disputes.models import Appeal
from inspections.fieldwork.models import Finding, Inspection
from inspections.followup.queries import CLOSED, EXCEPTED, REOPENED, with_last_word, with_status
from inspections.planning.assignments import STANDING
from inspections.sync.scope import Scope
from markets import queries
from markets.models import Establishment, Stall

# What a visit finds and the next one will find again, unless somebody has built since.
LASTING_TYPES = ("document", "ratio")
LASTING_UNITS = ("m", "m2")
# See ``Inspection.is_disputed``.
DISPUTED = (Appeal.State.LODGED, Appeal.State.UPHELD)


def establishments(scope: Scope, places: QuerySet[Establishment]) -> list[dict[str, Any]]:
    """``places`` in the order of their codes; five statements."""
    rows = list(_with_last(queries.on_day(places, scope.day)).order_by("code"))
    visits = _last_visits(row.last_visit for row in rows if row.last_visit)  # type: ignore[attr-defined] # annotated
    stalls, open_findings = _stalls(places), _findings(scope, places)
    return [
        told(
            code=row.code,
            name=queries.name_on(row),
            kind=row.kind,
            address=row.address,
            unit=", ".join(unit.name for unit in queries.units_on(row, scope.day)),
            latitude=_degrees(row.latitude),
            longitude=_degrees(row.longitude),
            last=visits.get(getattr(row, "last_visit", None), {}).get("last"),
            findings=open_findings[row.pk],
            facts=visits.get(getattr(row, "last_visit", None), {}).get("facts"),
            stalls=stalls[row.pk],
        )
        for row in rows
    ]


def told(**members: Any) -> dict[str, Any]:
    """``members`` without those that say nothing."""
    return {key: value for key, value in members.items() if value not in (None, "", [], {}, False)}


def finding(row: Finding) -> dict[str, Any]:
    """One of ``open_findings``."""
    now: Any = row  # with what was annotated
    until = now.excepted_until if now.status == EXCEPTED else None
    return told(
        id=str(row.pk),
        item=row.item,
        stall=str(row.stall_id) if row.stall_id else None,
        severity=row.severity,
        due_on=row.due_on.isoformat(),
        found_on=row.found_on.isoformat(),
        repeated=row.repeat_of_id is not None,
        corrected_on_site=row.corrected_on_site,
        state=now.status,
        reason=now.refusal if now.status == REOPENED else None,
        until=until and until.isoformat(),
    )


def open_findings(scope: Scope) -> QuerySet[Finding]:
    """Findings that wait for something, each with its status and the last word about it."""
    seen = Finding.objects.visible_to(scope.by.id, scope.by.role)
    return with_last_word(with_status(seen, scope.day).exclude(Q(status=CLOSED)))


def _with_last(places: QuerySet[Establishment]) -> QuerySet[Establishment]:
    visits = Inspection.objects.filter(establishment=OuterRef("pk"), status__in=STANDING)
    # No clock keeps a visit the last one for years.
    begun = Least("started_at", "received_at").desc()
    newest = visits.exclude(kind=Inspection.Kind.SELF_CHECK).order_by(begun, "-id")
    return places.annotate(last_visit=Subquery(newest.values("pk")[:1]))


def _last_visits(ids: Iterable[Any]) -> dict[Any, dict[str, Any]]:
    """What is told of each visit, and the lasting facts among its answers."""
    rows = list(
        Inspection.objects.filter(pk__in=list(ids)).values(
            "pk", "kind", "started_at", "verdict", "score", "checklist_id",
            number=F("record__number"), year=F("record__year"), appeal_state=F("appeal__state"),
            answers=KeyTransform("answers", "document"),
            carried=KeyTransform("answers", "assessed"),
        )
    )  # fmt: skip
    versions = ChecklistVersion.objects.filter(pk__in={row["checklist_id"] for row in rows})
    checklists = {version.pk: definition_of(version) for version in versions.defer("content")}
    return {
        row["pk"]: {
            "last": told(
                inspection=str(row["pk"]),
                number=row["number"],
                year=row["year"],
                on=timezone.localdate(row["started_at"]).isoformat(),
                verdict=row["verdict"],
                score=None if row["score"] is None else f"{row['score']:.2f}",
                kind=row["kind"],
                disputed=row["appeal_state"] in DISPUTED,
            ),
            "facts": facts(checklists[row["checklist_id"]], row["carried"] or row["answers"] or {}),
        }
        for row in rows
    }


def facts(checklist: Checklist, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Papers, shares and distances of the place itself, as they were answered."""
    return {
        item.code: {"value": answers[item.code]["value"]}
        for item in checklist.establishment_items
        if _lasts(item) and answers.get(item.code, {}).get("value") is not None
    }


def _lasts(item: Item) -> bool:
    answer = item.answer
    return answer.type in LASTING_TYPES or (
        answer.type == "number" and answer.unit in LASTING_UNITS
    )


def _stalls(places: QuerySet[Establishment]) -> Mapping[int, list[dict[str, Any]]]:
    rows = Stall.objects.filter(establishment__in=places.values("pk"), retired_at=None)
    found = defaultdict(list)
    for place, pk, number, trader, commodity, zone in rows.order_by("number", "pk").values_list(
        "establishment_id", "pk", "number", "trader", "commodity", "zone"
    ):
        row = told(id=str(pk), number=number, trader=trader, commodity=commodity, zone=zone)
        found[place].append(row)
    return found


def _findings(scope: Scope, places: QuerySet[Establishment]) -> Mapping[int, list[dict[str, Any]]]:
    found = defaultdict(list)
    here = open_findings(scope).filter(establishment__in=places.values("pk"))
    for row in here.order_by("due_on", "pk"):
        found[row.establishment_id].append(finding(row))
    return found


def _degrees(value: Any) -> str | None:
    return None if value is None else canonical.decimal_text(value)
