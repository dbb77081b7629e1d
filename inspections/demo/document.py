"""A whole inspection document, as a phone would send it: for the demo, tests and benches."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from inspections.checklists.definition import Checklist, Item

Answer = dict[str, Any]
Photos = Callable[[str], str]
STROKE = [[20, 90], [34, 60], [58, 98], [81, 52], [109, 95], [150, 70], [205, 84]]


def passing(item: Item, photo: Photos) -> Answer:
    """An answer that passes ``item``, with a photo where the item always asks for one."""
    spec = item.answer
    value: Any = "pass"
    if spec.type == "number":
        value = str(spec.threshold)
    elif spec.type == "ratio":
        value = {"numerator": 30, "denominator": 30}
    elif spec.type == "document":
        value = {"number": "15/QĐ-UBND", "issuer": "UBND xã", "issued_on": "2026-01-10"}
        if spec.expires:
            value["expires_on"] = "2030-01-10"
    elif spec.type == "choice":
        value = min(spec.pass_options)
    answer: Answer = {"value": value}
    if item.photo == "always":
        answer["photos"] = [photo(item.code)]
    return answer


def failing(item: Item, photo: Photos) -> Answer:
    """An answer that fails ``item``, with the note and the photo that this takes."""
    spec = item.answer
    answer: Answer = {"value": "fail", "note": "Chưa đạt yêu cầu, đã nhắc nhở tại chỗ."}
    if spec.type == "number":
        worse = -1 if spec.op in (">=", ">") else 1
        answer["value"] = str(max(spec.threshold + worse, spec.minimum or 0))
    elif spec.type == "ratio":
        answer["value"] = {"numerator": 10, "denominator": 30}
    elif spec.type == "document":
        answer["value"] = None
    elif spec.type == "choice":
        answer["value"] = next(o for o in spec.options if o not in spec.pass_options)
    if item.photo != "never" and spec.type != "document":
        answer["photos"] = [photo(item.code)]
    return answer


def document(
    inspection_id: str,
    checklist: Checklist,
    *,
    establishment: str,
    inspector: str,
    stalls: Iterable[Mapping[str, str]] = (),
    fails: Iterable[str] = (),
    stall_fails: Mapping[str, Iterable[str]] | None = None,
    photo: Photos,
    **changes: Any,
) -> dict[str, Any]:
    """A document that passes, but for ``fails`` and, by stall id, ``stall_fails``.

    ``stalls``: ``{"id", "commodity"}`` of the register; ``changes`` replace top-level fields.
    """
    failed = {None: set(fails)} | {k: set(v) for k, v in (stall_fails or {}).items()}

    def answer(item: Item, stall: str | None) -> Answer:
        make = failing if item.code in failed.get(stall, ()) else passing
        return make(item, photo)

    return {
        "id": inspection_id,
        "establishment": establishment,
        "checklist": checklist.name,
        "kind": "planned",
        "follows": None,
        "supersedes": None,
        "reason": "",
        "grounds": {
            "number": "12/QĐ-SCT",
            "date": "2026-11-02",
            "issuer": "Giám đốc Sở Công Thương",
        },
        "started_at": "2026-11-22T06:40:00+07:00",
        "ended_at": "2026-11-22T08:31:02+07:00",
        "location": {
            "latitude": "22.62145",
            "longitude": "105.6672",
            "accuracy_m": "12",
            "mock": False,
            "at": "2026-11-22T06:41:10+07:00",
        },
        "device": {"id": "demo-phone", "sent_at": "2026-11-22T08:32:00+07:00", "counter": 41},
        "team": [
            {"role": "head", "username": inspector},
            {"role": "member", "name": "Nông Văn Páo", "title": "Chuyên viên"},
        ],
        "parties": [
            {
                "role": "representative",
                "name": "Triệu Thị Mai",
                "title": "Trưởng ban quản lý chợ",
            }
        ],
        "answers": {item.code: answer(item, None) for item in checklist.establishment_items},
        "stalls": [
            {
                "stall": stall["id"],
                "commodity": stall["commodity"],
                "answers": {
                    item.code: answer(item, stall["id"])
                    for item in checklist.stall_items(stall["commodity"])
                },
            }
            for stall in stalls
        ],
        "measures": {},
        "samples": [],
        "opinion": "Ban quản lý thống nhất với kết quả kiểm tra.",
        "requests": "Khắc phục các tồn tại đúng thời hạn nêu trong biên bản.",
        "signatures": [
            {
                "role": "head",
                "name": "Hoàng Thị Lan",
                "width": 340,
                "height": 180,
                "strokes": [STROKE],
            },
            {
                "role": "representative",
                "name": "Triệu Thị Mai",
                "width": 340,
                "height": 180,
                "strokes": [[[x, 170 - y] for x, y in STROKE]],
            },
        ],
        "refusal": None,
        **changes,
    }
