"""Refusals of what is said about findings."""

from backend.common.errors import DomainError, Kind
from backend.common.text import Bilingual


class OwnCorrection(DomainError):
    """Who has put something right does not verify it."""

    code = "own_correction"
    kind = Kind.FORBIDDEN
    title = Bilingual(
        "Người đã khắc phục không tự xác nhận được", "Who has put it right cannot verify it"
    )


class AnsweredMeanwhile(DomainError):
    """The place has answered again since the verifier looked; ``correction`` is the newest."""

    code = "answered_meanwhile"
    kind = Kind.CONFLICT
    title = Bilingual("Cơ sở vừa gửi thêm khắc phục", "Another correction has arrived meanwhile")
