"""Refusals of replies, appeals and publication."""

from backend.common.errors import DomainError, Kind
from backend.common.text import Bilingual


class TimeIsOver(DomainError):
    """Too late to reply or to appeal; ``until`` was the last day."""

    code = "time_is_over"
    kind = Kind.CONFLICT
    title = Bilingual("Đã hết thời hạn", "The time for this is over")


class TimeForReply(DomainError):
    """The manager may still reply; ``until`` is the last day of that."""

    code = "time_for_reply"
    kind = Kind.CONFLICT
    title = Bilingual("Cơ sở còn thời hạn giải trình", "The place may still reply")


class AppealedAlready(DomainError):
    """Another look was asked for, or given, once; ``appeal`` names it."""

    code = "appealed_already"
    kind = Kind.CONFLICT
    title = Bilingual(
        "Kết luận này đã có kiến nghị xem xét lại", "This verdict was appealed against already"
    )


class OfficerWasThere(DomainError):
    """Who was on the visit does not decide about an appeal against it."""

    code = "officer_was_there"
    kind = Kind.FORBIDDEN
    title = Bilingual(
        "Người tham gia kiểm tra không xem xét kiến nghị về lần đó",
        "Who was on the visit does not decide about an appeal against it",
    )
