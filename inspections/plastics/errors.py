"""Refusals of monthly figures."""

from collections.abc import Sequence

from backend.common.errors import DomainError, FieldError, Kind
from backend.common.text import Bilingual


class BagReturnsOnlyOfStores(DomainError):
    """A market has no tills at which bags are counted."""

    code = "bag_returns_only_of_stores"
    kind = Kind.UNPROCESSABLE
    title = Bilingual(
        "Chỉ siêu thị và trung tâm thương mại khai báo túi ni lông",
        "Only supermarkets and trade centres return figures of bags",
    )


class MonthNotBegun(DomainError):
    """Figures of a month that lies ahead are a mistake of the month."""

    code = "month_not_begun"
    kind = Kind.UNPROCESSABLE
    title = Bilingual("Tháng này chưa bắt đầu", "This month has not begun")


class ReturnReplaced(DomainError):
    """Other figures came meanwhile: whoever confirms must have seen those that count."""

    code = "return_replaced"
    kind = Kind.CONFLICT
    title = Bilingual("Số liệu này đã được thay", "These figures have been replaced")


class MeasuresInvalid(DomainError):
    """``errors`` names each figure that no checklist asks for, or that cannot be."""

    code = "measures_invalid"
    kind = Kind.UNPROCESSABLE
    title = Bilingual("Số liệu khai báo chưa đúng", "The figures break a rule")

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__(errors[0].detail, errors=errors)


class SourceNotYours(DomainError):
    """Only the department says that figures were inspected."""

    code = "source_not_yours"
    kind = Kind.UNPROCESSABLE
    title = Bilingual(
        "Chỉ Sở được ghi nguồn là kiểm tra tại chỗ",
        "Only the department may give inspected figures",
    )
