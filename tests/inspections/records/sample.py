"""Payloads as the submit transaction freezes them: 70 items, 12 stalls, 6 photos, and variants."""

import functools
import hashlib
import random
from io import BytesIO
from pathlib import Path
from typing import Any

import yaml
from PIL import Image, ImageDraw

LIBRARY = Path(__file__).parents[3] / "inspections" / "checklists" / "library"
COMMODITIES = (
    ("animal_products", "thịt, sản phẩm động vật", "K"),
    ("seafood", "thủy sản tươi sống", "L"),
    ("produce", "rau, củ, quả", "M"),
    ("catering", "dịch vụ ăn uống", "N"),
    ("dry_other", "hàng khô và thực phẩm khác", "O"),
)
TRADERS = (
    "Lý Thị Sông", "Hoàng Văn Thắng", "Nông Thị Ngọc Ánh", "Triệu Mùi Pham", "Đặng Thị Hường",
    "Ma Thị Nguyệt", "Bàn Văn Khuôn", "Lường Thị Chiêm", "Vi Thị Quỳnh", "Dương Văn Sỹ",
    "Phùng Thị Mẩy", "Hà Thị Duyên",
)  # fmt: skip
FAILED = {"A05", "B04", "C02", "G03"}
FAILED_OF_FEW = {"A01", "B01"}
NOTE: dict[str, Any] = {"test": True, "evidence_closed": None, "missing_photos": []}


@functools.cache
def sections(name: str = "market_food_safety") -> tuple[dict[str, Any], ...]:
    with (LIBRARY / f"{name}.yaml").open(encoding="utf-8") as source:
        definition: dict[str, Any] = yaml.safe_load(source)
    return tuple(definition["sections"])


