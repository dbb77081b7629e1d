"""What each figure of the food-safety summary is, as the API and its files tell it.

The same stands in docs/rules/figures.md.
"""

from dataclasses import dataclass

from backend.common.text import Bilingual


@dataclass(frozen=True, slots=True)
class Figure:
    """``unit``: count, percent, points or days. A count has no denominator."""

    code: str
    name: Bilingual
    unit: str
    numerator: Bilingual
    denominator: Bilingual | None = None


_VISITS = Bilingual("lượt kiểm tra còn giá trị", "visits that count")
_JUDGED = Bilingual("lượt kiểm tra có kết luận", "visits with a verdict")
_SCORED = Bilingual("lượt kiểm tra có điểm", "visits with a score")
_FOUND = Bilingual("tồn tại được ghi nhận", "findings opened")
_CLOSED = Bilingual("tồn tại đã khắc phục", "findings put right")

FOOD_SAFETY = (
    Figure("FS01", Bilingual("Số lượt kiểm tra", "Visits"), "count", _VISITS),
    Figure(
        "FS02", Bilingual("Số cơ sở được kiểm tra", "Places visited"), "count",
        Bilingual("cơ sở có ít nhất một lượt", "places with a visit at least"),
    ),
    Figure(
        "FS03", Bilingual("Tỷ lệ đạt chuẩn", "Share that passes"), "percent",
        Bilingual("lượt có kết luận Đạt chuẩn", "visits with the verdict pass"), _JUDGED,
    ),
    Figure(
        "FS04", Bilingual("Tỷ lệ chờ hoàn thiện", "Share to complete"), "percent",
        Bilingual("lượt có kết luận Chờ hoàn thiện", "visits with the verdict to complete"),
        _JUDGED,
    ),
    Figure(
        "FS05", Bilingual("Tỷ lệ không đạt", "Share that fails"), "percent",
        Bilingual("lượt có kết luận Không đạt", "visits with the verdict fail"), _JUDGED,
    ),
    Figure(
        "FS06", Bilingual("Điểm trung bình", "Mean score"), "points",
        Bilingual("tổng điểm", "sum of the scores"), _SCORED,
    ),
    Figure(
        "FS07", Bilingual("Điểm trung vị", "Median score"), "points",
        Bilingual("điểm ở giữa khi xếp thứ tự", "the score in the middle of them in order"),
        _SCORED,
    ),
    Figure("FS08", Bilingual("Số tồn tại", "Findings opened"), "count", _FOUND),
    Figure(
        "FS09", Bilingual("Tỷ lệ lặp lại", "Share of repeats"), "percent",
        Bilingual("tồn tại lặp lại trong 12 tháng", "findings found before within 12 months"),
        _FOUND,
    ),
    Figure(
        "FS10", Bilingual("Tỷ lệ khắc phục tại chỗ", "Share corrected on the spot"), "percent",
        Bilingual("tồn tại khắc phục ngay trong lượt", "findings corrected during the visit"),
        _FOUND,
    ),
    Figure("FS11", Bilingual("Số tồn tại đã khắc phục", "Findings put right"), "count", _CLOSED),
    Figure(
        "FS12", Bilingual("Tỷ lệ khắc phục đúng hạn", "Share put right in time"), "percent",
        Bilingual("tồn tại đã khắc phục trong hạn", "findings put right by their due date"),
        Bilingual("tồn tại đã khắc phục hoặc quá hạn", "findings put right, or overdue"),
    ),
    Figure(
        "FS13", Bilingual("Số tồn tại quá hạn", "Findings overdue"), "count",
        Bilingual("tồn tại còn mở đã quá hạn", "open findings whose due date has passed"),
    ),
    Figure(
        "FS14", Bilingual("Số ngày khắc phục trung bình", "Mean days to put right"), "days",
        Bilingual("tổng số ngày", "sum of the days"), _CLOSED,
    ),
    Figure(
        "FS15", Bilingual("Số ngày khắc phục trung vị", "Median days to put right"), "days",
        Bilingual("số ngày ở giữa khi xếp thứ tự", "the number in the middle of them in order"),
        _CLOSED,
    ),
)  # fmt: skip
# What can be said of an item or a section, which no visit is made for alone.
OF_ITEMS = ("FS08", "FS09", "FS10", "FS11", "FS12", "FS13", "FS14", "FS15")
