"""Refusals of the records stage."""

from backend.common.errors import DomainError, Kind
from backend.common.text import Bilingual


class EvidenceMissing(DomainError):
    """The record is not issued before its photos are here; ``missing`` names them."""

    code = "evidence_missing"
    kind = Kind.CONFLICT
    title = Bilingual(vi="Biên bản còn chờ ảnh", en="The record still waits for photos")


class NeverIssued(DomainError):
    """The inspection ended before its record was drawn, so there will be no file."""

    code = "record_never_issued"
    kind = Kind.CONFLICT
    title = Bilingual(vi="Biên bản này không được phát hành", en="This record was never issued")


class DrawingBusy(DomainError):
    """Another provisional copy is being drawn; try again in a moment."""

    code = "throttled"
    kind = Kind.THROTTLED
    title = Bilingual(vi="Đang vẽ biên bản khác", en="Another record is being drawn")


class PresentKeyUnreadable(DomainError):
    """Under the roots of former keys the file is not ours; today's cannot be asked."""

    code = "unavailable"
    kind = Kind.UNAVAILABLE
    title = Bilingual(
        vi="Chưa đọc được chứng thư hiện hành", en="The present certificate cannot be read"
    )
