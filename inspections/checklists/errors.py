"""Refusals of the checklist stage."""

from backend.common.errors import DomainError, Kind
from backend.common.text import Bilingual


class ChecklistInvalid(DomainError):
    """What was sent is no checklist; ``errors`` names every fault, in the order of the file.

    Line and column of each count from 1; a draft that the office edited has neither.
    """

    code = "checklist_invalid"
    kind = Kind.UNPROCESSABLE
    title = Bilingual(vi="Phiếu kiểm tra có lỗi", en="The checklist has errors")


class ChecklistIsPublished(DomainError):
    """A published version is frozen: other content needs another version number."""

    code = "checklist_is_published"
    kind = Kind.CONFLICT
    title = Bilingual(
        vi="Phiên bản đã ban hành không thể thay đổi", en="A published version cannot be changed"
    )


class ChecklistsUnrelated(DomainError):
    """Two versions are compared only where they are versions of one checklist."""

    code = "other_checklist"
    kind = Kind.UNPROCESSABLE
    title = Bilingual(
        vi="Hai phiên bản không thuộc cùng một phiếu kiểm tra",
        en="These are not versions of one checklist",
    )


class ChecklistMoveIllegal(DomainError):
    """The version is not in a state from which this may be done; ``legal_moves`` says what may."""

    code = "illegal_move"
    kind = Kind.CONFLICT
    title = Bilingual(
        vi="Trạng thái hiện tại không cho phép", en="The present state does not allow this"
    )
