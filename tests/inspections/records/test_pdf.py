"""inspections.records.rendering.pdf.render: what a record shows, and how it is drawn"""

import hashlib
import importlib.util
import os
import re
import struct
import subprocess
import sys
import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from backend.common.typeface import SUPPORTED
from inspections.fieldwork.models import Inspection
from inspections.records.rendering.pdf import render
from inspections.records.rendering.photos import MissingPhotosError
from tests.inspections.evidence.pictures import (
    NONSENSE,
    animated,
    nonsense_beside_orientation,
)
from tests.inspections.records import sample
from tests.inspections.records.tools import on_pdf, pages, run, text, words

ROOT = Path(__file__).parents[3]
GENUINE: dict[str, Any] = {"test": False, "evidence_closed": None, "missing_photos": []}
ALPHABET = (
    "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
)


def small(**changes: Any) -> dict[str, Any]:
    return sample.payload(stalls=0, pictures=0, items=10) | changes


def drawn(payload: dict[str, Any], note: dict[str, Any] = GENUINE, **more: Any) -> bytes:
    return render(payload, note, sample.photos(), **more)


@pytest.fixture(scope="module")
def record() -> bytes:
    """The whole inspection: 70 items, 12 stalls, 6 photos."""
    return drawn(sample.payload(), sample.NOTE)


# Same arguments, same bytes


def test_another_process_with_other_seeds_clock_and_zone_draws_the_same_bytes() -> None:
    code = (
        "import hashlib\n"
        "from inspections.records.rendering.pdf import render\n"
        "from tests.inspections.records import sample\n"
        "content = render(sample.payload(pictures=1), sample.NOTE, sample.photos(1))\n"
        "print(hashlib.sha256(content).hexdigest())"
    )
    here = render(sample.payload(pictures=1), sample.NOTE, sample.photos(1))
    environment = os.environ | {
        "PYTHONHASHSEED": "4711",
        "SOURCE_DATE_EPOCH": "86400",
        "TZ": "America/Lima",
        "LC_ALL": "C",
    }
    there = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert there.stdout.strip() == hashlib.sha256(here).hexdigest()


def test_threads_draw_the_same_bytes() -> None:
    payload = small()
    with ThreadPoolExecutor(4) as pool:
        files = set(pool.map(lambda _: drawn(payload), range(12)))
    assert len(files) == 1


