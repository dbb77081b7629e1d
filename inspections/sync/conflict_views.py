"""Bodies that were refused because another one lay under their id, for the department to judge."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from backend.accounts.models import Role
from backend.accounts.permissions import IsDepartment
from backend.common.errors import NotFound
from backend.common.views import StrictQuery
from inspections.fieldwork.models import RefusedSubmission

DEPARTMENT = {"x-roles": [Role.DEPARTMENT.value], "x-object": "none"}
ID = OpenApiParameter("id", OpenApiTypes.INT64, OpenApiParameter.PATH)
_HIGHEST = 2**63 - 1


class ConflictRowSerializer(serializers.ModelSerializer[RefusedSubmission]):
    inspection = serializers.UUIDField(source="inspection_id")
    establishment = serializers.CharField(source="inspection.establishment.code")
    sent_by = serializers.CharField(source="sent_by.username", help_text="A user name.")

    class Meta:
        model = RefusedSubmission
        fields: ClassVar = [
            "id", "inspection", "establishment", "sent_by", "received_at", "answers_sha256",
        ]  # fmt: skip
        read_only_fields = fields


class VersionSerializer(serializers.Serializer[Any]):
    answers_sha256 = serializers.CharField()
    sent_by = serializers.CharField(help_text="A user name.")
    received_at = serializers.DateTimeField()
    document = serializers.DictField()


class ConflictSerializer(serializers.Serializer[Any]):
    """Both bodies that were sent under one id."""

    id = serializers.IntegerField()
    inspection = serializers.UUIDField()
    establishment = serializers.CharField()
    status = serializers.CharField(help_text="Of the inspection now.")
    submitted = VersionSerializer(help_text="The one that counts.")
    refused = VersionSerializer(help_text="The one that came later.")


class ConflictListView(StrictQuery, ListAPIView[RefusedSubmission]):
    permission_classes = (IsDepartment,)
    queryset = RefusedSubmission.objects.none()  # only tells the schema the model
    serializer_class = ConflictRowSerializer
    orderings: ClassVar = {"-received_at": ("-received_at", "-id")}

    def get_queryset(self) -> QuerySet[RefusedSubmission]:
        return _rows().defer(
            "document", "inspection__document", "inspection__result", "inspection__assessed",
            "inspection__receipt",
        )  # fmt: skip

    @extend_schema(
        operation_id="conflicts_list",
        summary="List the bodies that were refused because another lay under their id",
        extensions=DEPARTMENT,
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class ConflictView(StrictQuery):
    permission_classes = (IsDepartment,)

    @extend_schema(
        operation_id="conflicts_read",
        summary="Read both bodies that were sent under one id",
        parameters=[ID],
        responses=ConflictSerializer,
        extensions=DEPARTMENT,
    )
    def get(self, request: Request, pk: int) -> Response:
        row = _rows().filter(pk=pk).first() if pk <= _HIGHEST else None
        if row is None:
            raise NotFound
        visit = row.inspection
        told = {
            "id": row.pk,
            "inspection": visit.pk,
            "establishment": visit.establishment.code,
            "status": visit.status,
            "submitted": _version(visit, visit.received_at),
            "refused": _version(row, row.received_at),
        }
        return Response(ConflictSerializer(told).data)


def _rows() -> QuerySet[RefusedSubmission]:
    return RefusedSubmission.objects.select_related(
        "inspection__establishment", "inspection__sent_by", "sent_by"
    )


def _version(sent: Any, received_at: Any) -> dict[str, Any]:
    return {
        "answers_sha256": sent.answers_sha256,
        "sent_by": sent.sent_by.username,
        "received_at": timezone.localtime(received_at),
        "document": sent.document,
    }
