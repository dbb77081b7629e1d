"""The inspection document: its shape, once, for decoding and for the API description.

msgspec decodes it some forty times faster than nested serializers; the JSON Schema that it
gives is the one that the API description prints, so the two cannot disagree. See
docs/adr/0007-shape-once-in-msgspec.md. Shape only: whether answers are complete or allowed is
decided by the rules.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import cache
from itertools import islice
from typing import Annotated, Any, Literal, TypeVar

import jsonschema
import msgspec
from msgspec import Meta, Struct

from backend.common.errors import FieldError, Malformed
from backend.common.strict_json import MAX_INTEGER, escape
from backend.common.text import Bilingual
from inspections.submission.errors import SubmissionRefused

# Python's "$" also matches before a final line feed, JavaScript's does not; the look-ahead
# makes both mean the end.
_UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$(?!\n)"
_DECIMAL = r"^-?[0-9]{1,15}([.,][0-9]{1,15})?$(?!\n)"
# A line feed in a name would be a line of the record that nobody wrote. One of blanks alone would
# leave a line empty.
LINE = r"^[^\n]*$(?!\n)"
SOME_LINE = r"^[^\S\n]*\S[^\n]*$(?!\n)"
# No clock is wrong enough to lose a visit (a reset phone says 1970), but names and units are
# looked up for the day, and a calendar has to end somewhere.
FIRST_YEAR, LAST_YEAR = 1900, 2201
MOST_FAULTS = 1000  # named of one document; a phone shows the first few

Id = Annotated[str, Meta(pattern=_UUID, description="UUID, version 7 preferred, lower case")]
Digest = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$(?!\n)", description="SHA-256 in hex")]
DecimalText = Annotated[str, Meta(pattern=_DECIMAL, max_length=32)]
Moment = Annotated[datetime, Meta(tz=True)]
Code = Annotated[str, Meta(min_length=1, max_length=40)]
Day = date
Name = Annotated[str, Meta(max_length=150, pattern=SOME_LINE)]
Spoken = Annotated[str, Meta(max_length=300, pattern=SOME_LINE)]
Line = Annotated[str, Meta(max_length=300, pattern=LINE)]
Note = Annotated[str, Meta(max_length=4000)]
Whole = Annotated[int, Meta(ge=-MAX_INTEGER, le=MAX_INTEGER)]
Coordinate = Annotated[int, Meta(ge=-100_000, le=100_000)]
Point = tuple[Coordinate, Coordinate]
Stroke = Annotated[list[Point], Meta(max_length=5000)]
Side = Annotated[int, Meta(ge=1, le=10_000)]

InspectionKind = Literal["planned", "unannounced", "recognition", "follow_up", "self_check"]
PartyRole = Literal["representative", "witness", "commune_representative", "related"]
SignatureRole = Literal["head", "member", "representative", "witness", "commune_representative"]


class _Strict(Struct, forbid_unknown_fields=True):
    """Unknown fields are refused."""


class Grounds(_Strict):
    number: Spoken
    date: Day
    issuer: Spoken


class Location(_Strict):
    latitude: DecimalText
    longitude: DecimalText
    accuracy_m: DecimalText | None = None
    mock: bool = False
    at: Moment | None = None


class DeviceReport(_Strict):
    id: Annotated[str, Meta(max_length=100)]
    sent_at: Moment
    counter: Annotated[int, Meta(ge=0, le=MAX_INTEGER)] = 0


class TeamMember(_Strict):
    role: Literal["head", "member"]
    username: Name | None = None
    name: Name | None = None
    title: Line = ""


class Party(_Strict):
    role: PartyRole
    name: Name
    title: Line = ""


# What the type of the item makes of it, the rules say.
Scalar = Annotated[str, Meta(pattern=LINE)] | bool | Whole | None
Value = Annotated[
    Scalar | dict[Annotated[str, Meta(max_length=40)], Scalar],
    Meta(
        description="By the answer type of the item: `pass` or `fail`; a number as text; "
        "`{numerator, denominator}`; a document `{number, issuer, issued_on, expires_on}` or null "
        "where none was shown; an option."
    ),
]


class Answer(_Strict):
    value: Value = None
    not_applicable: bool = False
    note: Note = ""
    photos: Annotated[list[Digest], Meta(max_length=20)] = []
    corrected_on_site: bool = False


Answers = Annotated[dict[Annotated[str, Meta(max_length=20)], Answer], Meta(max_length=300)]


class NewStall(_Strict):
    id: Id
    number: Annotated[str, Meta(max_length=20, pattern=SOME_LINE)]
    trader: Annotated[str, Meta(max_length=150, pattern=LINE)] = ""
    commodity: Annotated[str, Meta(max_length=30, pattern=LINE)] | None = None
    zone: Annotated[str, Meta(max_length=50, pattern=LINE)] = ""


class StallSheet(_Strict):
    """One stall: of the register (``stall``) or not in it (``new``)."""

    stall: Id | None = None
    new: NewStall | None = None
    commodity: Annotated[str, Meta(max_length=30, pattern=LINE)] | None = None
    absent: Annotated[str, Meta(max_length=1000)] | None = None
    answers: Answers = {}


class Sample(_Strict):
    kind: Annotated[str, Meta(max_length=100, pattern=SOME_LINE)]
    result: Annotated[str, Meta(max_length=100, pattern=SOME_LINE)]
    stall: Id | None = None


class Signature(_Strict):
    role: SignatureRole
    name: Name
    width: Side
    height: Side
    strokes: Annotated[list[Stroke], Meta(max_length=200)]


class Refusal(_Strict):
    role: Literal["representative"]
    reason: Annotated[str, Meta(max_length=1000)]


class Draft(_Strict):
    """What a phone may mirror while it works: the heads are known, the rest grows."""

    id: Id
    establishment: Code
    checklist: Code
    kind: InspectionKind
    started_at: Moment
    team: Annotated[list[TeamMember], Meta(min_length=1, max_length=30)]
    follows: Id | None = None
    supersedes: Id | None = None
    reason: Annotated[str, Meta(max_length=1000)] = ""
    grounds: Grounds | None = None
    ended_at: Moment | None = None
    location: Location | None = None
    device: DeviceReport | None = None
    parties: Annotated[list[Party], Meta(max_length=30)] = []
    answers: Answers = {}
    stalls: Annotated[list[StallSheet], Meta(max_length=2000)] = []
    measures: Annotated[
        dict[Annotated[str, Meta(max_length=20)], DecimalText], Meta(max_length=100)
    ] = {}
    samples: Annotated[list[Sample], Meta(max_length=500)] = []
    opinion: Note = ""
    requests: Note = ""
    signatures: Annotated[list[Signature], Meta(max_length=30)] = []
    refusal: Refusal | None = None


class Submission(Draft, kw_only=True):
    """A finished visit."""

    ended_at: Moment
    answers: Answers


T = TypeVar("T", bound=Draft)

# msgspec works a type out when it is first used, and two threads that do so at once can end the
# process; a module is imported by one.
for _shape in (Draft, Submission):
    with suppress(msgspec.ValidationError):
        msgspec.convert({}, _shape)

_YEARS = Bilingual("Năm phải từ 1900 đến 2200.", "The year must be from 1900 to 2200.")
_NO_MOMENT = Bilingual("Không có thời điểm này.", "There is no such moment.")
_ONE_STALL = Bilingual(
    'Mỗi phần phiếu quầy có đúng một trong "stall" và "new".',
    'A stall sheet has exactly one of "stall" and "new".',
)
_UNKNOWN = Bilingual("Trường này không tồn tại.", "There is no such field.")
_REQUIRED = Bilingual("Thiếu trường bắt buộc.", "This field is required.")
_ERROR = Bilingual("Giá trị sai kiểu hoặc ngoài giới hạn.", "Of a wrong type or out of bounds.")


def decode_submission(tree: Any) -> Submission:
    """``tree`` (from ``strict_json``) as a submission.

    Raises Malformed with every pointer, and SubmissionRefused for years that no visit has.
    """
    return _decode(tree, Submission)


def decode_draft(tree: Any) -> Draft:
    """``tree`` as a draft. Raises as ``decode_submission``."""
    return _decode(tree, Draft)


def schema() -> dict[str, Any]:
    """JSON Schemas of Draft, Submission and their parts, by component name."""
    _, components = msgspec.json.schema_components(
        [Draft, Submission], ref_template="#/components/schemas/{name}"
    )
    return dict(components)


def _decode(tree: Any, shape: type[T]) -> T:
    try:
        document = msgspec.convert(tree, shape)
    except msgspec.ValidationError as error:
        raise Malformed(_ERROR, errors=_name_all(tree, shape, error)) from error
    years = {pointer: _year(moment) for pointer, moment in _moments(document) if moment}
    wrong = [FieldError(pointer, "invalid", _NO_MOMENT) for pointer in years if not years[pointer]]
    wrong += [
        FieldError(f"/stalls/{index}", "invalid", _ONE_STALL)
        for index, sheet in enumerate(document.stalls)
        if (sheet.stall is None) == (sheet.new is None)
    ]
    if wrong:
        raise Malformed(wrong[0].detail, errors=wrong)
    visit = ("/started_at", "/ended_at")
    if far := [p for p in visit if p in years and not FIRST_YEAR <= years[p] < LAST_YEAR]:
        raise SubmissionRefused([FieldError(pointer, "out_of_range", _YEARS) for pointer in far])
    return document


def _moments(document: Draft) -> Iterator[tuple[str, datetime | None]]:
    yield "/started_at", document.started_at
    yield "/ended_at", document.ended_at
    yield "/device/sent_at", document.device.sent_at if document.device else None
    yield "/location/at", document.location.at if document.location else None


def _year(moment: datetime) -> int:
    """In UTC; 0 for the first and the last hours of the calendar, which UTC does not have."""
    try:
        return moment.astimezone(UTC).year
    except OverflowError:
        return 0


def _name_all(tree: Any, shape: type[Draft], error: msgspec.ValidationError) -> list[FieldError]:
    """msgspec stops at the first fault and hides keys; name them all with their pointers."""
    first = islice(_leaves(_validator(shape).iter_errors(tree)), MOST_FAULTS)
    faults = sorted(first, key=_pointer)
    named = dict.fromkeys(found for fault in faults for found in _field_errors(fault))
    return list(named) or [FieldError("", "invalid", Bilingual(_ERROR.vi, str(error)))]


_CODES = {"type": "wrong_type", "maxLength": "too_long", "maxItems": "too_long"}


def _field_errors(fault: jsonschema.ValidationError) -> Iterator[FieldError]:
    pointer = _pointer(fault)
    given: Any = fault.instance
    asked: Any = fault.schema
    if fault.validator == "additionalProperties":
        for key in sorted(set(given) - set(asked["properties"])):
            yield FieldError(f"{pointer}/{escape(key)}", "unknown_field", _UNKNOWN)
    elif fault.validator == "required":
        for key in sorted(set(asked["required"]) - set(given)):
            yield FieldError(f"{pointer}/{escape(key)}", "required", _REQUIRED)
    else:
        code = _CODES.get(str(fault.validator), "invalid")
        yield FieldError(pointer, code, Bilingual(_ERROR.vi, fault.message[:300]))


def _leaves(faults: Iterable[jsonschema.ValidationError]) -> Iterator[jsonschema.ValidationError]:
    """Of "an object or null" only what is wrong with the object."""
    for fault in faults:
        inner = [f for f in fault.context or () if f.validator_value != "null"]
        if inner:
            yield from _leaves(inner)
        else:
            yield fault


def _pointer(fault: jsonschema.ValidationError) -> str:
    return "".join(f"/{escape(str(part))}" for part in fault.absolute_path)


@cache
def _validator(shape: type[Draft]) -> jsonschema.Draft202012Validator:
    checker = jsonschema.FormatChecker(formats=[])
    checker.checks("date-time")(lambda value: _is(Moment, value))
    checker.checks("date")(lambda value: _is(Day, value))
    return jsonschema.Draft202012Validator(msgspec.json.schema(shape), format_checker=checker)


def _is(kind: Any, value: object) -> bool:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return False
    return True