def test_drawing_needs_neither_django_nor_a_database() -> None:
    code = (
        "import sys, inspections.records.rendering.pdf\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('django', 'backend')])"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    # The table of characters alone, which every door asks as well.
    assert found.stdout.strip() == "['backend', 'backend.common', 'backend.common.typeface']"


def test_the_accelerator_of_the_canvas_is_installed() -> None:
    """Without it drawing takes a third longer, and nothing says so."""
    assert importlib.util.find_spec("_rl_accel") is not None


# The file, as independent tools see it


def test_the_file_is_sound(record: bytes) -> None:
    assert "No syntax or stream encoding errors found" in on_pdf("qpdf", record, "--check")


def test_all_fonts_are_embedded_subsets_that_map_back_to_text(record: bytes) -> None:
    rows = on_pdf("pdffonts", record).splitlines()[2:]
    assert len(rows) == 4
    for row in rows:
        assert re.fullmatch(r"[A-Z]{6}\+Tinos-\w+ .* yes +yes +yes +\d+ +0", row.strip()), row


def test_a_record_of_70_items_12_stalls_and_6_photos_keeps_to_600_kb(record: bytes) -> None:
    assert len(record) < 560_000  # payload and signature take 20 to 40 KB more


def test_photos_of_pure_noise_keep_to_the_size_too() -> None:
    noise = []
    for seed in range(6):
        out = BytesIO()
        Image.effect_noise((1600, 1200), 90 + seed).convert("RGB").save(out, "JPEG", quality=95)
        noise.append(out.getvalue())
    names = {hashlib.sha256(content).hexdigest(): content for content in noise}
    payload = sample.payload(pictures=0)
    payload["photos"] = [{"sha256": name, "item": "A02", "stall": None} for name in names]
    assert len(render(payload, GENUINE, names)) < 560_000


# Text


def test_vietnamese_comes_back_whole_and_in_nfc() -> None:
    opinion = f"{ALPHABET} {ALPHABET.upper()}"
    shown = text(drawn(small(opinion=opinion)))
    assert shown == unicodedata.normalize("NFC", shown)
    assert "".join(opinion.split()) in "".join(shown.split())


def test_decomposed_text_is_drawn_like_composed_text() -> None:
    name = "Triệu Thị Mai, xã Bằng Thành"
    decomposed = unicodedata.normalize("NFD", name)
    assert drawn(small(opinion=decomposed)) == drawn(small(opinion=name))


def test_every_item_text_is_in_the_annex(record: bytes) -> None:
    shown = set(words(text(record)).split())
    for section in sample.sections():
        for item in section["items"]:
            assert item["code"] in shown
            missing = [word for word in item["text"]["vi"].split() if word not in shown]
            assert missing == [], item["code"]


def test_more_letters_than_one_subset_holds_are_all_shown() -> None:
    visible = sorted(char for char in SUPPORTED if not char.isspace())
    shown = text(drawn(small(opinion=" ".join(visible))))
    assert [char for char in visible if char not in shown] == []


@pytest.mark.parametrize(
    "hostile",
    [
        "<b>đậm</b> &amp; <img src='/etc/passwd'/>",
        "<para><font color='red'>đỏ</para>",
        "%d %s {name} \\n (a) \\) ) (",
        "</text> ]]> <!-- -->",
        "javascript:alert(1)",
    ],
)
def test_text_of_users_is_never_markup(hostile: str) -> None:
    content = drawn(small(opinion=hostile, requests=hostile))
    assert words(text(content)).count(words(hostile)) == 2


def test_what_the_font_lacks_is_shown_as_a_code_point_not_dropped() -> None:
    assert "họp [U+1F41F] chợ" in words(text(drawn(small(opinion="họp 🐟 chợ"))))


def test_a_note_of_4000_characters_without_a_space_is_whole_and_quick() -> None:
    payload = small()
    token = "".join(ALPHABET[n % len(ALPHABET)] for n in range(4000))
    payload["answers"][0]["note"] = token
    payload["findings"][0]["note"] = token
    start = time.process_time()
    content = drawn(payload)
    assert time.process_time() - start < 2
    shown = text(content)
    assert [char for char in set(token) if shown.count(char) < 2 * token.count(char)] == []


def test_a_cell_taller_than_a_page_goes_on_over_the_next_pages() -> None:
    payload = small()
    numbered = [f"từ{n}" for n in range(1500)]
    payload["findings"][0]["note"] = " ".join(numbered)
    shown = text(drawn(payload), "-raw")
    found = re.findall(r"\btừ\d+\b", shown)
    assert found == numbered


# Layout of Decree 30/2020


def test_the_head_stands_on_the_first_page(record: bytes) -> None:
    first = words(pages(record)[0])
    for line in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Số: 07/BB-SCT",
        "Thái Nguyên, ngày 22 tháng 11 năm 2026",
        "BIÊN BẢN",
        "Kiểm tra việc bảo đảm an toàn thực phẩm tại Chợ Bộc Bố",
        "Vào hồi 06 giờ 40 phút ngày 22 tháng 11 năm 2026",
    ):
        assert line in first


def test_a_visit_that_ends_before_it_begins_says_that_the_clock_was_changed() -> None:
    visit = small()["inspection"]
    turned = {"started_at": visit["ended_at"], "ended_at": visit["started_at"]}
    changed = small(inspection=visit | turned)

    said = "giờ kết thúc ghi trên thiết bị trước giờ bắt đầu"
    assert said in words(text(drawn(changed)))
    assert said not in words(text(drawn(small())))


