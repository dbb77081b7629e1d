"""What a rule raises when it says no. Knows no HTTP: ``problems`` turns a kind into a status."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar

from backend.common.text import Bilingual


class Kind(Enum):
    """Why a request was refused, in the order of the HTTP status that says so."""

    MALFORMED = 400
    UNAUTHENTICATED = 401
    FORBIDDEN = 403
    NOT_FOUND = 404
    METHOD_NOT_ALLOWED = 405
    NOT_ACCEPTABLE = 406
    CONFLICT = 409
    GONE = 410
    PRECONDITION_FAILED = 412
    TOO_LARGE = 413
    UNSUPPORTED_MEDIA = 415
    UNPROCESSABLE = 422
    PRECONDITION_REQUIRED = 428
    THROTTLED = 429
    INTERNAL = 500
    UNAVAILABLE = 503
    INSUFFICIENT_STORAGE = 507


@dataclass(frozen=True, slots=True)
class FieldError:
    """One broken rule: ``pointer`` is a JSON pointer into the body ("" is the whole).

    Where the body is a table or a text, ``line`` counts from 1 and ``column`` is the name that
    the table gives it; in a workbook of several sheets its letters, beside the ``sheet``.
    """

    pointer: str
    code: str
    detail: Bilingual
    line: int | None = None
    column: str | None = None
    sheet: str | None = None


class DomainError(Exception):
    """A refusal with a stable code.

    ``detail`` says what was wrong this time, ``errors`` where; ``extension`` becomes further
    members of the problem document, so its values are JSON-ready.
    """

    code: ClassVar[str]
    kind: ClassVar[Kind]
    title: ClassVar[Bilingual]

    def __init__(
        self,
        detail: Bilingual | None = None,
        *,
        errors: Sequence[FieldError] = (),
        headers: dict[str, str] | None = None,
        **extension: Any,
    ) -> None:
        super().__init__(self.code, detail.en if detail else "")
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = headers or {}
        self.extension = extension


class Malformed(DomainError):
    """The request cannot be read as what the route takes."""

    code = "malformed"
    kind = Kind.MALFORMED
    title = Bilingual(vi="Yêu cầu không đúng định dạng", en="The request is malformed")


class UnknownParameter(Malformed):
    """A query parameter that the route does not know, or a single one given twice."""

    code = "unknown_parameter"
    title = Bilingual(vi="Tham số truy vấn không hợp lệ", en="Unknown or repeated query parameter")


class InvalidCursor(Malformed):
    """A page address that this list did not give out."""

    code = "cursor_invalid"
    title = Bilingual(vi="Con trỏ trang không hợp lệ", en="The page cursor is not valid")


class PermissionDenied(DomainError):
    """The row may be seen, but this verb is not this person's."""

    code = "permission_denied"
    kind = Kind.FORBIDDEN
    title = Bilingual(vi="Không có quyền thực hiện", en="You may not do this")


class NotFound(DomainError):
    """No such thing, or none that this person may know of."""

    code = "not_found"
    kind = Kind.NOT_FOUND
    title = Bilingual(vi="Không tìm thấy", en="Not found")


class PreconditionRequired(DomainError):
    """Replacing needs ``If-Match``, so that nobody's change is overwritten unseen."""

    code = "precondition_required"
    kind = Kind.PRECONDITION_REQUIRED
    title = Bilingual(vi="Thiếu tiêu đề If-Match", en="If-Match is required")


class PreconditionFailed(DomainError):
    """``If-Match`` names a version that is no longer the current one."""

    code = "precondition_failed"
    kind = Kind.PRECONDITION_FAILED
    title = Bilingual(vi="Phiên bản đã thay đổi", en="The version has changed")


def at(pointer: str, refusal: type[DomainError]) -> DomainError:
    """The refusal of one field of the body."""
    return refusal(refusal.title, errors=[FieldError(pointer, refusal.code, refusal.title)])
