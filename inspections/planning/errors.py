"""Refusals of the department's plan. Codes are those that a submission is refused with."""

from backend.common.errors import DomainError, Kind
from backend.common.text import Bilingual


class UnknownEstablishment(DomainError):
    """No place has this code."""

    code = "unknown_establishment"
    kind = Kind.UNPROCESSABLE
    title = Bilingual("Không có cơ sở này", "There is no such establishment")


class UnknownChecklist(DomainError):
    """No version of this checklist can be used now: an assignment names a code, no version."""

    code = "unknown_checklist"
    kind = Kind.UNPROCESSABLE
    title = Bilingual(
        "Không có phiếu đang dùng mang mã này", "There is no published checklist of this code"
    )


class ChecklistNotForThisKind(DomainError):
    """A market's checklist does not fit a supermarket."""

    code = "checklist_not_for_this_kind"
    kind = Kind.UNPROCESSABLE
    title = Bilingual(
        "Phiếu này không dùng cho loại cơ sở đó",
        "This checklist is not for that kind of establishment",
    )


class UnknownInspector(DomainError):
    """The person is none, is no inspector, or may no longer sign in."""

    code = "unknown_inspector"
    kind = Kind.UNPROCESSABLE
    title = Bilingual("Không có kiểm tra viên này", "There is no such inspector")


class DuplicateMember(DomainError):
    """Somebody is named twice, or as member beside being the inspector."""

    code = "duplicate_member"
    kind = Kind.UNPROCESSABLE
    title = Bilingual("Người này đã có trong đoàn", "This person is in the team already")


class UnknownInspection(DomainError):
    """Not a visit of this place that a follow-up could follow."""

    code = "unknown_inspection"
    kind = Kind.UNPROCESSABLE
    title = Bilingual(
        "Cơ sở này không có lượt kiểm tra đó", "This establishment has no such inspection"
    )


class FollowsRequired(DomainError):
    """A follow-up says what it follows."""

    code = "follows_required"
    kind = Kind.UNPROCESSABLE
    title = Bilingual(
        "Tái kiểm tra phải nêu lượt kiểm tra trước", "A follow-up must name an earlier inspection"
    )


class FollowsNotAllowed(DomainError):
    """Nothing but a follow-up follows another visit."""

    code = "follows_not_allowed"
    kind = Kind.UNPROCESSABLE
    title = Bilingual(
        "Chỉ tái kiểm tra mới nêu lượt trước", "Only a follow-up follows another visit"
    )


class RecurrenceInvalid(DomainError):
    """A rule that cannot be read, never ends or reaches too far."""

    code = "recurrence_invalid"
    kind = Kind.UNPROCESSABLE
    title = Bilingual("Quy tắc lặp không hợp lệ", "The recurrence rule is not valid")


class NoMarketDays(DomainError):
    """Visits on market days are asked for where none is known."""

    code = "no_market_days"
    kind = Kind.UNPROCESSABLE
    title = Bilingual("Cơ sở này chưa có lịch phiên chợ", "This place has no known market days")