def test_days_and_months_are_written_as_the_decree_says() -> None:
    payload = small()
    payload["inspection"] = payload["inspection"] | {
        "started_at": "2027-02-05T06:05:00+07:00",
        "ended_at": "2027-02-05T08:00:00+07:00",
    }
    shown = words(text(drawn(payload)))
    assert "06 giờ 05 phút ngày 05 tháng 02 năm 2027" in shown
    assert "kết thúc vào hồi 08 giờ 00 phút cùng ngày" in shown


def test_page_numbers_are_on_top_from_page_two_and_begin_anew_in_each_annex(record: bytes) -> None:
    count = len(pages(record))
    tops = [
        text(record, "-f", n, "-l", n, "-x", 0, "-y", 0, "-W", 596, "-H", 50).strip()
        for n in range(1, count + 1)
    ]
    body, annex = tops[:5], tops[5:]
    assert body == ["", "2", "3", "4", "5"]
    assert annex == ["", "2", "3", "", "2", "3", ""]


def test_every_page_names_record_and_sheet(record: bytes) -> None:
    shown = pages(record)
    for number, page in enumerate(shown, start=1):
        foot = words(page)[-200:]
        assert "Biên bản số 07/BB-SCT" in foot
        assert f"tờ {number}/{len(shown)}" in foot.replace("/ ", "/")


def test_table_heads_are_repeated_on_each_page(record: bytes) -> None:
    annex = pages(record)[5:8]
    assert all("Tiêu chí" in page and "Kết quả" in page for page in annex)
    stalls = pages(record)[8:10]
    assert all("Tiêu chí của quầy" in page and "Toàn" in page for page in stalls)


def test_no_heading_is_left_alone_at_the_foot_of_a_page() -> None:
    for length in range(0, 44, 2):
        payload = small(stalls=sample.payload(stalls=4, pictures=0)["stalls"])
        member = {"role": "member", "name": "Nông Văn Páo", "title": ""}
        payload["team"] = payload["team"] + [member] * length
        for page in pages(drawn(payload)):
            *above, _ = [line.strip() for line in page.splitlines() if line.strip()]
            assert not re.match(r"[IVX]+\. [A-ZĐ]", above[-1]), (length, above[-1])


def test_the_paper_is_a4(record: bytes) -> None:
    assert b"/MediaBox [ 0 0 595.2756 841.8898 ]" in record


# Content


def test_a_finding_shows_clause_measure_deadline_photos_and_correction(record: bytes) -> None:
    shown = words(text(record, "-raw"))
    assert "Căn cứ: TCVN 11856:2017, 4.2." in shown
    assert "Ghi nhận: 0,45 m (yêu cầu ≥ 1,5 m)" in shown
    assert "Ảnh: 1, 2" in shown
    assert "07/12/2026" in shown
    assert "Đã khắc phục tại chỗ." in shown
    assert "Lặp lại trong vòng 12 tháng." in shown
    assert "Quầy 3 (Nông Thị Ngọc Ánh)" in shown


def test_a_finding_without_a_source_is_an_internal_criterion() -> None:
    payload = small()
    payload["findings"][0]["references"] = []
    assert "Căn cứ: tiêu chí nội bộ." in words(text(drawn(payload)))


def test_a_document_that_was_not_shown_is_said_so(record: bytes) -> None:
    assert "Ghi nhận: Không xuất trình được" in words(text(record, "-raw"))


def test_stalls_show_verdict_absence_and_that_they_are_new(record: bytes) -> None:
    shown = words(text(record, "-raw"))
    assert "Quầy nghỉ hôm nay" in shown
    assert "Chưa có trong danh sách" in shown
    assert "11 quầy được kiểm tra, 1 quầy vắng, 1 quầy chưa có trong danh sách" in shown


