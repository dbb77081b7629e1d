"""Every refusal as a problem document (RFC 9457), in the language of the request.

``{type, title, status, detail, code, request_id}`` and, where fields are at fault,
``errors: [{pointer, code, detail}]``, the first ``MAX_ERRORS`` of them; ``more_errors`` counts the
others.
"""

import logging
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from rest_framework import exceptions, status
from rest_framework.response import Response

from backend.common.errors import DomainError, FieldError, Kind
from backend.common.middleware import request_id
from backend.common.strict_json import escape
from backend.common.text import Bilingual

CONTENT_TYPE = "application/problem+json"
RETRY_AFTER_S = 2
# A market of hundreds of stalls may leave every answer open; a body made to hurt has more.
MAX_ERRORS = 1000
_COME_BACK = {"Retry-After": str(RETRY_AFTER_S)}

logger = logging.getLogger(__name__)

TITLES: dict[int, tuple[str, Bilingual]] = {
    400: ("malformed", Bilingual("Yêu cầu không đúng định dạng", "The request is malformed")),
    401: ("not_authenticated", Bilingual("Chưa đăng nhập", "Not signed in")),
    403: ("permission_denied", Bilingual("Không có quyền thực hiện", "You may not do this")),
    404: ("not_found", Bilingual("Không tìm thấy", "Not found")),
    405: (
        "method_not_allowed",
        Bilingual("Phương thức không được hỗ trợ", "This method is not supported here"),
    ),
    406: ("not_acceptable", Bilingual("Chỉ trả về JSON", "Only JSON can be given")),
    413: ("too_large", Bilingual("Nội dung quá lớn", "The content is too large")),
    415: (
        "unsupported_media_type",
        Bilingual("Kiểu nội dung không được hỗ trợ", "This content type is not supported"),
    ),
    429: ("throttled", Bilingual("Quá nhiều yêu cầu", "Too many requests")),
    500: ("internal_error", Bilingual("Lỗi máy chủ", "The server failed")),
    503: (
        "unavailable",
        Bilingual("Máy chủ tạm thời không sẵn sàng", "Temporarily unavailable; try again"),
    ),
    507: ("storage_full", Bilingual("Máy chủ hết dung lượng", "The server's storage is full")),
}


def problem(
    status_code: int,
    code: str,
    title: Bilingual,
    detail: str = "",
    errors: Iterable[dict[str, Any]] = (),
    **extension: Any,
) -> dict[str, Any]:
    """The problem document itself, titled in the language of the request."""
    body: dict[str, Any] = {
        "type": f"urn:food-safety-inspections:problem:{code}",
        "title": title.in_language(translation.get_language() or "vi"),
        "status": status_code,
        "detail": detail,
        "code": code,
        "request_id": request_id.get(),
    }
    left = iter(errors)
    if told := list(islice(left, MAX_ERRORS)):
        body["errors"] = told
    if more := sum(1 for _ in left):
        body["more_errors"] = more
    return {**extension, **body}


def of_domain_error(error: DomainError) -> dict[str, Any]:
    """``error`` as a problem document."""
    language = translation.get_language() or "vi"
    return problem(
        error.kind.value,
        error.code,
        error.title,
        error.detail.in_language(language) if error.detail else "",
        (_field(item, language) for item in error.errors),
        **error.extension,
    )


def _field(error: FieldError, language: str) -> dict[str, Any]:
    body: dict[str, Any] = {
        "pointer": error.pointer,
        "code": error.code,
        "detail": error.detail.in_language(language),
    }
    if error.line is not None:
        body |= {"line": error.line, "column": error.column}
    if error.sheet is not None:
        body["sheet"] = error.sheet
    return body


def problem_handler(exc: Exception, _context: Mapping[str, Any]) -> Response | None:
    """DRF's exception handler; None lets Django log the error and answer 500."""
    if isinstance(exc, DomainError):
        body, headers = of_domain_error(exc), exc.headers
    elif isinstance(exc, exceptions.ValidationError):
        code, title = TITLES[400]
        body, headers = problem(400, code, title, errors=_pointers(exc.detail)), {}
    elif isinstance(exc, exceptions.APIException):
        body, headers = _plain(exc.status_code, _detail(exc)), _headers(exc)
    elif isinstance(exc, Http404):
        body, headers = _plain(404), {}
    elif isinstance(exc, DjangoPermissionDenied):
        body, headers = _plain(403), {}
    elif isinstance(exc, RequestDataTooBig):
        body, headers = _plain(413), {}
    elif outage := _outage(exc):
        logger.error("storage trouble", exc_info=exc)
        body, headers = _plain(outage), _COME_BACK
    else:
        return None
    if body["status"] == status.HTTP_401_UNAUTHORIZED:
        headers = {"WWW-Authenticate": "Bearer", **headers}
    return Response(body, status=body["status"], headers=headers, content_type=CONTENT_TYPE)


def django_problem(status_code: int) -> Any:
    """A Django error view (handler400, 404 …) that answers with a problem document."""

    def view(_request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
        actual = 413 if isinstance(exception, RequestDataTooBig) else status_code
        # Django hands over no failure, but asks for this view while it handles one.
        outage = _outage(sys.exc_info()[1]) if status_code == 500 else None
        return JsonResponse(
            _plain(outage or actual),
            status=outage or actual,
            content_type=CONTENT_TYPE,
            headers=_COME_BACK if outage else None,
            json_dumps_params={"ensure_ascii": False},
        )

    return view


def _plain(status_code: int, detail: str = "") -> dict[str, Any]:
    code, title = TITLES.get(status_code, TITLES[400])
    return problem(status_code, code, title, detail)


def _detail(exc: exceptions.APIException) -> str:
    return str(exc.detail) if isinstance(exc.detail, str) else ""


def _headers(exc: exceptions.APIException) -> dict[str, str]:
    wait_s: float | None = getattr(exc, "wait", None)  # of Throttled; missing in its stubs
    return {} if wait_s is None else {"Retry-After": str(int(wait_s) + 1)}


def _outage(exc: BaseException | None) -> int | None:
    """503 or 507 where the database or the disk is at fault, None where the code is."""
    if not isinstance(exc, (DatabaseError, OSError)):
        return None
    text = str(exc).lower()
    if "no space left" in text or "disk is full" in text or "disk full" in text:
        return Kind.INSUFFICIENT_STORAGE.value
    # What PostgreSQL cut off because this process had stood still is no fault of the code either.
    cut_off = getattr(exc.__cause__, "sqlstate", "") == "25P03"
    return Kind.UNAVAILABLE.value if cut_off or isinstance(exc, OperationalError) else None


def _pointers(detail: Any, pointer: str = "") -> Iterator[dict[str, Any]]:
    """Walk DRF's nested error detail; a key is a field, a number an index."""
    if isinstance(detail, Mapping):
        for key, item in detail.items():
            own = pointer if key == "non_field_errors" else f"{pointer}/{escape(str(key))}"
            yield from _pointers(item, own)
    elif isinstance(detail, list):
        for index, item in enumerate(detail):
            leaf = isinstance(item, exceptions.ErrorDetail)
            yield from _pointers(item, pointer if leaf else f"{pointer}/{index}")
    else:
        yield {
            "pointer": pointer,
            "code": getattr(detail, "code", "invalid") or "invalid",
            "detail": str(detail),
        }
