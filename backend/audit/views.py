"""The trail, for the department."""

from threading import Lock
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
from backend.common.errors import DomainError, Kind
from backend.common.text import Bilingual
from backend.common.views import StrictQuery

RETRY_AFTER_S = 10
DEPARTMENT = {"x-roles": ["department"], "x-object": "none"}

_verifying = Lock()


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


class VerificationRuns(DomainError):
    """Somebody else has the trail recomputed right now."""

    code = "unavailable"
    kind = Kind.UNAVAILABLE
    title = Bilingual(vi="Nhật ký đang được kiểm tra", en="The trail is being verified already")


class AuditVerify(StrictQuery):
    permission_classes = (IsDepartment,)

    @extend_schema(
        operation_id="audit_verify",
        summary="Recompute the trail: is it whole?",
        responses=AuditVerdictSerializer,
        extensions=DEPARTMENT,
    )
    def get(self, request: Request) -> Response:
        # It walks the whole trail in a thread of the server, of which each process has few.
        if not _verifying.acquire(blocking=False):
            raise VerificationRuns(headers={"Retry-After": str(RETRY_AFTER_S)})
        try:
            return Response(AuditVerdictSerializer(chain.verify()).data)
        finally:
            _verifying.release()