def test_criteria_that_the_market_fails_name_the_stalls(record: bytes) -> None:
    page = next(p for p in pages(record) if "TỔNG HỢP TIÊU CHÍ CỦA QUẦY" in p)
    row = next(line for line in page.splitlines() if "J06" in line and "Hộ kinh doanh" in line)
    assert row.rstrip().endswith("8")


def test_samples_opinion_and_requests_are_shown(record: bytes) -> None:
    shown = words(text(record, "-layout"))
    assert "Hàn the Âm tính" in shown
    assert "Ban quản lý thống nhất với kết quả kiểm tra." in shown
    assert "Khắc phục các tồn tại trước ngày 25/11/2026" in shown


def test_a_record_requests_and_records_but_accuses_nobody() -> None:
    for payload in (sample.payload(), sample.refused()):
        shown = words(text(drawn(payload))).lower()
        assert "vi phạm" not in shown
        assert "thanh tra" not in shown


def test_a_superseding_record_names_the_old_one_with_the_reason(record: bytes) -> None:
    shown = words(text(record))
    assert "thay thế Biên bản số 05/BB-SCT ngày 20/11/2026. Lý do: Ghi nhầm số quầy." in shown


def test_a_follow_up_names_the_first_visit_and_marks_carried_answers() -> None:
    payload = small()
    payload["inspection"] = payload["inspection"] | {
        "kind": "follow_up",
        "follows": {"number": "05/BB-SCT", "date": "2026-11-20"},
    }
    payload["answers"][2]["carried"] = True
    shown = words(text(drawn(payload)))
    assert "Căn cứ Biên bản số 05/BB-SCT ngày 20/11/2026" in shown
    assert "kiểm tra lại việc khắc phục" in shown
    assert "Đạt (*)" in shown
    assert "(*) Kết quả chuyển từ lần kiểm tra trước" in shown


def test_a_record_without_score_says_so() -> None:
    payload = small()
    payload["result"]["score"] = None
    assert "không tính được" in words(text(drawn(payload)))


def test_a_record_without_verdict_says_so() -> None:
    """By points, when nothing was applicable."""
    payload = small()
    payload["result"] |= {"verdict": None, "score": None, "rule_set": "POINTS100"}
    shown = words(text(drawn(payload)))
    assert "KHÔNG CÓ KẾT LUẬN (bản thử)" in shown
    assert "KẾT LUẬN:" not in shown


def test_a_supermarket_record_shows_measures_and_no_stalls() -> None:
    payload = small(
        measures=[
            {
                "code": "PM01",
                "text": "Số túi ni lông khó phân hủy phát ra",
                "value": "12000",
                "unit": "bag/month",
            },
            {"code": "PM02", "text": "Khối lượng", "value": None, "unit": "kg/month"},
        ]
    )
    payload["establishment"]["kind"] = "supermarket"
    payload["establishment"]["name"] = "Siêu thị Mẫu 01"
    shown = words(text(drawn(payload), "-layout"))
    assert "giảm nhựa và sử dụng bao bì thân thiện môi trường tại Siêu thị Mẫu 01" in shown
    assert "12.000 túi/tháng" in shown
    assert "KẾT QUẢ THEO QUẦY" not in shown


def test_paper_and_pages_say_a_verdict_in_the_same_words() -> None:
    """Whoever scans the code is asked to compare the two."""
    payload = sample.payload(stalls=2, pictures=0)
    for verdict, label in Inspection.Verdict.choices:
        payload["result"]["verdict"] = payload["stalls"][0]["verdict"] = verdict
        shown = words(text(drawn(payload), "-raw"))
        assert f"KẾT LUẬN: {label.upper()} (bản thử)" in shown
        assert label in shown.partition("KẾT QUẢ THEO QUẦY")[2]


# Marks


