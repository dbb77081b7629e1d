"""What each figure of the plastics summary is; the same stands in docs/rules/plastics.md."""

from backend.common.text import Bilingual
from inspections.summaries.definitions import Figure

_STORES = Bilingual(
    "siêu thị, trung tâm thương mại hoạt động ngày cuối kỳ",
    "supermarkets and trade centres operating on the last day",
)
_BETTER = Bilingual("cơ sở đạt mức L1 hoặc L2", "stores at level L1 or L2")
_BEST = Bilingual("cơ sở đạt mức L2", "stores at level L2")
_MONTHS = Bilingual("số tháng đã khai báo", "months that were reported")

STORES = (
    Figure("PI01", Bilingual("Số cơ sở hoạt động", "Stores operating"), "count", _STORES),
    Figure(
        "PI02", Bilingual("Số cơ sở đạt L1 trở lên", "Stores at L1 or better"), "count", _BETTER
    ),
    Figure("PI03", Bilingual("Số cơ sở đạt L2", "Stores at L2"), "count", _BEST),
    Figure(
        "PI04", Bilingual("Tỷ lệ thay thế dần (mục tiêu 2025: 85 %)",
                          "Share substituting (2025 target: 85 %)"),
        "percent", _BETTER, _STORES,
    ),
    Figure(
        "PI05", Bilingual("Tỷ lệ thay thế hoàn toàn (mục tiêu 2030: 100 %)",
                          "Share fully substituted (2030 target: 100 %)"),
        "percent", _BEST, _STORES,
    ),
    Figure(
        "PI06", Bilingual("Số cơ sở được kiểm tra trong kỳ", "Stores inspected"), "count",
        Bilingual("cơ sở có lượt kiểm tra trong kỳ", "stores with a visit in the period"),
    ),
    Figure(
        "PI07", Bilingual("Số túi khó phân hủy", "Hard-to-biodegrade bags"), "count",
        Bilingual("tổng PM01 các tháng đã khai báo", "sum of PM01 over the reported months"),
        _MONTHS,
    ),
    Figure(
        "PI08", Bilingual("Số cơ sở chưa đánh giá", "Stores not assessed"), "count",
        Bilingual("cơ sở chưa đủ dữ liệu để xếp mức", "stores of which too little is known"),
    ),
    Figure(
        "PI09", Bilingual("Số cơ sở mức L0", "Stores at L0"), "count",
        Bilingual("cơ sở chưa thay thế", "stores that have not begun"),
    ),
    Figure(
        "PI10", Bilingual("Độ phủ đánh giá", "Coverage of the levels"), "percent",
        Bilingual("cơ sở đã xếp mức", "stores with a level"), _STORES,
    ),
    Figure(
        "PI11", Bilingual("Độ phủ khai báo", "Coverage of the returns"), "percent", _MONTHS,
        Bilingual("số tháng của các cơ sở trong kỳ", "months of all stores in the period"),
    ),
    Figure(
        "PI12", Bilingual("Tỷ lệ khai báo đã xác nhận", "Share of returns confirmed"), "percent",
        Bilingual("tháng đã được Sở xác nhận", "months that the department has confirmed"), _MONTHS,
    ),
)  # fmt: skip
