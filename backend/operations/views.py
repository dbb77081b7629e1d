"""For whoever watches the server: does it live, may it be sent requests."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from backend.common import problems
from backend.common.plain_views import safe_only
from backend.common.text import Bilingual
from backend.operations import readiness
from backend.operations.backups import marks

RETRY_AFTER_S = 10
_NOT_READY = Bilingual("Máy chủ chưa sẵn sàng", "The server is not ready")


@safe_only
def healthz(_request: HttpRequest) -> HttpResponse:
    """This process answers; asks neither the database nor the disk."""
    return _answer({"status": "alive"})


@safe_only
def readyz(_request: HttpRequest) -> HttpResponse:
    """200, or 503 with the checks that fail. The age of the last backup is shown, not judged."""
    age, overdue = marks.age_s(), marks.is_overdue()
    if failing := readiness.failing():
        document = problems.problem(
            503,
            "not_ready",
            _NOT_READY,
            ", ".join(failing),
            failing=failing,
            last_backup_age_s=age,
            backup_overdue=overdue,
        )
        response = _answer(document, 503, problems.CONTENT_TYPE)
        response["Retry-After"] = str(RETRY_AFTER_S)
        return response
    return _answer({"status": "ready", "last_backup_age_s": age, "backup_overdue": overdue})


def _answer(
    body: dict[str, object], status: int = 200, content_type: str = "application/json"
) -> HttpResponse:
    response = JsonResponse(
        body,
        status=status,
        content_type=content_type,
        json_dumps_params={"ensure_ascii": False},
    )
    response["Cache-Control"] = "no-store"
    return response
