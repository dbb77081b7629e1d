"""The quarantine over HTTP: a last door for phones that were shut out, and the office's desk."""

from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from backend.accounts import devices
from backend.accounts.authentication import FormerTokenAuthentication
from backend.accounts.current import Person, person
from backend.accounts.models import Role
from backend.accounts.permissions import IsDepartment, role_required
from backend.accounts.serializers import NothingSerializer
from backend.common.errors import DomainError, Kind, Malformed, NotFound
from backend.common.problems import of_domain_error, problem_handler
from backend.common.text import Bilingual
from backend.common.views import StrictQuery, writes
from inspections.evidence.limits import MEDIA_TYPES
from inspections.evidence.serializers import EvidenceSerializer
from inspections.fieldwork.serializers import ReasonSerializer
from inspections.fieldwork.views import reason_in
from inspections.submission.evidence_views import DIGEST_IN_PATH, receive
from inspections.sync import quarantine, quarantine_items
from inspections.sync.envelope import Item, PushParser, envelope
from inspections.sync.quarantine_models import QuarantinedItem
from inspections.sync.quarantine_serializers import (
    AllKeptSerializer,
    QuarantinedItemSerializer,
    QuarantinedRowSerializer,
)
from inspections.sync.serializers import PushSerializer

PHONES = [Role.INSPECTOR.value, Role.MANAGER.value]
DEPARTMENT = {"x-roles": [Role.DEPARTMENT.value], "x-object": "none"}


class ItemRefused(DomainError):
    """The verb itself said no, as it would have said to the phone; ``problem`` is its answer."""

    code = "quarantined_item_refused"
    kind = Kind.UNPROCESSABLE
    title = Bilingual(vi="Nội dung này không nhận được", en="This item cannot be accepted")


class Bring(StrictQuery):
    authentication_classes = (FormerTokenAuthentication,)
    permission_classes = (role_required(*PHONES),)
    parser_classes = (PushParser,)

    @extend_schema(
        operation_id="sync_quarantine",
        summary="Bring what was done before the session ended",
        description="Takes an access token for 90 days after its end, whatever became of the "
        "session, device or account. Items are those of `sync/push/` but for drafts. Nothing is "
        "judged or done: the department decides.",
        request=PushSerializer,
        responses={202: AllKeptSerializer},
        extensions={
            "x-roles": PHONES,
            "x-object": "none",
            "x-problems": {429: ["quarantine_full"]},
        },
    )
    @writes
    def post(self, request: Request) -> Response:
        sent, by, received_at = envelope(request), person(request), timezone.now()
        results = [_kept(item, by) for item in sent.items]
        if told := sent.report:
            devices.report(by, told.queue, told.sent_at, told.app, received_at)
        answer = {"results": results, "server_time": received_at}
        return Response(AllKeptSerializer(answer).data, status=status.HTTP_202_ACCEPTED)


def _kept(item: Item, by: Person) -> dict[str, Any]:
    try:
        op, identifier, data = quarantine_items.read(item)
    except Malformed as error:
        return {"id": item.id, "status": "invalid", "problem": of_domain_error(error)}
    quarantine.keep(op, identifier, data, by=by)
    return {"id": item.id, "status": "quarantined"}


class BringPhoto(StrictQuery):
    authentication_classes = (FormerTokenAuthentication,)
    permission_classes = (role_required(*PHONES),)

    @extend_schema(
        operation_id="sync_quarantine_evidence",
        summary="Bring a photo that something in quarantine names",
        parameters=[DIGEST_IN_PATH],
        request=dict.fromkeys(MEDIA_TYPES.values(), OpenApiTypes.BINARY),
        responses={
            (code, "application/json"): EvidenceSerializer
            for code in (status.HTTP_200_OK, status.HTTP_201_CREATED)
        },
        extensions={
            "x-roles": PHONES,
            "x-object": "own",
            "x-problems": {
                415: ["not_an_image"],
                422: ["digest_mismatch"],
                503: ["storage_unavailable"],
            },
        },
    )
    def put(self, request: Request, sha256: str) -> Response:
        if not quarantine.names(sha256, by=person(request)):
            raise NotFound
        return receive(request, sha256)


class QuarantineFilter(filters.FilterSet):  # type: ignore[misc]  # no types
    status = filters.ChoiceFilter(choices=QuarantinedItem.Status.choices)
    op = filters.ChoiceFilter(choices=QuarantinedItem.Op.choices)
    username = filters.CharFilter(field_name="person__username", max_length=150)

    class Meta:
        model = QuarantinedItem
        fields: ClassVar[list[str]] = []


@extend_schema_view(
    get=extend_schema(
        operation_id="quarantine_list",
        summary="List what was brought after a session had ended",
        extensions=DEPARTMENT,
    )
)
class QuarantineList(StrictQuery, ListAPIView[QuarantinedItem]):
    permission_classes = (IsDepartment,)
    queryset = QuarantinedItem.objects.none()
    serializer_class = QuarantinedRowSerializer
    filterset_class = QuarantineFilter
    orderings: ClassVar = {"-received_at": ("-received_at", "-id")}

    def get_queryset(self) -> QuerySet[QuarantinedItem]:
        return _items()


class QuarantineItem(StrictQuery):
    permission_classes = (IsDepartment,)

    @extend_schema(
        operation_id="quarantine_read",
        summary="Read one item as it came",
        responses=QuarantinedItemSerializer,
        extensions=DEPARTMENT,
    )
    def get(self, request: Request, pk: UUID) -> Response:
        return _shown(_found(pk))


class QuarantineAccept(StrictQuery):
    permission_classes = (IsDepartment,)

    @extend_schema(
        operation_id="quarantine_accept",
        summary="Do what the item says, in the name of whoever did it",
        description="As the phone would have done it: the same checks, the same outcome. Where "
        "they say no, `problem` is what the phone would have been told, and the item waits on.",
        request=None,
        responses=QuarantinedItemSerializer,
        extensions={
            **DEPARTMENT,
            "x-problems": {409: ["illegal_move"], 422: ["quarantined_item_refused"]},
        },
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """The transaction is the lifecycle's own: a record is woken after its commit."""
        NothingSerializer(data=request.data).is_valid(raise_exception=True)
        item = _found(pk)
        try:
            return _shown(quarantine.accept(item.pk, by=person(request)))
        except quarantine.AlreadyDecided:
            raise
        except (DomainError, ValidationError) as refusal:
            told = problem_handler(refusal, {})
            raise ItemRefused(problem=told.data if told else None) from refusal


class QuarantineReject(StrictQuery):
    permission_classes = (IsDepartment,)

    @extend_schema(
        operation_id="quarantine_reject",
        summary="Refuse an item; it stays to be read",
        request=ReasonSerializer,
        responses=QuarantinedItemSerializer,
        extensions={
            **DEPARTMENT,
            "x-problems": {409: ["illegal_move"], 422: ["reason_required"]},
        },
    )
    @writes
    def post(self, request: Request, pk: UUID) -> Response:
        item, reason = _found(pk), reason_in(request)
        return _shown(quarantine.reject(item.pk, reason=reason, by=person(request)))


def _items() -> QuerySet[QuarantinedItem]:
    return QuarantinedItem.objects.select_related("person", "decided_by")


def _found(pk: UUID) -> QuarantinedItem:
    item = _items().filter(pk=pk).first()
    if item is None:
        raise NotFound
    return item


def _shown(item: QuarantinedItem) -> Response:
    return Response(QuarantinedItemSerializer(item).data)