def test_trial_stands_beside_the_verdict(record: bytes) -> None:
    assert "KẾT LUẬN: CHỜ HOÀN THIỆN (bản thử)" in words(text(record))
    approved = small()
    approved["record"]["trial"] = False
    approved["checklist"]["approved_by"] = {"number": "9/QĐ-SCT", "date": "2026-10-01"}
    shown = words(text(drawn(approved)))
    assert "KẾT LUẬN: CHỜ HOÀN THIỆN" in shown
    assert "bản thử" not in shown


def test_test_stands_on_every_page_and_only_when_the_note_says_so(record: bytes) -> None:
    mark = "BẢN KÝ THỬ – TEST – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ"
    assert all(mark in words(page) for page in pages(record))
    assert "TEST" not in text(drawn(small()))


def test_a_provisional_record_says_so_on_every_page_and_claims_no_signature() -> None:
    content = drawn(sample.payload(), provisional=True)
    marked = "BẢNTẠM–CHƯAPHÁTHÀNH"
    for number in range(1, len(pages(content)) + 1):
        page = text(content, "-raw", "-f", number, "-l", number)
        assert marked in "".join(page.split())
    assert "Bản này chưa được ký số." in words(text(content))
    assert "được ký số theo chuẩn PAdES" not in words(text(content))


def test_a_refusal_shows_reason_and_whoever_saw_it() -> None:
    shown = words(text(drawn(sample.refused()), "-raw"))
    assert "Người đại diện cơ sở không ký biên bản. Lý do được nêu: Người đại diện" in shown
    assert "không đồng ý với kết quả đo chiều cao bàn bày thực phẩm." in shown
    assert "(Không ký biên bản)" in shown
    assert "NGƯỜI CHỨNG KIẾN" in shown
    assert "Nguyễn Văn Ủy" in shown


def test_a_refusal_of_many_pages_is_still_whole() -> None:
    payload = sample.refused(stalls=0, pictures=0)
    numbered = [f"từ{n}" for n in range(900)]
    payload["refusal"]["reason"] = " ".join(numbered)
    assert re.findall(r"\btừ\d+\b", text(drawn(payload), "-raw")) == numbered


def test_signatures_are_drawn_as_paths(tmp_path: Path) -> None:
    payload = small()
    payload["signatures"][0]["strokes"] = [[[0, 0], [340, 180]], [[170, 90]]]
    plain = tmp_path / "plain.pdf"
    source = tmp_path / "record.pdf"
    source.write_bytes(drawn(payload))
    run("qpdf", "--qdf", "--object-streams=disable", source, plain)
    paths = re.findall(rb"q 0 0\.13 0\.55 RG.*?S Q", plain.read_bytes(), re.DOTALL)
    assert len(paths) == 3
    # 340 by 180 fits into 150 by 62 points by its height.
    [x1, y1, x2, y2] = map(float, re.findall(rb"-?\d+\.\d\d", paths[1])[2:6])
    assert (round(x2 - x1, 1), round(y1 - y2, 1)) == (117.1, 62.0)


def test_the_code_leads_to_the_verification_page(tmp_path: Path) -> None:
    payload = small()
    (tmp_path / "record.pdf").write_bytes(drawn(payload))
    run("pdftoppm", "-r", "150", "-png", tmp_path / "record.pdf", tmp_path / "page")
    found = run("zbarimg", "-q", "--raw", *sorted(tmp_path.glob("page-*.png")))
    assert payload["record"]["verify_url"] in found
    assert payload["record"]["verify_url"] in words(text((tmp_path / "record.pdf").read_bytes()))


# Photos


def oriented(content: bytes, orientation: int) -> bytes:
    """A photo as phones write it: turned by a note in its metadata, with a place in it."""
    image = Image.open(BytesIO(content))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "PhoneMaker"
    exif.get_ifd(0x8825)[1] = "N"
    out = BytesIO()
    image.save(out, "JPEG", exif=exif, comment=b"secret comment")
    return out.getvalue()


def with_photo(content: bytes) -> bytes:
    digest = hashlib.sha256(content).hexdigest()
    payload = small(photos=[{"sha256": digest, "item": "C02", "stall": None}])
    return render(payload, GENUINE, {digest: content})


