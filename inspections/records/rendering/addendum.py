"""An addendum to a record as a PDF: what was said of it after it was signed."""

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

from inspections.records.rendering import closing, heading, strings
from inspections.records.rendering.canvas import faces, new
from inspections.records.rendering.sheet import BODY_ITALIC, Sheet
from inspections.records.rendering.text import paragraphs

TITLES = {
    "reply": "Ý KIẾN GIẢI TRÌNH CỦA CƠ SỞ",
    "appeal": "KIẾN NGHỊ XEM XÉT LẠI KẾT LUẬN",
    "decision": "KẾT QUẢ XEM XÉT KIẾN NGHỊ",
}
OUTCOMES = {
    "upheld": "Chấp nhận kiến nghị; kết luận được xem lại bằng biên bản thay thế hoặc hủy.",
    "rejected": "Giữ nguyên kết luận của biên bản.",
}


def render(payload: Mapping[str, Any], *, test: bool) -> bytes:
    """Draw it; the same arguments give the same bytes. ``payload``: ``inspection-addendum/1``."""
    record, first = payload["record"], payload["addendum_to"]
    out = BytesIO()
    canvas = new(
        out,
        record["id"],
        title=f"Bản bổ sung {payload['sequence']} của biên bản số {first['number']}",
        author=payload["authority"]["name"],
        subject=TITLES[payload["kind"]].capitalize(),
        creator=payload["schema"],
        at=datetime.fromisoformat(payload["said_at"]),
    )
    with faces:
        sheet = Sheet(
            canvas,
            footer=f"{first['number']}, bổ sung {payload['sequence']}",
            mark=strings.TEST_MARK if test else "",
        )
        note = {"test": test}
        title = f"BẢN BỔ SUNG SỐ {payload['sequence']} CỦA BIÊN BẢN"
        heading.draw(sheet, payload, note, title)
        _body(sheet, payload)
        closing.recipients(sheet, payload)
        closing.verification(sheet, payload, note, provisional=False)
        sheet.finish()
        canvas.save()
    return out.getvalue()


def _body(sheet: Sheet, payload: Mapping[str, Any]) -> None:
    first, finding = payload["addendum_to"], payload["finding"]
    signed = datetime.fromisoformat(first["signed_at"])
    sheet.paragraph(
        f"Biên bản số {first['number']} ký số ngày {signed:%d/%m/%Y}, "
        f"SHA-256 của tệp: {first['file_sha256']}. Biên bản đó giữ nguyên; bản này đi kèm với nó."
    )
    sheet.heading(TITLES[payload["kind"]])
    if finding:
        where = f" (quầy {finding['stall']})" if finding["stall"] else ""
        sheet.paragraph(f"Về tồn tại {finding['item']}{where}: {finding['text']}")
    if payload["outcome"]:
        sheet.paragraph(OUTCOMES[payload["outcome"]])
    for text in paragraphs(payload["text"]):
        sheet.paragraph(text)
    at = datetime.fromisoformat(payload["said_at"])
    sheet.paragraph(f"{payload['by']}, {at:%H:%M ngày %d/%m/%Y}.", BODY_ITALIC)
