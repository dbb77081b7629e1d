"""One whole inspection of chợ Bộc Bố through the public API, each answer checked."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.utils import timezone

from inspections.checklists import definition
from inspections.demo import handwriting, pictures
from inspections.demo.document import document
from inspections.demo.phone import Answer, Phone

MARKET, CHECKLIST, INSPECTOR = "BOC-BO", "MARKET-FS@1", "inspector"
PARTY = {"role": "representative", "name": "Triệu Thị Mai", "title": "Trưởng ban quản lý chợ"}
STALLS = 12
LARGEST_RECORD = 600_000

# What is wrong at the market, and at the stall with this number.
FAILS = ("B05", "G03", "H02")
FAILING_STALL, STALL_FAILS = "02", ("J02", "K03")
NOT_APPLICABLE = {
    "E01": "Chợ không có kho thực phẩm.",
    "F01": "Chợ không bán gia cầm sống.",
    "F03": "Chợ không bán gia cầm sống.",
}
# What was measured; everything else is just as good as it must be.
MEASURED = {
    "B02": "620", "B04": "2,4", "B07": "4,5", "C03": "340", "E02": "2,5", "E03": "-19",
    "Q02": "9",
}  # fmt: skip
NOTES = {
    "B05": "Khu hàng khô chưa có biển tên; sơ đồ phân khu đã mờ.",
    "G03": "Có ruồi tại khu thịt; đã yêu cầu đặt bẫy và che chắn.",
    "J02": "Thớt gỗ nứt, mặt quầy có vết gỉ.",
    "K03": "Thịt không được che chắn, ruồi đậu trên mặt hàng.",
}
# Which picture shows an item; every other item shares that of the hall.
SCENE_OF = {
    "A02": "notice", "I01": "notice", "Q05": "notice", "B05": "notice", "D03": "drain",
    "E02": "cold", "E03": "cold", "G01": "bins", "H01": "bins", "G03": "meat",
    "J02": "meat", "K03": "meat",
}  # fmt: skip


class NotAsItShouldBeError(RuntimeError):
    """The service did not answer as it must; the text says what and where."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the visit led to. ``result`` as the API gives it, ``pdf`` the signed file."""

    receipt: dict[str, Any]
    result: dict[str, Any]
    record: dict[str, Any]
    public: dict[str, Any]
    judgement: dict[str, Any]
    stalls: Mapping[str, str]
    pdf: bytes


def walk(phone: Phone, password: str, say: Callable[[str], object]) -> Outcome:
    """The whole way. Raises NotAsItShouldBeError, and OSError where the server is gone."""
    phone.sign_in(INSPECTOR, password)
    place = _expect(200, phone.get(f"establishments/{MARKET}/")).json()
    register = _expect(200, phone.get(f"establishments/{MARKET}/stalls/")).json()["results"]
    version = _expect(200, phone.get(f"checklists/{CHECKLIST}/")).json()
    checklist = definition.parse(version["content"])
    stalls = {stall["id"]: stall["number"] for stall in register}
    _check(len(stalls) == STALLS, f"{STALLS} stalls expected, {len(stalls)} found")
    say(f"read {place['name']}: {len(stalls)} stalls, {CHECKLIST}: {len(checklist.items)} items")

    scenes = {scene: pictures.photo(scene) for scene in pictures.SCENES}
    body = fill_in(checklist, register, {name: _digest(photo) for name, photo in scenes.items()})
    receipt = _submit(phone, body)
    say(f"submitted: record {receipt['number']}, lacking {len(receipt['missing_evidence'])} photos")
    _send_photos(phone, receipt["missing_evidence"], scenes.values())
    pdf = _expect(200, phone.wait_for_record(body["id"])).body
    say(f"photos sent; the record is drawn and signed: {len(pdf):,} bytes")
    outcome = Outcome(
        receipt=receipt,
        result=_expect(200, phone.get(f"inspections/{body['id']}/result/")).json(),
        record=_expect(200, phone.get(f"inspections/{body['id']}/record/")).json(),
        public=_public(phone, receipt["verify_url"]),
        judgement=_judge(phone, pdf),
        stalls=stalls,
        pdf=pdf,
    )
    _check_whole(outcome)
    return outcome


