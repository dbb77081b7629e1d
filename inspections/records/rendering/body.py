"""Opening and summary of a record: grounds, people, place, result.

Content: Decree 217/2025/NĐ-CP, article 15 (3a).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from inspections.records.rendering import strings
from inspections.records.rendering.fonts import BOLD
from inspections.records.rendering.sheet import BODY_ITALIC, LEFT, WIDTH, Sheet
from inspections.records.rendering.tables import CELL, Column, Table
from inspections.records.rendering.text import Style, wrap

VERDICT = Style(BOLD, 14, 18)
MAX_CLOCK_SKEW_S = 60


def grounds(sheet: Sheet, payload: Mapping[str, Any]) -> None:
    checklist = payload["checklist"]
    reasons = []
    if payload["grounds"]:
        reasons.append(f"Căn cứ Quyết định {strings.decision(payload['grounds'])}")
    approved = checklist["approved_by"]
    state = (
        f"được phê duyệt theo Quyết định {strings.decision(approved)}"
        if approved
        else "bản thử, chưa được phê duyệt"
    )
    reasons.append(
        f"Căn cứ {_lower_first(checklist['title'])} (mã {checklist['code']}@"
        f"{checklist['version']}; {state})"
    )
    if payload["inspection"]["follows"]:
        first = payload["inspection"]["follows"]
        reasons.append(f"Căn cứ Biên bản số {first['number']} ngày {strings.day(first['date'])}")
    for number, reason in enumerate(reasons, start=1):
        sheet.paragraph(reason + ("." if number == len(reasons) else ";"), BODY_ITALIC)


def opening(sheet: Sheet, payload: Mapping[str, Any]) -> None:
    record, visit, place = payload["record"], payload["inspection"], payload["establishment"]
    kind = strings.KINDS.get(visit["kind"], "kiểm tra")
    address = f", địa chỉ: {place['address']}" if place["address"] else ""
    sheet.paragraph(
        f"Vào hồi {strings.moment(visit['started_at'])}, tại {place['name']}{address}, "
        f"Đoàn kiểm tra của {payload['authority']['name']} tiến hành {kind}."
    )
    if record["supersedes"]:
        old = record["supersedes"]
        reason = f" Lý do: {record['reason']}" if record["reason"] else ""
        sheet.paragraph(
            f"Biên bản này thay thế Biên bản số {old['number']} ngày "
            f"{strings.day(old['date'])}.{reason}"
        )


def people(sheet: Sheet, payload: Mapping[str, Any]) -> None:
    _people(sheet, payload["team"], strings.TEAM_ROLES, "Thành viên")


def parties(sheet: Sheet, payload: Mapping[str, Any]) -> None:
    if not payload["parties"]:
        sheet.paragraph("Không có người đại diện tham gia buổi kiểm tra.")
    _people(sheet, payload["parties"], strings.PARTY_ROLES, "Bên liên quan")


def _people(
    sheet: Sheet, people: Sequence[Mapping[str, Any]], roles: Mapping[str, str], other: str
) -> None:
    for number, person in enumerate(people, start=1):
        title = f", {person['title']}" if person.get("title") else ""
        role = roles.get(person["role"], other)
        end = "." if number == len(people) else ";"
        sheet.paragraph(f"{number}. Ông (bà) {person['name']}{title} – {role}{end}", after=2)


def place(sheet: Sheet, payload: Mapping[str, Any]) -> None:
    establishment, visit = payload["establishment"], payload["inspection"]
    sheet.paragraph(f"{establishment['name']} (mã {establishment['code']})", lead="Tên cơ sở:")
    if establishment["address"]:
        sheet.paragraph(establishment["address"], lead="Địa chỉ:")
    stalls = payload["stalls"]
    if stalls:
        absent = sum(1 for stall in stalls if stall["absent"])
        new = sum(1 for stall in stalls if stall["new"])
        sheet.paragraph(
            f"{len(stalls) - absent} quầy được kiểm tra, {absent} quầy vắng, "
            f"{new} quầy chưa có trong danh sách.",
            lead="Điểm kinh doanh:",
        )
    if visit["location"]:
        sheet.paragraph(_location(visit["location"]), lead="Vị trí ghi nhận trên thiết bị:")
    if abs(visit.get("clock_skew_s") or 0) > MAX_CLOCK_SKEW_S:
        sheet.paragraph(
            f"lệch {abs(visit['clock_skew_s'])} giây so với máy chủ khi nhận "
            f"({strings.moment(visit['received_at'])}).",
            lead="Đồng hồ của thiết bị:",
        )
    if datetime.fromisoformat(visit["ended_at"]) < datetime.fromisoformat(visit["started_at"]):
        sheet.paragraph(
            "giờ kết thúc ghi trên thiết bị trước giờ bắt đầu; đồng hồ đã bị chỉnh trong buổi "
            "kiểm tra.",
            lead="Đồng hồ của thiết bị:",
        )


def _location(location: Mapping[str, Any]) -> str:
    accuracy = location.get("accuracy_m")
    return (
        f"vĩ độ {strings.decimal(location['latitude'])}, "
        f"kinh độ {strings.decimal(location['longitude'])}"
        + (f", sai số {strings.decimal(accuracy)} m" if accuracy else "")
        + (" (thiết bị báo vị trí giả lập)" if location.get("mock") else "")
        + "."
    )


def result(sheet: Sheet, payload: Mapping[str, Any]) -> None:
    outcome = payload["result"]
    _verdict_box(sheet, payload)
    score = strings.decimal(outcome["score"]) if outcome["score"] is not None else None
    sheet.paragraph(
        f"{score}/100 (tỷ lệ điểm của các tiêu chí áp dụng)."
        if score
        else "không tính được, vì không có tiêu chí nào áp dụng.",
        lead="Điểm:",
        after=2,
    )
    sheet.paragraph(
        f"mức A đạt {strings.share(outcome['level_a'])}, "
        f"mức B đạt {strings.share(outcome['level_b'])}; quy tắc kết luận: "
        f"{strings.RULE_SETS.get(outcome['rule_set'], outcome['rule_set'])}.",
        lead="Số tiêu chí:",
        after=2,
    )
    counts = _by_severity(payload)
    if counts:
        sheet.paragraph(f"{counts}.", lead="Tồn tại ghi nhận:", after=2)
    for sentence in outcome["explanation"]:
        sheet.paragraph(f"- {sentence}", after=2)
    sheet.y -= 4
    table = Table(
        sheet,
        (
            Column("Phần", 36, "center"),
            Column("Nội dung", WIDTH - 36 - 90 - 90),
            Column("Đạt/áp dụng", 90, "center"),
            Column("Điểm", 90, "center"),
        ),
    )
    for section in outcome["sections"]:
        table.row(
            (
                section["code"],
                section["title"],
                strings.share(section),
                f"{strings.decimal(section['points'])}/"
                f"{strings.decimal(section['points_possible'])}",
            )
        )
    table.finish()


def _verdict_box(sheet: Sheet, payload: Mapping[str, Any]) -> None:
    trial = " (bản thử)" if payload["record"]["trial"] else ""
    # None where nothing was applicable under a rule set of points.
    verdict = strings.VERDICTS.get(payload["result"]["verdict"])
    words = f"Kết luận: {verdict}" if verdict else strings.NO_VERDICT
    lines = wrap(words.upper() + trial, VERDICT, WIDTH - 20)
    height = VERDICT.leading * len(lines) + 12
    sheet.need(height + 60)
    sheet.draw(f"1 w {LEFT:.2f} {sheet.y - height:.2f} {WIDTH:.2f} {height:.2f} re S")
    sheet.lines(LEFT + 10, sheet.y - 6, lines, VERDICT, WIDTH - 20, align="center")
    sheet.y -= height + 8


def _by_severity(payload: Mapping[str, Any]) -> str:
    found = [finding["severity"] for finding in payload["findings"]]
    return ", ".join(
        f"{found.count(code)} {word.lower()}"
        for code, word in strings.SEVERITIES.items()
        if code in found
    )


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def measures(sheet: Sheet, payload: Mapping[str, Any]) -> None:
    table = Table(
        sheet,
        (Column("Mã", 50, "center"), Column("Số liệu", WIDTH - 190), Column("Giá trị", 140)),
        CELL,
    )
    for measure in payload["measures"]:
        value = measure["value"]
        shown = "–" if value is None else strings.quantity(value, measure["unit"])
        table.row((measure["code"], measure["text"], shown))
    table.finish()


def samples(sheet: Sheet, payload: Mapping[str, Any]) -> None:
    table = Table(
        sheet,
        (
            Column("TT", 30, "center"),
            Column("Nơi lấy mẫu", 170),
            Column("Chỉ tiêu thử nhanh", WIDTH - 300),
            Column("Kết quả", 100, "center"),
        ),
    )
    for number, sample in enumerate(payload["samples"], start=1):
        table.row(
            (
                str(number),
                stall_name(sample["stall"]) or payload["establishment"]["name"],
                strings.SAMPLE_KINDS.get(sample["kind"], sample["kind"]),
                strings.SAMPLE_RESULTS.get(sample["result"], sample["result"]),
            )
        )
    table.finish()


def stall_name(stall: Mapping[str, Any] | None) -> str:
    if not stall:
        return ""
    trader = f" ({stall['trader']})" if stall.get("trader") else ""
    return f"Quầy {stall['number']}{trader}"