def test_photos_stand_upright_and_without_metadata() -> None:
    content = with_photo(oriented(sample.photo(1, 400, 200), 6))
    row = on_pdf("pdfimages", content, "-list").splitlines()[2].split()
    assert row[3:6] == ["200", "400", "rgb"]
    assert b"PhoneMaker" not in content
    assert b"secret comment" not in content
    assert b"Exif" not in content


@pytest.mark.parametrize(("tag", "kind", "value"), NONSENSE)
def test_a_photo_that_was_taken_in_can_be_drawn(tag: int, kind: int, value: bytes) -> None:
    content = with_photo(nonsense_beside_orientation(tag, kind, value))
    row = on_pdf("pdfimages", content, "-list").splitlines()[2].split()
    assert row[3:6] == ["32", "48", "rgb"]


def test_of_a_jpeg_with_several_pictures_the_first_is_printed() -> None:
    row = on_pdf("pdfimages", with_photo(animated("MPO")), "-list").splitlines()[2].split()
    assert row[3:6] == ["8", "8", "rgb"]


def test_a_photo_that_makes_the_decoder_fail_is_shown_as_damaged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(*_: object) -> None:
        raise struct.error("argument out of range")

    monkeypatch.setattr("PIL.Image.Image.thumbnail", fails)
    assert "Tệp ảnh không đọc được" in text(with_photo(sample.photo(3, 320, 240)))


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB"), ("JPEG", "CMYK"), ("JPEG", "L")],
)
def test_any_accepted_photo_becomes_srgb(kind: str, mode: str) -> None:
    out = BytesIO()
    Image.open(BytesIO(sample.photo(2, 320, 240))).convert(mode).save(out, kind)
    row = on_pdf("pdfimages", with_photo(out.getvalue()), "-list").splitlines()[2].split()
    assert row[5:9] == ["rgb", "3", "8", "jpeg"]


def test_a_photo_is_numbered_and_says_item_stall_and_digest(record: bytes) -> None:
    shown = words(text(record, "-raw"))
    digest = next(iter(sample.photos()))
    assert f"Ảnh 1. Tiêu chí J01, quầy 3 SHA-256: {digest[:16]}…" in shown


def test_a_photo_that_is_not_given_stops_the_drawing() -> None:
    with pytest.raises(MissingPhotosError):
        render(sample.payload(), GENUINE, sample.photos(5))


def test_photos_noted_as_missing_keep_their_place_and_are_named() -> None:
    names = list(sample.photos())
    note = {
        "test": False,
        "missing_photos": [names[5]],
        "evidence_closed": {
            "by": "Phạm Văn Sở",
            "at": "2026-12-01T10:00:00+07:00",
            "reason": "Mất điện thoại.",
        },
    }
    shown = words(text(render(sample.payload(), note, sample.photos(5)), "-raw"))
    assert "Ảnh không nhận được: 6." in shown
    assert "người quyết định: Phạm Văn Sở. Lý do: Mất điện thoại." in shown
    assert "Không nhận được ảnh" in shown
    assert "Ảnh 6. Tiêu chí C02" in shown


def test_a_provisional_record_may_lack_photos() -> None:
    shown = words(text(render(sample.payload(), GENUINE, {}, provisional=True), "-raw"))
    assert shown.count("Không nhận được ảnh") == 6


def test_a_damaged_photo_is_shown_as_damaged() -> None:
    assert "Tệp ảnh không đọc được" in text(with_photo(sample.photo(3, 320, 240)[:400]))
    assert "Tệp ảnh không đọc được" in text(with_photo(b"no picture"))


def test_a_photo_too_large_to_decode_is_not_decoded() -> None:
    out = BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    start = time.process_time()
    assert "Tệp ảnh không đọc được" in text(with_photo(out.getvalue()))
    assert time.process_time() - start < 2
