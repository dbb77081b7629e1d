"""Which submissions are refused, and why. Rules B1 to B10 of docs/rules/submission.md.

The checklist's own rules (which answers are complete) are those of ``fieldwork.rules``.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from backend.common.errors import FieldError
from backend.common.strict_json import escape
from backend.common.text import Bilingual
from inspections.checklists.definition import Checklist
from inspections.fieldwork.rules.outcome import parse_day
from inspections.submission.document import Draft, StallSheet, Submission

SELF_CHECK = "self_check"
WITNESSES = ("witness", "commune_representative")
MAX_PHOTOS = 200


class Rule(NamedTuple):
    code: str
    detail: Bilingual

    def at(self, pointer: str) -> FieldError:
        return FieldError(pointer, self.code, self.detail)


UNKNOWN_ESTABLISHMENT = Rule(
    "unknown_establishment", Bilingual("Không có cơ sở này.", "There is no such establishment.")
)
UNKNOWN_CHECKLIST = Rule(
    "unknown_checklist",
    Bilingual("Không có phiếu đã ban hành này.", "There is no such published checklist."),
)
NOT_FOR_THIS_KIND = Rule(
    "checklist_not_for_this_kind",
    Bilingual(
        "Phiếu này không dùng cho loại cơ sở đó.",
        "This checklist is not for that kind of establishment.",
    ),
)
NO_AUTHORITY = Rule(
    "no_authority",
    Bilingual(
        "Không có cơ quan phụ trách cơ sở vào ngày kiểm tra.",
        "No authority is responsible for the establishment on the day of the visit.",
    ),
)
SENDER_NOT_IN_TEAM = Rule(
    "sender_not_in_team",
    Bilingual("Người gửi phải có tên trong đoàn.", "The sender must be named in the team."),
)
UNKNOWN_PERSON = Rule(
    "unknown_person", Bilingual("Không có tài khoản này.", "There is no such account.")
)
NAME_MISSING = Rule(
    "missing_field",
    Bilingual("Cần tên tài khoản hoặc họ tên.", "A user name or a name is required."),
)
ONE_HEAD = Rule(
    "head_required",
    Bilingual("Đoàn có đúng một trưởng đoàn.", "The team has exactly one head."),
)
NAMED_TWICE = Rule(
    "duplicate_person", Bilingual("Tài khoản lặp lại.", "This account is named twice.")
)
UNKNOWN_STALL = Rule(
    "unknown_stall",
    Bilingual("Cơ sở không có quầy này.", "The establishment has no such stall."),
)
DUPLICATE_STALL = Rule("duplicate_stall", Bilingual("Quầy lặp lại.", "This stall is given twice."))
ABSENCE_REASON = Rule(
    "reason_required", Bilingual("Cần lý do vắng mặt.", "A reason of absence is required.")
)
STALLS_MISSING = Rule(
    "stalls_missing",
    Bilingual(
        "Đánh giá công nhận phải có mọi quầy trong sổ.",
        "A recognition must have every stall of the register.",
    ),
)
FOLLOWS_REQUIRED = Rule(
    "follows_required",
    Bilingual(
        "Tái kiểm tra phải nêu lần kiểm tra trước của cơ sở này.",
        "A follow-up must name an earlier inspection of this establishment.",
    ),
)
FOLLOWS_WHAT_IT_SUPERSEDES = Rule(
    "follows_what_it_supersedes",
    Bilingual(
        "Không thể vừa tái kiểm tra vừa thay thế cùng một lần kiểm tra.",
        "A visit cannot both follow and supersede the same one.",
    ),
)
FOLLOWS_NOT_ALLOWED = Rule(
    "follows_not_allowed",
    Bilingual("Chỉ tái kiểm tra mới nêu lần trước.", "Only a follow-up follows another visit."),
)
UNKNOWN_INSPECTION = Rule(
    "unknown_inspection",
    Bilingual("Cơ sở này không có lần kiểm tra đó.", "This establishment has no such inspection."),
)
REASON_REQUIRED = Rule("reason_required", Bilingual("Cần lý do.", "A reason is required."))
SIGNATURE_REQUIRED = Rule(
    "signature_required",
    Bilingual(
        "Thiếu chữ ký của trưởng đoàn hoặc của bên được kiểm tra.",
        "The head or the inspected party has not signed.",
    ),
)
WITNESS_REQUIRED = Rule(
    "witness_required",
    Bilingual(
        "Bên được kiểm tra không ký: cần chữ ký người chứng kiến hoặc đại diện xã.",
        "A refusal needs the signature of a witness or of a commune representative.",
    ),
)
REFUSED_AND_SIGNED = Rule(
    "refused_and_signed",
    Bilingual("Đã ký thì không phải là từ chối ký.", "Who has signed has not refused."),
)
OUT_OF_RANGE = Rule(
    "out_of_range", Bilingual("Giá trị ngoài giới hạn.", "The value is out of range.")
)
UNKNOWN_MEASURE = Rule(
    "unknown_item",
    Bilingual("Phiếu không có số liệu này.", "The checklist has no such measure."),
)


def check_team(document: Draft, sender: str, people: Iterable[str]) -> Iterator[FieldError]:
    """B1: one head, everybody known or named, the sender among them."""
    known, seen = set(people), set()
    for index, member in enumerate(document.team):
        if member.username is None:
            if member.name is None:
                yield NAME_MISSING.at(f"/team/{index}/name")
        elif member.username not in known:
            yield UNKNOWN_PERSON.at(f"/team/{index}/username")
        elif member.username in seen:
            yield NAMED_TWICE.at(f"/team/{index}/username")
        else:
            seen.add(member.username)
    if sum(member.role == "head" for member in document.team) != 1:
        yield ONE_HEAD.at("/team")
    if sender not in {member.username for member in document.team}:
        yield SENDER_NOT_IN_TEAM.at("/team")


def check_stalls(
    document: Submission, of_the_place: Mapping[str, bool], taken_elsewhere: Iterable[str]
) -> Iterator[FieldError]:
    """B2: each stall once, and known unless it is new; B3: a recognition leaves none out.

    ``of_the_place``: every stall that the place ever had, by id, and whether it was in the
    register when the visit began. ``taken_elsewhere``: ids of new stalls that are another
    place's.
    """
    elsewhere = set(taken_elsewhere)
    seen: set[str] = set()
    for index, sheet in enumerate(document.stalls):
        where, stall = stall_of(sheet)
        pointer = f"/stalls/{index}/{where}"
        if stall in seen:
            yield DUPLICATE_STALL.at(pointer)
        elif stall in elsewhere or (sheet.new is None and stall not in of_the_place):
            yield UNKNOWN_STALL.at(pointer)
        seen.add(stall)
        if sheet.absent is not None and not sheet.absent.strip():
            yield ABSENCE_REASON.at(f"/stalls/{index}/absent")
    if document.kind == "recognition" and any(
        active and stall not in seen for stall, active in of_the_place.items()
    ):
        yield STALLS_MISSING.at("/stalls")
    for index, sample in enumerate(document.samples):
        if sample.stall and sample.stall not in seen and sample.stall not in of_the_place:
            yield UNKNOWN_STALL.at(f"/samples/{index}/stall")


def stall_of(sheet: StallSheet) -> tuple[str, str]:
    """Where in the sheet the stall is named, and its id."""
    return ("new/id", sheet.new.id) if sheet.new else ("stall", sheet.stall or "")


def check_links(
    document: Submission, *, follows_is_known: bool, supersedes_is_known: bool, are_one: bool
) -> Iterator[FieldError]:
    """B4: a follow-up names a visit of the same place; what is superseded is there, with why,
    and another one (``are_one``: both names lead to the same visit)."""
    if document.kind == "follow_up":
        if not follows_is_known:
            yield FOLLOWS_REQUIRED.at("/follows")
    elif document.follows is not None:
        yield FOLLOWS_NOT_ALLOWED.at("/follows")
    if document.supersedes is not None:
        if not supersedes_is_known:
            yield UNKNOWN_INSPECTION.at("/supersedes")
        elif are_one:
            yield FOLLOWS_WHAT_IT_SUPERSEDES.at("/supersedes")
        if not document.reason.strip():
            yield REASON_REQUIRED.at("/reason")


def check_signatures(document: Submission) -> Iterator[FieldError]:
    """B5: both sides sign; B6: or the refusal has a reason and a witness.

    Source: Decree 217/2025, article 15; product contract, section 2.
    """
    for index, signature in enumerate(document.signatures):
        for number, stroke in enumerate(signature.strokes):
            if any(
                not (0 <= x <= signature.width and 0 <= y <= signature.height) for x, y in stroke
            ):
                yield OUT_OF_RANGE.at(f"/signatures/{index}/strokes/{number}")
    if document.kind == SELF_CHECK:
        return
    signed = {s.role for s in document.signatures if is_drawn(s.strokes)}
    if "head" not in signed:
        yield SIGNATURE_REQUIRED.at("/signatures")
    if document.refusal is None:
        if "representative" not in signed and "head" in signed:
            yield SIGNATURE_REQUIRED.at("/signatures")
        return
    if not document.refusal.reason.strip():
        yield REASON_REQUIRED.at("/refusal/reason")
    if document.refusal.role in signed:
        yield REFUSED_AND_SIGNED.at("/refusal")
    if not signed.intersection(WITNESSES):
        yield WITNESS_REQUIRED.at("/signatures")


def is_drawn(strokes: Iterable[Sequence[Sequence[int]]]) -> bool:
    """Whether the pen moved: a touch alone, or several, is no signature."""
    return any(tuple(point) != tuple(stroke[0]) for stroke in strokes for point in stroke)


def check_location(document: Draft) -> Iterator[FieldError]:
    """B7: coordinates on the globe, an accuracy that is none below zero."""
    if location := document.location:
        bounds = (("latitude", location.latitude, 90), ("longitude", location.longitude, 180))
        for name, text, limit in bounds:
            if abs(number(text)) > limit:
                yield OUT_OF_RANGE.at(f"/location/{name}")
        if location.accuracy_m is not None and number(location.accuracy_m) < 0:
            yield OUT_OF_RANGE.at("/location/accuracy_m")


def check_measures(document: Draft, checklist: Checklist) -> Iterator[FieldError]:
    """B8: only the measures that the checklist asks for are entered; none is below zero."""
    for code, text in document.measures.items():
        measure = checklist.measures.get(code)
        if measure is None or measure.kind != "input":
            yield UNKNOWN_MEASURE.at(f"/measures/{escape(code)}")
        elif number(text) < 0:
            yield OUT_OF_RANGE.at(f"/measures/{escape(code)}")


def check_papers(tree: Mapping[str, Any]) -> Iterator[FieldError]:
    """B10: no paper expires before it is issued. Only what was sent: carried answers stand."""
    for pointer, answers in _answers_of(tree):
        for code, answer in answers.items():
            value = answer.get("value")
            if isinstance(value, dict):
                issued, expires = (parse_day(value.get(k)) for k in ("issued_on", "expires_on"))
                if issued and expires and expires < issued:
                    yield OUT_OF_RANGE.at(f"{pointer}/{escape(code)}/value/expires_on")


def check_photo_count(digests: Iterable[str]) -> Iterator[FieldError]:
    """B9: a record stays a document that a phone can open."""
    if len(set(digests)) > MAX_PHOTOS:
        yield OUT_OF_RANGE.at("/answers")


def number(text: str) -> Decimal:
    """A decimal as the document spells it: with a point or a comma."""
    return Decimal(text.replace(",", "."))


def photos_of(tree: Mapping[str, Any]) -> list[str]:
    """Every digest that the document names, in its order, each once."""
    return list(
        dict.fromkeys(
            digest
            for _, answers in _answers_of(tree)
            for answer in answers.values()
            for digest in answer.get("photos") or ()
        )
    )


def _answers_of(tree: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The answers of each sheet, and the pointer to them."""
    yield "/answers", tree.get("answers") or {}
    for index, sheet in enumerate(tree.get("stalls", ())):
        yield f"/stalls/{index}/answers", sheet.get("answers") or {}
