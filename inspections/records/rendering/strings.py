"""Words of the record, and numbers, dates and times as they are written in Vietnamese."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

TEST_MARK = "BẢN KÝ THỬ – TEST – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ"
PROVISIONAL_MARK = "BẢN TẠM – CHƯA PHÁT HÀNH"
INTERNAL_CRITERION = "tiêu chí nội bộ"
NO_VERDICT = "Không có kết luận"

# As the page behind the QR code and the office pages say it: people compare them.
VERDICTS = {"pass": "Đạt chuẩn", "to_complete": "Chờ hoàn thiện", "fail": "Không đạt"}
OUTCOMES = {"pass": "Đạt", "fail": "Không đạt", "na": "Không áp dụng"}
OUTCOME_LETTERS = {"pass": "Đ", "fail": "K", "na": "–"}
SEVERITIES = {"critical": "Nghiêm trọng", "major": "Nặng", "minor": "Nhẹ"}
OPERATORS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "==": "="}
RULE_SETS = {
    "TCVN_AB": "TCVN 11856:2017, mục 7 (mức A và mức B)",
    "POINTS100": "thang 100 điểm",
}
KINDS = {
    "planned": "kiểm tra theo kế hoạch",
    "unannounced": "kiểm tra đột xuất",
    "recognition": "kiểm tra công nhận",
    "follow_up": "kiểm tra lại việc khắc phục",
}
SUBJECTS = {
    "market": "Kiểm tra việc bảo đảm an toàn thực phẩm tại {name}",
    "supermarket": "Kiểm tra việc giảm nhựa và sử dụng bao bì thân thiện môi trường tại {name}",
    "trade_centre": "Kiểm tra việc giảm nhựa và sử dụng bao bì thân thiện môi trường tại {name}",
}
TEAM_ROLES = {"head": "Trưởng đoàn", "deputy": "Phó trưởng đoàn", "member": "Thành viên"}
PARTY_ROLES = {
    "representative": "Người đại diện cơ sở",
    "witness": "Người chứng kiến",
    "commune_representative": "Đại diện Ủy ban nhân dân cấp xã",
}
SIGNATURE_TITLES = {
    "head": "TRƯỞNG ĐOÀN KIỂM TRA",
    "member": "THÀNH VIÊN ĐOÀN KIỂM TRA",
    "representative": "ĐẠI DIỆN CƠ SỞ ĐƯỢC KIỂM TRA",
    "witness": "NGƯỜI CHỨNG KIẾN",
    "commune_representative": "ĐẠI DIỆN ỦY BAN NHÂN DÂN CẤP XÃ",
}
SAMPLE_KINDS = {
    "borax": "Hàn the",
    "formalin": "Phoóc-môn",
    "formaldehyde": "Phoóc-môn",
    "pesticide": "Dư lượng thuốc bảo vệ thực vật",
    "oil": "Độ ôi khét của dầu mỡ",
    "starch": "Độ sạch tinh bột của bát đĩa",
}
SAMPLE_RESULTS = {"negative": "Âm tính", "positive": "Dương tính", "unclear": "Chưa rõ"}
UNITS = {
    "percent": "%",
    "m": "m",
    "m2": "m²",
    "celsius": "°C",
    "lux": "lux",
    "hour": "giờ",
    "month": "tháng",
    "person": "người",
    "sample": "mẫu",
    "sample_per_quarter": "mẫu/quý",
    "traders_per_toilet": "người bán/nhà vệ sinh",
    "option": "lựa chọn",
    "micrometre": "µm",
    "SKU": "mã hàng",
    "VND/bag": "đồng/túi",
    "bag/month": "túi/tháng",
    "kg/month": "kg/tháng",
    "transaction/month": "giao dịch/tháng",
    "bag/100 transactions": "túi/100 giao dịch",
}
CHOICES = {
    "none": "không phát",
    "charged": "bán có giá niêm yết",
    "on_request_free": "phát miễn phí khi khách yêu cầu",
    "free_default": "phát miễn phí",
}
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV")


def decimal(value: str) -> str:
    """``"1234567.50"`` as ``1.234.567,50``."""
    whole, _, fraction = str(value).partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    if digits.isdecimal() and len(digits) > 4:
        digits = f"{int(digits):,}".replace(",", ".")
    return f"{sign}{digits},{fraction}" if fraction else sign + digits


def quantity(value: object, unit: str | None) -> str:
    word = UNITS.get(unit or "", unit or "")
    separator = "" if word == "%" else "\u00a0"
    return f"{decimal(str(value))}{separator}{word}" if word else decimal(str(value))


def day(value: str) -> str:
    parsed = date.fromisoformat(value)
    return f"{parsed.day:02}/{parsed.month:02}/{parsed.year}"


def long_day(value: date) -> str:
    """Decree 30/2020: a day below 10 and the months 1 and 2 take a leading zero."""
    month = f"{value.month:02}" if value.month <= 2 else str(value.month)
    return f"ngày {value.day:02} tháng {month} năm {value.year}"


def hour(value: str) -> str:
    parsed = datetime.fromisoformat(value)
    return f"{parsed.hour:02} giờ {parsed.minute:02} phút"


def moment(value: str) -> str:
    return f"{hour(value)} {long_day(datetime.fromisoformat(value).date())}"


def decision(ground: Mapping[str, Any]) -> str:
    issuer = f" của {ground['issuer']}" if ground.get("issuer") else ""
    signed = long_day(date.fromisoformat(ground["date"])) if ground.get("date") else ""
    return f"số {ground['number']} {signed}".rstrip() + issuer


def share(level: Mapping[str, Any] | None) -> str:
    return f"{level['passed']}/{level['applicable']}" if level else "–"


def threshold(answer: Mapping[str, Any]) -> str:
    if answer.get("threshold") in (None, "") or not answer.get("op"):
        return ""
    return f"{OPERATORS[answer['op']]}\u00a0{quantity(answer['threshold'], answer.get('unit'))}"


def answered(answer: Mapping[str, Any]) -> str:
    """What was answered, beyond pass and fail: a measure, a share, a document, an option."""
    value = answer.get("value")
    match answer["type"]:
        case "number" if value is not None:
            return quantity(value, answer.get("unit"))
        case "ratio" if isinstance(value, Mapping):
            return f"{decimal(value['numerator'])}/{decimal(value['denominator'])}"
        case "document" if isinstance(value, Mapping):
            return _document(value)
        case "document" if answer.get("outcome", "fail") == "fail":
            return "Không xuất trình được"
        case "choice" if value is not None:
            return str(answer.get("label") or CHOICES.get(str(value), value))
        case _:
            return ""


def _document(value: Mapping[str, Any]) -> str:
    parts = [f"Số {value['number']}"]
    if value.get("issuer"):
        parts.append(str(value["issuer"]))
    if value.get("issued_on"):
        parts.append(f"cấp ngày {day(value['issued_on'])}")
    if value.get("expires_on"):
        parts.append(f"có giá trị đến ngày {day(value['expires_on'])}")
    return ", ".join(parts)