def fill_in(
    checklist: definition.Checklist,
    register: list[dict[str, Any]],
    digest_of: Mapping[str, str],
) -> dict[str, Any]:
    """The document as the phone would send it. ``digest_of``: the photo of each scene."""
    failing = next(stall["id"] for stall in register if stall["number"] == FAILING_STALL)
    now = timezone.localtime()
    body = document(
        str(uuid4()),
        checklist,
        establishment=MARKET,
        inspector=INSPECTOR,
        stalls=register,
        fails=FAILS,
        stall_fails={failing: STALL_FAILS},
        photo=lambda item: digest_of[SCENE_OF.get(item, "hall")],
        grounds={
            "number": "12/QĐ-SCT",
            "date": (now - timedelta(days=20)).date().isoformat(),
            "issuer": "Giám đốc Sở Công Thương",
        },
        started_at=_moment(now - timedelta(minutes=111)),
        ended_at=_moment(now - timedelta(minutes=2)),
        location={
            "latitude": "22.62145",
            "longitude": "105.6672",
            "accuracy_m": "12",
            "mock": False,
            "at": _moment(now - timedelta(minutes=110)),
        },
        device={"id": "demo-phone", "sent_at": _moment(now), "counter": 1},
        parties=[PARTY],
        samples=[
            {"stall": failing, "kind": "hàn the (borax)", "result": "âm tính"},
            {"stall": register[5]["id"], "kind": "thuốc bảo vệ thực vật", "result": "âm tính"},
        ],
        signatures=[
            handwriting.signature("head", "Hoàng Thị Lan"),
            handwriting.signature("representative", PARTY["name"]),
        ],
    )
    for code, value in MEASURED.items():
        body["answers"][code]["value"] = value
    for code, reason in NOT_APPLICABLE.items():
        body["answers"][code] = {"not_applicable": True, "note": reason}
    sheets = [body["answers"], *(sheet["answers"] for sheet in body["stalls"])]
    for code, note in NOTES.items():
        for answers in sheets:
            if "note" in answers.get(code, {}):
                answers[code]["note"] = note
    return body


def _submit(phone: Phone, body: dict[str, Any]) -> dict[str, Any]:
    first = _expect(201, phone.submit(body))
    again = _expect(200, phone.submit(body))
    _check(again.body == first.body, "the receipt of a repeated submission differs")
    receipt: dict[str, Any] = first.json()
    return receipt


def _send_photos(phone: Phone, missing: list[str], photos: Any) -> None:
    by_digest = {_digest(photo): photo for photo in photos}
    _check(set(missing) == set(by_digest), "the server lacks other photos than those named")
    for sha256 in missing:
        _expect(201, phone.put_photo(by_digest[sha256]))


def _public(phone: Phone, verify_url: str) -> dict[str, Any]:
    """What the QR code leads to, as page and as data."""
    path = urlsplit(verify_url).path
    anybody = Phone(phone.port)
    _expect(200, anybody.get(path))
    token = path.rstrip("/").rpartition("/")[2]
    found: dict[str, Any] = _expect(200, anybody.get(f"public/records/{token}/")).json()
    return found


def _judge(phone: Phone, pdf: bytes) -> dict[str, Any]:
    path, headers = "public/verify/", {"Content-Type": "application/pdf"}
    anybody = Phone(phone.port)
    verdict: dict[str, Any] = _expect(200, anybody.send("POST", path, pdf, headers)).json()
    middle = len(pdf) // 2
    changed = pdf[:middle] + bytes([pdf[middle] ^ 1]) + pdf[middle + 1 :]
    other = _expect(200, anybody.send("POST", path, changed, headers)).json()
    _check(other["verdict"] != "genuine", "a record with one bit changed was taken as genuine")
    return verdict


def _check_whole(outcome: Outcome) -> None:
    digest = _digest(outcome.pdf)
    number = outcome.receipt["number"]
    _check(outcome.record["file_sha256"] == digest, "the record has another digest than its file")
    _check(outcome.record["status"] == "issued", f"the record is {outcome.record['status']}")
    _check(len(outcome.pdf) <= LARGEST_RECORD, f"the record has {len(outcome.pdf):,} bytes")
    _check(
        outcome.judgement["verdict"] == "genuine",
        f"the file is judged {outcome.judgement['verdict']} {outcome.judgement['reason']}",
    )
    for name in ("number", "file_sha256", "status"):
        _check(outcome.public[name] == outcome.record[name], f"the public page differs in {name}")
    _check(outcome.public["number"] == number, "the public page gives another number")
    _check(outcome.result["verdict"] == outcome.receipt["verdict"], "two verdicts")


def _expect(status: int, answer: Answer) -> Answer:
    if answer.status != status:
        raise NotAsItShouldBeError(f"{status} expected, got {answer}")
    return answer


def _check(holds: bool, otherwise: str) -> None:
    if not holds:
        raise NotAsItShouldBeError(otherwise)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
