"""The trail, for the department."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from backend.accounts.permissions import IsDepartment
from backend.audit import chain
from backend.audit.filters import AuditEntryFilter
from backend.audit.models import AuditEntry
from backend.audit.serializers import AuditEntrySerializer, AuditVerdictSerializer
from backend.common.views import StrictQuery

DEPARTMENT = {"x-roles": ["department"], "x-object": "none"}


@extend_schema_view(
    get=extend_schema(
        operation_id="audit_list", summary="Who did what when, newest first", extensions=DEPARTMENT
    )
)
class AuditList(StrictQuery, ListAPIView[AuditEntry]):
    permission_classes = (IsDepartment,)
    queryset = AuditEntry.objects.all()
    serializer_class = AuditEntrySerializer
    filterset_class = AuditEntryFilter
    orderings: ClassVar = {"-sequence": ("-sequence",), "sequence": ("sequence",)}


class AuditVerify(StrictQuery):
    permission_classes = (IsDepartment,)

    @extend_schema(
        operation_id="audit_verify",
        summary="Recompute the trail: is it whole?",
        responses=AuditVerdictSerializer,
        extensions=DEPARTMENT,
    )
    def get(self, request: Request) -> Response:
        return Response(AuditVerdictSerializer(chain.verify()).data)
