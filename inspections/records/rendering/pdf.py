"""The record as a PDF, drawn from the frozen payload alone."""

from collections.abc import Callable, Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from inspections.records.rendering import (
    annex,
    body,
    closing,
    findings,
    heading,
    items,
    photos,
    signatures,
    strings,
)
from inspections.records.rendering.canvas import faces, new
from inspections.records.rendering.sheet import Sheet

Section = tuple[str, Callable[[], None]]


def render(
    payload: Mapping[str, Any],
    note: Mapping[str, Any],
    contents: Mapping[str, bytes],
    *,
    provisional: bool = False,
) -> bytes:
    """Draw the record; the same arguments give the same bytes, in any process.

    ``payload``: the frozen record (schema ``inspection-record/1``). ``note``:
    ``test``, ``evidence_closed``, ``missing_photos``. ``contents``: those of
    the photos by SHA-256 in hexadecimal; asked for one at a time, so that a
    mapping may read them then. Text of users is drawn as it is, never read as
    markup.

    ``provisional`` puts a watermark on each page and lets photos be missing.
    Raises MissingPhotosError when a photo is neither given nor noted as missing.
    """
    if not provisional:
        photos.check(payload, note, contents)
    # Before the faces are taken: other documents must not wait for a disk or a decoder.
    pictures = photos.prepared(payload, contents)
    payload = items.spelled_out(payload)
    out = BytesIO()
    canvas = _described(out, payload)
    with faces:
        _draw(canvas, payload, note, pictures, provisional=provisional)
        canvas.save()
    return out.getvalue()


def _described(out: BytesIO, payload: Mapping[str, Any]) -> Canvas:
    record = payload["record"]
    return new(
        out,
        record["id"],
        title=f"Biên bản số {record['number']} – {payload['establishment']['name']}",
        author=payload["authority"]["name"],
        subject=payload["checklist"]["title"],
        creator="inspection-record/1",
        at=datetime.fromisoformat(payload["inspection"]["received_at"]),
    )


def _draw(
    canvas: Canvas,
    payload: Mapping[str, Any],
    note: Mapping[str, Any],
    pictures: photos.Pictures,
    *,
    provisional: bool,
) -> None:
    sheet = Sheet(
        canvas,
        footer=f"Biên bản số {payload['record']['number']}",
        mark=strings.TEST_MARK if note.get("test") else "",
        watermark=strings.PROVISIONAL_MARK if provisional else "",
    )
    numbers = {photo["sha256"]: n for n, photo in enumerate(payload["photos"], start=1)}
    heading.draw(sheet, payload, note)
    body.grounds(sheet, payload)
    body.opening(sheet, payload)
    for roman, (title, draw) in zip(
        strings.ROMAN, _sections(sheet, payload, numbers), strict=False
    ):
        sheet.heading(f"{roman}. {title}")
        draw()
    signatures.closing_words(sheet, payload)
    signatures.draw(sheet, payload)
    closing.recipients(sheet, payload)
    closing.verification(sheet, payload, note, provisional=provisional)
    _annexes(sheet, payload, note, pictures, numbers)
    sheet.finish()


def _sections(
    sheet: Sheet, payload: Mapping[str, Any], numbers: Mapping[str, int]
) -> list[Section]:
    sections: list[Section] = [
        ("THÀNH PHẦN ĐOÀN KIỂM TRA", lambda: body.people(sheet, payload)),
        ("BÊN ĐƯỢC KIỂM TRA VÀ CÁC BÊN LIÊN QUAN", lambda: body.parties(sheet, payload)),
        ("CƠ SỞ ĐƯỢC KIỂM TRA", lambda: body.place(sheet, payload)),
        ("KẾT QUẢ KIỂM TRA", lambda: body.result(sheet, payload)),
        ("CÁC TỒN TẠI GHI NHẬN", lambda: findings.findings(sheet, payload, numbers)),
    ]
    if payload["stalls"]:
        sections.append(("KẾT QUẢ THEO QUẦY", lambda: findings.stalls(sheet, payload)))
        sections.append(("TỔNG HỢP TIÊU CHÍ CỦA QUẦY", lambda: findings.criteria(sheet, payload)))
    if payload["measures"]:
        sections.append(("SỐ LIỆU GHI NHẬN", lambda: body.measures(sheet, payload)))
    if payload["samples"]:
        sections.append(("MẪU VÀ KẾT QUẢ THỬ NHANH", lambda: body.samples(sheet, payload)))
    opinion = payload["opinion"] or "Không có ý kiến."
    requests = payload["requests"] or "Không có kiến nghị."
    sections.append(("Ý KIẾN CỦA BÊN ĐƯỢC KIỂM TRA", lambda: sheet.paragraph(opinion)))
    sections.append(("KIẾN NGHỊ CỦA ĐOÀN KIỂM TRA", lambda: sheet.paragraph(requests)))
    return sections


def _annexes(
    sheet: Sheet,
    payload: Mapping[str, Any],
    note: Mapping[str, Any],
    pictures: photos.Pictures,
    numbers: Mapping[str, int],
) -> None:
    annexes: list[Section] = []
    if payload["answers"]:
        annexes.append(
            ("Kết quả từng tiêu chí của cơ sở", lambda: annex.answers(sheet, payload, numbers))
        )
    if any(not stall["absent"] for stall in payload["stalls"]):
        annexes.append(
            ("Kết quả từng tiêu chí của quầy", lambda: annex.stalls(sheet, payload, numbers))
        )
    if payload["photos"] or note.get("evidence_closed"):
        annexes.append(("Ảnh ghi nhận", lambda: photos.draw(sheet, payload, note, pictures)))
    for number, (subject, draw) in enumerate(annexes):
        name = f"PHỤ LỤC {strings.ROMAN[number]}" if len(annexes) > 1 else "PHỤ LỤC"
        annex.title(sheet, payload, name, subject)
        draw()
