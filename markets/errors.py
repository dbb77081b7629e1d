"""Why a change to the register of places is refused."""

from backend.common.errors import DomainError, Kind
from backend.common.text import Bilingual


class EstablishmentExists(DomainError):
    code = "establishment_exists"
    kind = Kind.CONFLICT
    title = Bilingual("Mã cơ sở đã được dùng", "This establishment code is in use")


class EstablishmentClosed(DomainError):
    """A closed place takes no new stalls, names, units or appointments."""

    code = "establishment_closed"
    kind = Kind.CONFLICT
    title = Bilingual("Cơ sở đã ngừng hoạt động", "The establishment has closed")


class UnitExists(DomainError):
    """A unit of this code begins on this day, or its days overlap with those of another."""

    code = "unit_exists"
    kind = Kind.CONFLICT
    title = Bilingual(
        "Mã đơn vị đã được dùng trong thời gian này", "This unit code is in use on some of the days"
    )


class UnitEnded(DomainError):
    code = "unit_ended"
    kind = Kind.CONFLICT
    title = Bilingual("Đơn vị đã hết hiệu lực", "The unit has already ended")


class UnitNotEnded(DomainError):
    """Only a unit that has ended can be followed by another."""

    code = "unit_not_ended"
    kind = Kind.CONFLICT
    title = Bilingual("Đơn vị còn hiệu lực", "The unit has not ended")


class UnknownUnit(DomainError):
    """No administrative unit of this code is valid on the day."""

    code = "unknown_unit"
    kind = Kind.UNPROCESSABLE
    title = Bilingual(
        "Không có đơn vị hành chính này vào ngày đó", "No such administrative unit on that day"
    )


class ParentLevelWrong(DomainError):
    """A commune lies in a district or province, a district in a province, a province in none."""

    code = "parent_level_wrong"
    kind = Kind.UNPROCESSABLE
    title = Bilingual("Cấp của đơn vị cha không đúng", "The parent unit is of the wrong level")


class AuthorityExists(DomainError):
    """The code is in use, or the unit already has an authority on some of the days."""

    code = "authority_exists"
    kind = Kind.CONFLICT
    title = Bilingual("Cơ quan đã tồn tại", "The authority exists already")


class AuthorityEnded(DomainError):
    code = "authority_ended"
    kind = Kind.CONFLICT
    title = Bilingual("Cơ quan đã hết hiệu lực", "The authority has already ended")


class PeriodReversed(DomainError):
    """The last day lies before the first."""

    code = "period_reversed"
    kind = Kind.UNPROCESSABLE
    title = Bilingual("Ngày kết thúc trước ngày bắt đầu", "The period ends before it begins")


class PeriodOverlaps(DomainError):
    """Another row of the same thing holds on some of these days."""

    code = "period_overlaps"
    kind = Kind.CONFLICT
    title = Bilingual("Khoảng thời gian bị trùng", "The period overlaps with another")


class DayOutOfRange(DomainError):
    """A day that no register of places can mean."""

    code = "day_out_of_range"
    kind = Kind.UNPROCESSABLE
    title = Bilingual("Ngày ngoài phạm vi cho phép", "The day is out of range")


class PeriodTooLong(DomainError):
    """More days are asked for than one answer holds."""

    code = "period_too_long"
    kind = Kind.UNPROCESSABLE
    title = Bilingual("Khoảng thời gian quá dài", "The period is too long")


class PositionIncomplete(DomainError):
    """A latitude without a longitude, or the other way round."""

    code = "position_incomplete"
    kind = Kind.UNPROCESSABLE
    title = Bilingual("Tọa độ thiếu một giá trị", "A position needs both coordinates")


class HoursReversed(DomainError):
    """A place that closes before it opens, or of which only one of the two is told."""

    code = "hours_reversed"
    kind = Kind.UNPROCESSABLE
    title = Bilingual(
        "Giờ mở cửa phải trước giờ đóng cửa", "A place opens before it closes, and tells both"
    )


class UnknownCommodity(DomainError):
    code = "unknown_commodity"
    kind = Kind.UNPROCESSABLE
    title = Bilingual("Không có nhóm hàng này", "There is no such commodity")


class StallExists(DomainError):
    """The id belongs to another stall, perhaps of another market."""

    code = "stall_exists"
    kind = Kind.CONFLICT
    title = Bilingual("Mã quầy đã được dùng", "This stall id is in use")


class StallRetired(DomainError):
    """A retired stall is brought back with ``active`` before anything else of it changes."""

    code = "stall_retired"
    kind = Kind.CONFLICT
    title = Bilingual("Quầy đã ngừng hoạt động", "The stall is retired")


class StallsOnlyInMarkets(DomainError):
    code = "stalls_only_in_markets"
    kind = Kind.UNPROCESSABLE
    title = Bilingual("Chỉ chợ có quầy", "Only markets have stalls")


class AppointmentEnded(DomainError):
    code = "appointment_ended"
    kind = Kind.CONFLICT
    title = Bilingual("Phân công đã kết thúc", "The appointment has already ended")


class ImportInvalid(DomainError):
    """Nothing was imported; ``errors`` names every bad cell by line and column."""

    code = "import_invalid"
    kind = Kind.UNPROCESSABLE
    title = Bilingual("Tệp nhập có lỗi", "The file cannot be imported")
