"""Signature blocks: strokes from the phone as vector paths, or the refusal and who saw it."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from inspections.records.rendering import strings
from inspections.records.rendering.fonts import BOLD, ITALIC
from inspections.records.rendering.sheet import BODY, LEFT, WIDTH, Sheet
from inspections.records.rendering.text import Style, balance

TITLE = Style(BOLD, 13, 16)
HINT = Style(ITALIC, 11, 14)
NAME = Style(BOLD, 13, 16)

BLOCK_WIDTH = WIDTH / 2 - 10
INK_WIDTH, INK_HEIGHT = 150.0, 62.0
# A personal signature is shown in blue (Decree 30/2020, annex I).
INK = "0 0.13 0.55 RG 1.3 w 1 J 1 j"


def draw(sheet: Sheet, payload: Mapping[str, Any]) -> None:
    """The head at the right, whoever stands for the inspected party at the left, others below."""
    signatures = payload["signatures"]
    heads = [one for one in signatures if one["role"] == "head"]
    parties = [one for one in signatures if one["role"] == "representative"]
    others = [one for one in signatures if one not in heads and one not in parties]
    left = [*parties, *_unsigned(payload)]
    pairs = [*zip_longest(left, heads), *zip_longest(others[::2], others[1::2])]
    for pair in pairs:
        _row(sheet, pair)


def _unsigned(payload: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The place where a signature was refused, with the name of whoever refused, if known."""
    if not payload["refusal"]:
        return []
    role = payload["refusal"]["role"]
    names = [party["name"] for party in payload["parties"] if party["role"] == role]
    return [{"role": role, "name": names[0] if names else "", "strokes": []}]


def _row(sheet: Sheet, row: Sequence[Mapping[str, Any] | None]) -> None:
    """Two blocks side by side, their strokes and names on one level."""
    blocks = [block for block in row if block]
    head = max(_height(_titles(block)) for block in blocks)
    names = max(_height(_name(block)) for block in blocks)
    height = head + INK_HEIGHT + names + 20
    sheet.need(height + 6)
    top = sheet.y - 6
    for block, x in zip(row, (LEFT, LEFT + WIDTH - BLOCK_WIDTH), strict=True):
        if block:
            _centred(sheet, x, top, _titles(block))
            _centred(sheet, x, top - head - INK_HEIGHT - 10, _name(block))
            if block["strokes"]:
                _strokes(sheet, x + (BLOCK_WIDTH - INK_WIDTH) / 2, top - head - 4, block)
    sheet.y = top - height


def _titles(block: Mapping[str, Any]) -> list[tuple[str, Style]]:
    title = strings.SIGNATURE_TITLES.get(block["role"], "BÊN LIÊN QUAN")
    hint = "(Ký trên thiết bị kiểm tra)" if block["strokes"] else "(Không ký biên bản)"
    return [(title, TITLE), (hint, HINT)]


def _name(block: Mapping[str, Any]) -> list[tuple[str, Style]]:
    return [(block["name"], NAME)]


def _height(texts: Sequence[tuple[str, Style]]) -> float:
    return sum(style.leading * len(balance(text, style, BLOCK_WIDTH)) for text, style in texts)


def _centred(sheet: Sheet, x: float, top: float, texts: Sequence[tuple[str, Style]]) -> None:
    for text, style in texts:
        lines = balance(text, style, BLOCK_WIDTH)
        sheet.lines(x, top, lines, style, BLOCK_WIDTH, align="center")
        top -= style.leading * len(lines)


def _strokes(sheet: Sheet, x: float, top: float, signature: Mapping[str, Any]) -> None:
    """Fit the pad into the box, keeping its proportions; a stroke of one point is a dot."""
    pad_width, pad_height = max(signature["width"], 1), max(signature["height"], 1)
    scale = min(INK_WIDTH / pad_width, INK_HEIGHT / pad_height)
    x += (INK_WIDTH - pad_width * scale) / 2
    paths = [_path(stroke, x, top, scale) for stroke in signature["strokes"] if stroke]
    sheet.draw(f"q {INK} {' '.join(paths)} S Q")


def _path(stroke: Sequence[Sequence[int]], x: float, top: float, scale: float) -> str:
    points = [f"{x + px * scale:.2f} {top - py * scale:.2f}" for px, py in stroke]
    if len(points) == 1:
        points *= 2
    return f"{points[0]} m " + " ".join(f"{point} l" for point in points[1:])


def closing_words(sheet: Sheet, payload: Mapping[str, Any]) -> None:
    visit = payload["inspection"]
    same_day = visit["started_at"][:10] == visit["ended_at"][:10]
    ended = (
        f"{strings.hour(visit['ended_at'])} cùng ngày"
        if same_day
        else strings.moment(visit["ended_at"])
    )
    refusal = payload["refusal"]
    agreed = "" if refusal else " Các bên tham gia ký xác nhận dưới đây."
    sheet.y -= 6
    if not refusal:
        sheet.need(2 * BODY.leading + 150)
    sheet.paragraph(
        f"Buổi kiểm tra kết thúc vào hồi {ended}. Biên bản được lập dưới dạng dữ liệu điện tử, "
        f"các phụ lục kèm theo là một phần của biên bản.{agreed}"
    )
    if refusal:
        who = strings.PARTY_ROLES.get(refusal["role"], "Bên liên quan")
        sheet.paragraph(f"{who} không ký biên bản. Lý do được nêu: {refusal['reason']}", after=2)
        sheet.paragraph("Những người dưới đây ký xác nhận việc không ký biên bản.")
