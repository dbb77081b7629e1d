"""records.rendering.poster: one page for the wall, read by outside tools"""

from pathlib import Path
from typing import Any

import pytest

from inspections.records.rendering.poster import render
from tests.inspections.records.tools import pages, run, words

URL = "https://attp.example.vn/verify/abcdefghijklmnopqrstuv/"


def told(**changes: Any) -> dict[str, Any]:
    return {
        "number": "07/BB-SCT",
        "year": 2026,
        "authority": "Sở Công Thương tỉnh Thái Nguyên",
        "establishment": "Chợ Bộc Bố",
        "address": "xã Bằng Thành, tỉnh Thái Nguyên",
        "inspected_on": "2026-11-02",
        "checklist": "Phiếu kiểm tra bảo đảm an toàn thực phẩm tại chợ",
        "verdict": "pass",
        "score": "86.50",
        "trial": False,
        "test": False,
        "status": "issued",
        "disputed": False,
        "replies": [],
        **changes,
    }


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        ("pass", "ĐẠT CHUẨN Pass"),
        ("to_complete", "CHỜ HOÀN THIỆN To be completed"),
        ("fail", "KHÔNG ĐẠT Fail"),
        (None, "KHÔNG CÓ KẾT LUẬN No verdict"),
    ],
    ids=str,
)
def test_says_verdict_score_day_and_number(verdict: str | None, said: str) -> None:
    [page] = pages(render(told(verdict=verdict), URL))

    assert f"{said} 86,50 điểm trên 100 Kiểm tra ngày 02/11/2026" in words(page)
    assert "Biên bản số 07/BB-SCT năm 2026" in page
    assert "BẢN" not in page


def test_says_what_must_stand_beside_the_verdict() -> None:
    [page] = pages(render(told(trial=True, test=True, status="provisional", score=None), URL))

    assert "BẢN THỬ" in page
    assert "TEST" in page
    assert "CHƯA PHÁT HÀNH" in page
    assert "điểm" not in page


def test_shows_no_disputed_verdict_without_its_mark() -> None:
    said = {"text": "Hôm đó lưới đang được giặt.", "at": "2026-11-23"}

    [page] = pages(render(told(disputed=True, replies=[said]), URL))

    assert "kiến nghị xem xét lại kết luận" in page
    assert "ý kiến giải trình" in page
    assert said["text"] not in page


def test_the_longest_names_stay_on_the_page_and_the_code_is_read(tmp_path: Path) -> None:
    long = told(
        authority="Sở " * 66,
        establishment="Chợ " * 50,
        address="xã " * 160,
        checklist="Phiếu " * 50,
        trial=True,
        test=True,
        status="provisional",
        disputed=True,
        replies=[{"text": "Không rõ."}],
    )
    content = render(long, URL)
    (tmp_path / "poster.pdf").write_bytes(content)

    run("pdftoppm", "-r", "60", "-png", tmp_path / "poster.pdf", tmp_path / "page")

    [page] = pages(content)
    assert URL in page
    assert page.count("Chợ") > 40
    assert page.index("CHƯA PHÁT HÀNH") < page.index("Quét mã")
    found = run("zbarimg", "-q", "--raw", *sorted(tmp_path.glob("page-*.png")))
    assert URL in found


def test_the_same_record_gives_the_same_bytes() -> None:
    assert render(told(), URL) == render(told(), URL)
