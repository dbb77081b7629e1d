"""Texts, decimals, days, codes: what the phone reads is what the server reads."""

import random
import re
import subprocess
from pathlib import Path
from uuid import uuid4

import pytest
from PIL import Image

from backend.common.text import fold, nfc
from backend.common.typeface import CODE_POINTS, SUPPORTED
from inspections.checklists.decimals import DecimalError, normal_decimal
from tests.inspections.webapp.lab import Lab

LETTERS = [chr(c) for c in [*range(0x20, 0x7F), *range(0xA1, 0x250), *range(0x1E00, 0x1F00)]]
NAMES = ["Chợ Phủ Thông", "  Bộc   Bố ", "ĐỒNG TÂM", "Chợ Đức Vân", "Nà Phặc", "STRASSE ß"]


def test_words_are_folded_as_the_server_folds_them(desk: Lab) -> None:
    texts = [*NAMES, *LETTERS, *(f"a{letter}b" for letter in LETTERS)]

    folded = desk.run("const { fold } = await logic('text'); return arg.map(fold);", texts)

    assert [fold("Chợ Phủ Thông"), fold("Đồng Tâm")] == ["cho phu thong", "dong tam"]
    differing = {t for t, f in zip(texts, folded, strict=True) if f != fold(t)}
    # Letters that lower case and case folding treat differently; no name here has them.
    assert {letter for letter in differing if len(letter) == 1} <= set("µŉſǰẖẗẘẙẚẛẞ")


@pytest.mark.parametrize("place", ["cho phu thong", "PHU THONG", "phú thông", "phu bpt"])
def test_a_place_is_found_without_accents(desk: Lab, place: str) -> None:
    bundle = {
        "establishments": [
            {"code": "PHU-THONG", "name": "Chợ Phủ Thông", "kind": "market", "unit": "Xã BPT"},
            {"code": "DONG-TAM", "name": "Chợ Đồng Tâm", "kind": "market", "unit": ""},
        ]
    }

    found = desk.call("bundle", "search", bundle, place)

    assert [row["code"] for row in found] == ["PHU-THONG"]


DECIMALS = ["3,5", "3.5", "03,50", "-0", "-0,00", "0", "1000", "0.10", "12345678901234567,8",
            "x", "3,", "", "1" * 19, "-3.140", "٣", "1.000,5"]  # fmt: skip


def test_decimals_have_the_one_spelling_of_the_server(desk: Lab) -> None:
    spelled = desk.run("const { spell } = await logic('text'); return arg.map(spell);", DECIMALS)

    for text, found in zip(DECIMALS, spelled, strict=True):
        try:
            assert found == normal_decimal(text)
        except DecimalError:
            assert found == text


def test_what_the_record_cannot_show_is_named(desk: Lab) -> None:
    compact = ",".join(f"{first:x}-{last:x}" for first, last in CODE_POINTS)
    luck = random.Random(7)  # noqa: S311 (made-up texts)
    points = [*range(0x20, 0x3000, 3), *(luck.randrange(0x3000, 0x1FFFF) for _ in range(500))]
    texts = [chr(code) for code in points if not 0xD800 <= code < 0xE000]
    script = """
      const { letters, unsupported } = await logic("text");
      const ranges = letters(arg.compact);
      return arg.texts.map((text) => unsupported(text, ranges) === "");
    """

    shown = desk.run(script, {"compact": compact, "texts": texts})

    assert shown == [SUPPORTED.issuperset(nfc(text)) for text in texts]


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-22T06:40:00+07:00", "2026-11-22"),
        ("2026-11-21T17:00:00Z", "2026-11-22"),
        ("2026-11-21T16:59:59Z", "2026-11-21"),
        ("1970-01-01T00:00:00Z", "1970-01-01"),
    ],
)
def test_the_day_of_a_visit_is_that_of_the_market(desk: Lab, moment: str, day: str) -> None:
    assert desk.call("moments", "dayOf", moment) == day


def test_a_moment_tells_the_time_of_the_market(desk: Lab) -> None:
    assert desk.call("moments", "moment", 1_795_311_662_999) == "2026-11-22T08:41:02+07:00"


def test_ids_are_of_version_7_and_sort_by_time(desk: Lab) -> None:
    script = """
      const { uuid7 } = await logic("uuid");
      return [1, 2 ** 40, 1795311662999].map((now) => uuid7(now));
    """

    made = desk.run(script)

    shape = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    assert all(re.fullmatch(shape, each) for each in made)
    assert made == sorted(made)
    assert int(made[2].replace("-", "")[:12], 16) == 1_795_311_662_999


def test_a_short_code_is_forty_bits_that_can_be_read_out(desk: Lab) -> None:
    known = desk.call("shortcode", "shortCode", "0193c1f0-7a52-7c11-9d6e-2f6c1c2b7a01")
    many = {desk.call("shortcode", "shortCode", str(uuid4())) for _ in range(50)}

    # 0x6c1c2b7a01 in base 32: 01101 10000 01110 00010 10110 11110 10000 00001
    assert known == "DGE2-PYG1"
    assert len(many) == 50
    assert all(re.fullmatch("[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", code) for code in many)


@pytest.mark.parametrize("length", [1, 14, 15, 26, 42, 62, 84, 106, 122, 152, 180, 213])
def test_a_code_is_read_by_a_reader(desk: Lab, tmp_path: Path, length: int) -> None:
    """Lengths at the ends of every version."""
    text = ("https://cho.example/app/#/visit/đ" + "0123456789abcdef-" * 14)[: length - 1] + "."
    text = text.replace("đ", "d")

    rows = desk.call("qr", "qr", text)

    size, zone = len(rows), 4
    image = Image.new("L", (size + 2 * zone, size + 2 * zone), 255)
    for y, row in enumerate(rows):
        for x, is_dark in enumerate(row):
            image.putpixel((x + zone, y + zone), 0 if is_dark else 255)
    file = tmp_path / "code.png"
    image.resize((image.width * 6, image.height * 6), Image.Resampling.NEAREST).save(file)
    read = subprocess.run(["zbarimg", "--quiet", "--raw", file], capture_output=True, check=True)
    assert read.stdout.decode().removesuffix("\n") == text


@pytest.mark.parametrize("catalogue", ["app", "visit", "words"])
def test_every_text_is_there_in_both_languages(desk: Lab, catalogue: str) -> None:
    texts = desk.run("return (await import(`/static/app/texts/${arg}.js`))[arg];", catalogue)

    for key, (vi, en) in texts.items():
        assert vi.strip(), key
        assert en.strip(), key
        assert set(re.findall(r"\{\w+\}", vi)) == set(re.findall(r"\{\w+\}", en)), key
