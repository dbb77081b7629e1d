"""Refusals of the fieldwork stage."""

from backend.common.errors import DomainError, Kind
from backend.common.text import Bilingual


class IllegalMove(DomainError):
    """The state of the inspection does not allow this; ``legal_moves`` says what it allows."""

    code = "illegal_move"
    kind = Kind.CONFLICT
    title = Bilingual(
        vi="Trạng thái hiện tại không cho phép", en="The present state does not allow this"
    )


class OtherAnswersAlreadySubmitted(DomainError):
    """The same inspection was submitted before, with another body.

    Both digests let the phone tell an echo of its own request from a second phone. The first
    body stays; this one is kept aside for the department.
    """

    code = "other_answers_already_submitted"
    kind = Kind.CONFLICT
    title = Bilingual(
        vi="Lượt kiểm tra này đã được gửi với nội dung khác",
        en="This inspection was already submitted with other answers",
    )


class ReasonRequired(DomainError):
    """What changes or ends an official document needs a reason."""

    code = "reason_required"
    kind = Kind.UNPROCESSABLE
    title = Bilingual(vi="Cần nêu lý do", en="A reason is required")


class IdTaken(DomainError):
    """Something else was sent under this id before. The first stays; ids are made once."""

    code = "id_taken"
    kind = Kind.CONFLICT
    title = Bilingual(
        vi="Mã này đã dùng cho nội dung khác", en="This id was used for something else"
    )