@functools.cache
def photo(seed: int, width: int = 1600, height: int = 1200) -> bytes:
    """A JPEG with edges and grain, about as hard to compress as a picture of a stall."""
    grain = random.Random(seed)  # noqa: S311 (a picture, no secret)
    small = Image.frombytes(
        "RGB", (width // 8, height // 8), grain.randbytes(width * height // 64 * 3)
    )
    image = small.resize((width, height), Image.Resampling.BICUBIC)
    pen = ImageDraw.Draw(image)
    for _ in range(60):
        x, y = grain.randrange(width), grain.randrange(height)
        colour = (grain.randrange(256), grain.randrange(256), grain.randrange(256))
        pen.rectangle((x, y, x + grain.randrange(300), y + grain.randrange(200)), fill=colour)
    out = BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def photos(count: int = 6) -> dict[str, bytes]:
    return {digest(content): content for content in (photo(seed) for seed in range(count))}


def stroke(seed: int) -> list[list[list[int]]]:
    hand = random.Random(seed)  # noqa: S311 (a picture, no secret)
    strokes = []
    for part in range(3):
        x, y = 30 + part * 90, 90
        points = []
        for _ in range(40):
            x += hand.randrange(-2, 6)
            y = max(5, min(175, y + hand.randrange(-14, 15)))
            points.append([x, y])
        strokes.append(points)
    return strokes


def signature(role: str, name: str, seed: int = 1) -> dict[str, Any]:
    return {"role": role, "name": name, "width": 340, "height": 180, "strokes": stroke(seed)}


def level(item: dict[str, Any]) -> str:
    return "A" if item["severity"] == "critical" else "B"


def words_of_items(name: str = "market_food_safety") -> dict[str, dict[str, Any]]:
    return {
        item["code"]: {
            "section": section["code"],
            "text": item["text"]["vi"],
            "severity": item["severity"],
            "level": level(item),
            "type": item["answer"]["type"],
            "unit": item["answer"].get("unit", ""),
            "op": item["answer"].get("op", ""),
            "threshold": str(item["answer"].get("threshold", "")),
        }
        for section in sections(name)
        for item in section["items"]
    }


def answered(item: dict[str, Any], outcome: str, **more: Any) -> dict[str, Any]:
    """Only what there is to say, as the payload has it."""
    kind = item["answer"]
    fails = outcome == "fail"
    value: Any = {
        "pass_fail": outcome,
        "number": "0.45" if fails else str(kind.get("threshold", "1")),
        "ratio": {"numerator": 21 if fails else 30, "denominator": 30},
        "document": None
        if fails
        else {"number": "15/QĐ-UBND", "issuer": "UBND xã Bằng Thành", "issued_on": "2026-01-10"},
        "choice": (kind.get("options") or ["none"])[-1 if fails else 0],
    }[kind["type"]]
    said = {"note": "Chợ không có khu vực này"} if outcome == "na" else {"value": value}
    given = {key: value for key, value in (said | more).items() if value}
    return {"item": item["code"], "outcome": outcome, **given}


def finding(
    item: dict[str, Any],
    answer: dict[str, Any],
    references: list[str],
    stall: dict[str, str] | None = None,
) -> dict[str, Any]:
    return {
        "item": item["code"],
        "stall": stall,
        "due_on": {"critical": "2026-11-25", "major": "2026-12-07", "minor": "2026-12-22"}[
            item["severity"]
        ],
        "corrected_on_site": answer.get("corrected_on_site", False),
        "repeat": item["code"] == "C02",
        "value": answer.get("value"),
        "note": answer.get("note", ""),
        "references": references,
        "photos": answer.get("photos", []),
    }


def payload(stalls: int = 12, pictures: int = 6, items: int = 70) -> dict[str, Any]:
    """The inspection of chợ Bộc Bố: some items fail, one stall is closed, one is new."""
    names = list(photos(pictures))
    references = {
        item["code"]: [
            ref["text"] for ref in item["refs"] if ref["status"] in ("verified", "secondary")
        ]
        for section in sections()
        for item in section["items"]
    }
    answers, findings = _establishment(names, references, items)
    sheets = [_stall(index, names, references, findings) for index in range(stalls)]
    return {
        "schema": "inspection-record/1",
        "record": {
            "id": "0193c1f0-7a52-7c11-9d6e-2f6c1c2b7a01",
            "number": "07/BB-SCT",
            "sequence": 7,
            "year": 2026,
            "verify_url": "https://kiemtra.thainguyen.example/verify/q2V8sYwTn3kLr5xB7cDfGh/",
            "trial": True,
            "supersedes": {"number": "05/BB-SCT", "date": "2026-11-20"},
            "reason": "Ghi nhầm số quầy.",
        },
        "authority": {
            "code": "SCT-THAI-NGUYEN",
            "name": "Sở Công Thương tỉnh Thái Nguyên",
            "parent": "ỦY BAN NHÂN DÂN TỈNH THÁI NGUYÊN",
            "place": "Thái Nguyên",
            "symbol": "SCT",
        },
        "establishment": {
            "code": "BOC-BO",
            "kind": "market",
            "name": "Chợ Bộc Bố",
            "address": "xã Bằng Thành, tỉnh Thái Nguyên",
            "units": [{"code": "01864", "level": "commune", "name": "xã Bằng Thành"}],
        },
        "inspection": {
            "id": "0193c1f0-7a52-7c11-9d6e-2f6c1c2b7a01",
            "kind": "planned",
            "started_at": "2026-11-22T06:40:00+07:00",
            "ended_at": "2026-11-22T08:31:02+07:00",
            "received_at": "2026-11-22T08:32:05+07:00",
            "clock_skew_s": 2,
            "location": {
                "latitude": "22.62145",
                "longitude": "105.66720",
                "accuracy_m": "12",
                "mock": False,
                "at": "2026-11-22T06:41:10+07:00",
            },
            "follows": None,
        },
        "grounds": {
            "number": "12/QĐ-SCT",
            "date": "2026-11-02",
            "issuer": "Giám đốc Sở Công Thương",
        },
        "checklist": {
            "code": "MARKET-FS",
            "version": 1,
            "title": "Phiếu kiểm tra mô hình chợ bảo đảm an toàn thực phẩm",
            "sha256": "6f1ed002ab5595859014ebf0951522d9" * 2,
            "approved_by": None,
        },
        "team": [
            {"role": "head", "name": "Hoàng Thị Lan", "title": "Phó Trưởng phòng"},
            {"role": "member", "name": "Nông Văn Páo", "title": "Chuyên viên"},
        ],
        "parties": [
            {
                "role": "representative",
                "name": "Triệu Thị Mai",
                "title": "Trưởng ban quản lý chợ",
            }
        ],
        "items": words_of_items(),
        "result": _result(answers, findings),
        "findings": findings,
        "answers": answers,
        "criteria": _criteria(sheets),
        "stalls": sheets,
        "measures": [],
        "samples": [
            {"stall": _label(sheets[1]), "kind": "borax", "result": "negative"},
            {"stall": None, "kind": "pesticide", "result": "positive"},
        ]
        if stalls > 1
        else [],
        "opinion": "Ban quản lý thống nhất với kết quả kiểm tra.",
        "requests": "Khắc phục các tồn tại trước ngày 25/11/2026 và gửi ảnh qua ứng dụng.",
        "signatures": [
            signature("head", "Hoàng Thị Lan", 1),
            signature("representative", "Triệu Thị Mai", 2),
            signature("member", "Nông Văn Páo", 3),
        ],
        "refusal": None,
        "photos": [
            {"sha256": name, "item": "C02" if n % 2 else "J01", "stall": None if n % 2 else "3"}
            for n, name in enumerate(names)
        ],
    }


def _establishment(
    names: list[str], references: dict[str, list[str]], items: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    answers: list[dict[str, Any]] = []
    findings: list[dict[str, Any]] = []
    for section in sections():
        if section["scope"] == "stall":
            continue
        for item in section["items"][: max(1, items // 10)]:
            outcome = "na" if section["code"] == "E" and item["na_allowed"] else "pass"
            if item["code"] in (FAILED if items == 70 else FAILED_OF_FEW):
                outcome = "fail"
            more: dict[str, Any] = {}
            if outcome == "fail":
                more = {"note": f"Ghi nhận tại chỗ ở mục {item['code']}: có ruồi ở khu thịt."}
                more["photos"] = names[:2]
                more["corrected_on_site"] = item["code"] == "G03"
            answers.append(answered(item, outcome, **more))
            if outcome == "fail":
                findings.append(finding(item, answers[-1], references[item["code"]]))
    return answers, findings


def _label(stall: dict[str, Any]) -> dict[str, str]:
    return {"number": stall["number"], "trader": stall["trader"]}


def _stall(
    index: int,
    names: list[str],
    references: dict[str, list[str]],
    findings: list[dict[str, Any]],
) -> dict[str, Any]:
    commodity, commodity_name, letter = COMMODITIES[index % len(COMMODITIES)]
    stall: dict[str, Any] = {
        "id": f"0193c1f0-0000-7000-8000-{index:012}",
        "number": str(index + 1),
        "trader": TRADERS[index % len(TRADERS)],
        "commodity": commodity,
        "commodity_name": commodity_name,
        "zone": "Nhà chợ chính" if index % 3 else "",
        "absent": "Quầy nghỉ hôm nay" if index == 4 else None,
        "new": index == 5,
        "verdict": None,
        "level_a": {"passed": 0, "applicable": 0},
        "level_b": {"passed": 0, "applicable": 0},
        "answers": [],
    }
    if stall["absent"]:
        return stall
    for section in sections():
        if section["scope"] != "stall" or section["code"] not in ("J", "P", letter):
            continue
        for item in section["items"]:
            fails = (item["code"], index) in {("J01", 2), ("J06", 7), ("J05", 2)}
            answer = answered(item, "fail" if fails else "pass")
            if fails:
                answer |= {"photos": names[2:3], "note": "Đã nhắc người bán."}
                findings.append(finding(item, answer, references[item["code"]], _label(stall)))
            stall["answers"].append(answer)
            counted = stall["level_a" if level(item) == "A" else "level_b"]
            counted["applicable"] += 1
            counted["passed"] += not fails
    stall["verdict"] = "fail" if index == 2 else "pass"
    return stall


def _criteria(sheets: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = []
    for section in sections():
        if section["scope"] != "stall":
            continue
        for item in section["items"]:
            given = {
                sheet["number"]: answer["outcome"]
                for sheet in sheets
                for answer in sheet["answers"]
                if answer["item"] == item["code"]
            }
            failed = [number for number, outcome in given.items() if outcome == "fail"]
            rows.append(
                {
                    "item": item["code"],
                    "outcome": "fail" if failed else "pass" if given else "na",
                    "failed_stalls": failed,
                }
            )
    return rows


def _result(answers: list[dict[str, Any]], findings: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "verdict": "to_complete",
        "score": "86.50",
        "rule_set": "TCVN_AB",
        "level_a": {"passed": 30, "applicable": 30},
        "level_b": {"passed": 17, "applicable": 30},
        "sections": [
            {
                "code": section["code"],
                "title": section["title"]["vi"],
                "passed": len(section["items"]) - 1,
                "applicable": len(section["items"]),
                "points": 2 * len(section["items"]) - 2,
                "points_possible": 2 * len(section["items"]),
            }
            for section in sections()
        ],
        "explanation": [
            "Tiêu chí mức A J01 chưa đạt do quầy số 3: tiêu chí quầy chỉ đạt khi mọi quầy được "
            "kiểm tra đều đạt."
        ],
    }


def refused(**kwargs: Any) -> dict[str, Any]:
    """The representative does not sign; a witness and the commune do."""
    return payload(**kwargs) | {
        "refusal": {
            "role": "representative",
            "reason": "Người đại diện không đồng ý với kết quả đo chiều cao bàn bày thực phẩm.",
        },
        "signatures": [
            signature("head", "Hoàng Thị Lan", 1),
            signature("witness", "Lý Thị Sông", 4),
            signature("commune_representative", "Nguyễn Văn Ủy", 5),
        ],
    }
