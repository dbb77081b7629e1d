"""Annexes: every answer of the establishment, and every answer of every stall."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from inspections.records.rendering import strings
from inspections.records.rendering.body import stall_name
from inspections.records.rendering.findings import numbered_photos
from inspections.records.rendering.heading import TITLE
from inspections.records.rendering.sheet import LEFT, SMALL, WIDTH, Sheet
from inspections.records.rendering.tables import (
    FINE,
    FINE_BOLD,
    FINE_ITALIC,
    Column,
    Table,
    Text,
)
from inspections.records.rendering.text import balance

STALLS_ABREAST = 12
STALL_WIDTH = 22.0
LONGEST_NUMBER = 8


def title(sheet: Sheet, payload: Mapping[str, Any], name: str, subject: str) -> None:
    """Start an annex. Decree 30/2020: number and subject centred, then what it belongs to."""
    sheet.start_annex()
    for text, style in (
        (name, TITLE),
        (subject.upper(), TITLE),
        (f"(Kèm theo Biên bản số {payload['record']['number']})", FINE_ITALIC),
    ):
        lines = balance(text, style, WIDTH)
        sheet.lines(LEFT, sheet.y, lines, style, WIDTH, align="center")
        sheet.y -= style.leading * len(lines)
    sheet.y -= 10


def answers(sheet: Sheet, payload: Mapping[str, Any], photo_numbers: Mapping[str, int]) -> None:
    columns = (
        Column("Mã", 34, "center"),
        Column("Tiêu chí", WIDTH - 34 - 34 - 66 - 128),
        Column("Mức", 34, "center"),
        Column("Kết quả", 66, "center"),
        Column("Giá trị, ghi chú, ảnh", 128),
    )
    titles = _section_titles(payload)
    table = Table(sheet, columns, FINE)
    for section, rows in groupby(payload["answers"], key=lambda answer: answer["section"]):
        table.span(f"{section}. {titles.get(section, '')}".rstrip())
        for answer in rows:
            table.row(
                (
                    answer["item"],
                    answer["text"],
                    answer["level"] or "",
                    _outcome(answer),
                    _details(answer, photo_numbers),
                )
            )
    table.finish()
    if any(answer["carried"] for answer in payload["answers"]):
        sheet.paragraph(CARRIED, SMALL, indent=0)


CARRIED = "(*) Kết quả chuyển từ lần kiểm tra trước, không kiểm tra lại trong lần này."


def _outcome(answer: Mapping[str, Any]) -> Text:
    style = FINE_BOLD if answer["outcome"] == "fail" else FINE
    return Text(strings.OUTCOMES[answer["outcome"]] + (" (*)" if answer["carried"] else ""), style)


def _details(answer: Mapping[str, Any], photo_numbers: Mapping[str, int]) -> list[Text]:
    details = []
    answered, required = strings.answered(answer), strings.threshold(answer)
    if answered:
        details.append(Text(answered + (f" (yêu cầu {required})" if required else "")))
    if answer["note"]:
        details.append(Text(answer["note"], FINE_ITALIC))
    if answer["photos"]:
        details.append(Text(numbered_photos(answer["photos"], photo_numbers)))
    if answer["corrected_on_site"]:
        details.append(Text("Đã khắc phục tại chỗ", ticked=True))
    return details


def _section_titles(payload: Mapping[str, Any]) -> dict[str, str]:
    return {section["code"]: section["title"] for section in payload["result"]["sections"]}


def stalls(sheet: Sheet, payload: Mapping[str, Any], photo_numbers: Mapping[str, int]) -> None:
    """Criteria by stalls as a grid of letters, then what a letter does not tell."""
    assessed = [stall for stall in payload["stalls"] if not stall["absent"]]
    sheet.paragraph(
        "Đ: đạt; K: không đạt; –: không áp dụng; ô trống: tiêu chí không thuộc nhóm hàng của "
        "quầy; (*): chuyển từ lần kiểm tra trước.",
        SMALL,
        indent=0,
    )
    for start in range(0, len(assessed), STALLS_ABREAST):
        _grid(sheet, payload, assessed[start : start + STALLS_ABREAST])
    _stall_details(sheet, assessed, photo_numbers)


def _grid(sheet: Sheet, payload: Mapping[str, Any], stalls: Sequence[Mapping[str, Any]]) -> None:
    by_item = [{answer["item"]: answer for answer in stall["answers"]} for stall in stalls]
    titles = _section_titles(payload)
    market_width = 36.0
    columns = (
        Column("Mã", 32, "center"),
        Column("Tiêu chí của quầy", WIDTH - 32 - market_width - STALL_WIDTH * len(stalls)),
        *(Column(_short(stall["number"]), STALL_WIDTH, "center") for stall in stalls),
        Column("Toàn chợ", market_width, "center"),
    )
    table = Table(sheet, columns, FINE)
    for section, rows in groupby(_criteria(payload), key=lambda row: row["section"]):
        table.span(f"{section}. {titles.get(section, '')}".rstrip())
        for row in rows:
            letters = [_letter(answers.get(row["item"])) for answers in by_item]
            if any(letter.text for letter in letters):
                market = Text(strings.OUTCOME_LETTERS.get(row["outcome"], ""), FINE_BOLD)
                table.row((row["item"], row["text"], *letters, market))
    table.finish()


def _short(number: str) -> str:
    """A stall number for a narrow column; the table of stalls has it whole."""
    return number if len(number) <= LONGEST_NUMBER else number[: LONGEST_NUMBER - 1] + "…"


def _criteria(payload: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    """The rolled-up criteria, and after them answered items that they do not list."""
    listed = {row["item"] for row in payload["criteria"]}
    extra = {
        answer["item"]: {**answer, "outcome": ""}
        for stall in payload["stalls"]
        for answer in stall["answers"]
        if answer["item"] not in listed
    }
    return (*payload["criteria"], *extra.values())


def _letter(answer: Mapping[str, Any] | None) -> Text:
    if answer is None:
        return Text("")
    letter = strings.OUTCOME_LETTERS[answer["outcome"]] + ("*" if answer["carried"] else "")
    return Text(letter, FINE_BOLD if answer["outcome"] == "fail" else FINE)


def _stall_details(
    sheet: Sheet, stalls: Sequence[Mapping[str, Any]], photo_numbers: Mapping[str, int]
) -> None:
    rows = [(stall, _told(stall, photo_numbers)) for stall in stalls]
    if not any(told for _, told in rows):
        return
    sheet.heading("Giá trị đo, giấy tờ, ghi chú theo quầy")
    columns = (Column("Quầy", 110), Column("Giá trị, ghi chú, ảnh", WIDTH - 110))
    table = Table(sheet, columns, FINE)
    for stall, told in rows:
        if told:
            table.row((stall_name(stall), told))
    table.finish()


def _told(stall: Mapping[str, Any], photo_numbers: Mapping[str, int]) -> list[Text]:
    """Answers with something to say: failed ones first, plain measured values run together."""
    failed: list[Text] = []
    noted: list[Text] = []
    plain: list[str] = []
    for answer in stall["answers"]:
        details = _details(answer, photo_numbers)
        if not details:
            continue
        told = f"{answer['item']}: " + "; ".join(d.text.rstrip(".") for d in details)
        if answer["outcome"] == "fail":
            outcome = strings.OUTCOMES["fail"].lower()
            told = told.replace(": ", f" ({outcome}): ", 1)
            failed.append(Text(told, FINE_BOLD))
        elif answer["note"] or answer["photos"]:
            noted.append(Text(told))
        else:
            plain.append(told)
    return [*failed, *noted, *([Text("; ".join(plain))] if plain else [])]
