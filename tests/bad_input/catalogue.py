"""What a careless, broken or hostile client sends, and what it is told.

A case is sent by ``who`` to ``route`` (below ``/api/v1/`` unless it begins with a slash) as the
raw ``body`` with the given headers. ``code`` is that of the problem, ``fault`` one of the codes in
its ``errors``. ``{new}`` in an address and in a body is a fresh id, ``{draft}`` and ``{visit}``
are those of the scene.
"""

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.cast import DEPARTMENT, INSPECTOR, MANAGER, a_photo
from tests.inspections.evidence.pictures import animated, digest, picture, png_of_size
from tests.live import visit

Change = Callable[[dict[str, Any]], None]
JSON = "application/json"


@dataclass(frozen=True)
class Case:
    name: str
    status: int
    method: str = "POST"
    route: str = "inspections/{new}/submit/"
    who: str = INSPECTOR
    body: bytes | Change | None = None
    media_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)
    code: str = ""
    fault: str = ""


MALFORMED: dict[str, Any] = {"status": 400, "code": "malformed"}
# One door of each kind: the compiled decoder, a serializer, and the one before signing in.
DOORS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("submit", {"route": "inspections/{new}/submit/", "who": INSPECTOR}),
    ("place", {"route": "establishments/", "who": DEPARTMENT}),
    ("sign in", {"route": "auth/token/", "who": ""}),
)


# The last door takes no larger body, in bytes.
SMALL = 16 * 1024


def refused(body: bytes, who: str, fault: str = "") -> dict[str, Any]:
    """What a malformed body is told; a large one of nobody is not looked at."""
    if not who and len(body) > SMALL:
        return {"status": 413, "code": "too_large"}
    return {**MALFORMED, "fault": fault}


def nested(levels: int, opening: str = "[", closing: str = "]") -> bytes:
    return (opening * levels + closing * levels).encode()


def syntax() -> Iterator[Case]:
    """A. JSON syntax and structure, at three doors."""
    bodies: list[tuple[str, bytes, str]] = [
        ("01 empty", b"", ""),
        ("02 cut", b'{"uid":', "json_invalid"),
        ("03 array", b"[]", ""),
        ("03 text", b'"x"', ""),
        ("03 number", b"7", ""),
        ("03 null", b"null", ""),
        ("03 true", b"true", ""),
        ("04 byte order mark", b"\xef\xbb\xbf{}", "json_invalid"),
        ("05 no UTF-8", b'{"a": "\xff\xfe"}', "json_encoding"),
        ("06 UTF-16", '{"a": 1}'.encode("utf-16"), "json_encoding"),
        ("07 21 levels", b'{"a":' + nested(20) + b"}", "json_too_deep"),
        ("08 960 levels", nested(960), "json_too_deep"),
        ("09 100,000 arrays", nested(100_000), "json_too_deep"),
        ("10 100,000 objects", nested(100_000, '{"a":', "}"), "json_too_deep"),
        ("11 200,000 levels never closed", b'{"unread":' + b"[" * 200_000, "json_too_deep"),
        ("12 a key twice", b'{"id": 1, "id": 2}', "duplicate_key"),
        ("12 a key twice in two forms", '{"é": 1, "e\u0301": 2}'.encode(), "duplicate_key"),
        ("13 NaN", b'{"a": NaN}', "json_invalid"),
        ("13 Infinity", b'{"a": -Infinity}', "json_invalid"),
        ("14 1e400", b'{"a": 1e400}', "number_too_large"),
        ("15 1e99999999999999999999", b'{"a": 1e99999999999999999999}', "number_too_large"),
        ("16 5,000 digits", b'{"a": ' + b"9" * 5000 + b"}", "number_too_large"),
        ("17 2^53", b'{"a": 9007199254740992}', "number_too_large"),
        ("17 -2^53", b'{"a": -9007199254740992}', "number_too_large"),
        ("21 unknown field", b'{"no_such_field": 1}', "unknown_field"),
        ("22 comment", b"{} // why", "json_invalid"),
        ("22 trailing comma", b'{"a": 1,}', "json_invalid"),
        ("22 single quotes", b"{'a': 1}", "json_invalid"),
        ("25 NUL", b'{"id": "a\\u0000b"}', "text_forbidden_char"),
        ("27 NUL in a key", b'{"a\\u0000b": 1}', "text_forbidden_char"),
        ("28 lone surrogate", b'{"id": "\\ud800"}', "text_forbidden_char"),
        ("29 lone surrogate in a key", b'{"\\udfff": 1}', "text_forbidden_char"),
        ("29 surrogates the wrong way round", b'{"id": "\\udc00\\ud800"}', "text_forbidden_char"),
    ]
    for door, where in DOORS:
        for name, body, fault in bodies:
            told = refused(body, where["who"], fault)
            yield Case(f"{name} ({door})", body=body, **where, **told)
        yield Case(
            f"18 5 MB text ({door})", 413, body=json.dumps("x" * 5_000_000).encode(),
            code="too_large", **where,
        )  # fmt: skip
        crowd = json.dumps(dict.fromkeys(map(str, range(100_001)))).encode()
        told = refused(crowd, where["who"], "json_too_wide")
        yield Case(f"20 100,001 keys ({door})", body=crowd, **where, **told)
        yield Case(
            f"24 gzip ({door})", 415, body=gzip.compress(b"{}"), code="unsupported_media_type",
            headers={"Content-Encoding": "gzip"}, **where,
        )  # fmt: skip
    digests = json.dumps({"sha256": ["0" * 64] * 2001}).encode()
    yield Case("19 too many of a kind", route="evidence/missing/", body=digests, **MALFORMED)
    yield Case("23 a body of GET is not read", 200, "GET", "auth/me/", body=b"{")
    yield Case("23 a body of DELETE is not read", 204, "DELETE", "inspections/{draft}/", body=b"{")


def put(pointer: str, value: Any) -> Change:
    """Replace what stands at ``pointer`` of a good document, or add it."""

    def change(document: dict[str, Any]) -> None:
        *path, last = pointer.strip("/").split("/")
        node: Any = document
        for step in path:
            node = node[int(step) if isinstance(node, list) else step]
        node[int(last) if isinstance(node, list) else last] = value

    return change


FORBIDDEN = {
    "33 C0 control": "a\x07b",
    "33 C1 control": "a\x85b",
    "33 noncharacter": "a\ufffeb",
    "33 tag character": "a\U000e0041b",
    "34 bidirectional override": "a\u202eb",
    "34 zero-width joiner": "a\u200db",
    "36 a pile of marks": "a" + "\u0301" * 1000,
}
LITERAL = {
    "41 markup": "<script>alert(1)</script> <b>x</b> & &amp;",
    "42 picture in markup": '<img src="file:///etc/passwd"/>',
    "43 link in markup": '<a href="javascript:alert(1)">x</a>',
    "44 unclosed markup": "<b><i><para",
    "46 4,000 letters without a space": "x" * 4000,
    "47 2,000 line breaks": "\n" * 2000,
    "48 formula": "=1+1",
    "48 formula after a tab stop": "@SUM(A1)",
    "51 line break": "a\nb",
    "52 SQL": "'; DROP TABLE inspections_inspection; --",
    "52 template": "{{ 7*7 }} {% debug %} ${jndi:ldap://x/} $(id) %s %n",
}


def text() -> Iterator[Case]:
    """B. Text. What a record cannot show is refused by the rules, the rest by the reader."""
    for name, value in FORBIDDEN.items():
        yield Case(name, body=put("/opinion", value), fault="text_forbidden_char", **MALFORMED)
        place = {"code": "CHO-MOI", "kind": "market", "name": value}
        yield Case(
            f"{name} (place)", route="establishments/", who=DEPARTMENT,
            body=json.dumps(place).encode(), fault="text_forbidden_char", **MALFORMED,
        )  # fmt: skip
    for name, value in LITERAL.items():
        yield Case(name, 201, body=put("/opinion", value))
    yield Case("35 NFD", 201, body=put("/opinion", "Bo\u0323\u0302c Bo\u0302\u0301"))
    yield Case(
        "38 outside of the typeface", 422, body=put("/opinion", "\U0001f600"),
        code="character_not_supported", fault="character_not_supported",
    )  # fmt: skip
    reasons: tuple[tuple[str, Any, str], ...] = (
        ("37 too long", "x" * 1001, "too_long"),
        ("40 number", 7, "wrong_type"),
        ("40 object", {}, "wrong_type"),
        ("40 list", ["x"], "wrong_type"),
        ("40 null", None, "wrong_type"),
        ("40 true", True, "wrong_type"),
    )
    for name, value, fault in reasons:
        yield Case(name, body=put("/reason", value), fault=fault, **MALFORMED)
    yield Case("45 note too long", body=put("/answers/A02/note", "x" * 4001), **MALFORMED)
    places: tuple[tuple[str, Any, int, str], ...] = (
        ("37 too long", "x" * 201, 400, "max_length"),
        ("38 longest, three bytes each", "\u1ec7" * 200, 201, ""),
        ("38 outside of the typeface", "\U00010348", 422, "character_not_supported"),
        ("39 blank", "  \u00a0 ", 400, "blank"),
        ("40 number", 7, 400, "wrong_type"),
        ("40 object", {}, 400, "wrong_type"),
        ("40 null", None, 400, "null"),
        ("52 SQL", "'; DROP TABLE markets_stall; --", 201, ""),
    )
    for name, value, status, fault in places:
        place = {"code": "CHO-MOI", "kind": "market", "name": value}
        yield Case(
            f"{name} (place)", status, route="establishments/", who=DEPARTMENT,
            body=json.dumps(place).encode(), fault=fault,
            code="malformed" if status == 400 else fault,
        )  # fmt: skip
    yield Case(
        "39 blank reason", 422, route="inspections/{visit}/void/", who=DEPARTMENT,
        body='{"reason": " \u00a0 "}'.encode(), code="reason_required",
    )  # fmt: skip


def numbers() -> Iterator[Case]:
    """C. Numbers, dates and ids: a wrong shape is 400, a wrong amount 422."""
    shapes: tuple[tuple[str, str, Any], ...] = (
        ("53 2^31", "/signatures/0/width", 2**31),
        ("54 40,000", "/signatures/0/width", 40_000),
        ("56 1.5", "/signatures/0/width", 1.5),
        ("56 true", "/signatures/0/width", True),
        ("56 empty text", "/signatures/0/width", ""),
        ("56 a fraction as an answer", "/answers/B02/value", 620.5),
        ("56 a list as an answer", "/answers/B02/value", ["620"]),
        ("56 text", "/signatures/0/width", "340"),
        ("56 0", "/signatures/0/width", 0),
        ("57 full-width digits", "/location/latitude", "２２.6"),
        ("58 nan", "/location/latitude", "nan"),
        ("58 inf", "/location/latitude", "-inf"),
        ("59 sNaN", "/location/latitude", "sNaN"),
        ("59 1E+400", "/location/latitude", "1E+400"),
        ("59 5,000 digits", "/location/latitude", "9" * 5000),
        ("59 number for text", "/location/latitude", 22.6),
        ("59 group separators", "/location/latitude", "1.000,5"),
        ("61 the last moment of all", "/started_at", "9999-12-31T23:59:59-14:00"),
        ("63 the first moment of all", "/started_at", "0001-01-01T00:00:00+14:00"),
        ("64 year 0", "/started_at", "0000-01-01T00:00:00Z"),
        ("64 29 February", "/started_at", "2026-02-29T08:00:00Z"),
        ("64 25 o'clock", "/started_at", "2026-11-22T25:00:00Z"),
        ("64 leap second", "/started_at", "2026-12-31T23:59:60Z"),
        ("64 day that is none", "/grounds/date", "2026-13-45"),
        ("65 without zone", "/started_at", "2026-11-22T08:00:00"),
        ("65 a number", "/started_at", 1_800_000_000),
        ("67 UUID as a number", "/follows", 7),
        ("67 UUID as a URN", "/follows", "urn:uuid:0193c1f0-7a52-7c11-9d6e-2f6c1c2b7a01"),
        ("67 UUID in braces", "/follows", "{0193c1f0-7a52-7c11-9d6e-2f6c1c2b7a01}"),
        ("67 UUID in capitals", "/follows", "0193C1F0-7A52-7C11-9D6E-2F6C1C2B7A01"),
        ("67 UUID without hyphens", "/follows", "0193c1f07a527c119d6e2f6c1c2b7a01"),
        ("67 UUID and a line feed", "/follows", "0193c1f0-7a52-7c11-9d6e-2f6c1c2b7a01\n"),
        ("68 nil UUID", "/follows", "00000000-0000-0000-0000-000000000000"),
        ("68 all ones", "/follows", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
        ("121 a digest that is none", "/answers/A02/photos", ["g" * 64]),
        ("121 a digest and a line feed", "/answers/A02/photos", ["0" * 64 + "\n"]),
        ("a kind that is none", "/kind", "raid"),
        ("a point of three", "/signatures/0/strokes", [[[1, 2, 3]]]),
    )
    for name, pointer, value in shapes:
        yield Case(name, body=put(pointer, value), **MALFORMED)
    amounts: tuple[tuple[str, str, Any, str, str], ...] = (
        ("58 nan as a measurement", "/answers/B02/value", "nan", "answers_invalid", "wrong_type"),
        ("59 huge measurement", "/answers/B02/value", "9" * 400, "answers_invalid", "out_of_range"),
        ("61 a far year", "/started_at", "9999-01-01T00:00:00Z", "out_of_range", "out_of_range"),
        ("61 an early year", "/ended_at", "1899-12-31T00:00:00Z", "out_of_range", "out_of_range"),
        ("72 latitude 91", "/location/latitude", "91", "out_of_range", "out_of_range"),
        ("72 longitude 181", "/location/longitude", "-181", "out_of_range", "out_of_range"),
        ("74 negative length", "/answers/B02/value", "-1", "answers_invalid", "out_of_range"),
        (
            "74 more than all", "/answers/A05/value", {"numerator": 9, "denominator": 3},
            "answers_invalid", "out_of_range",
        ),
        (
            "74 fewer than none", "/answers/A05/value", {"numerator": -1, "denominator": 3},
            "answers_invalid", "out_of_range",
        ),
        ("148 no answer", "/answers/A02", {}, "answers_invalid", "missing_answer"),
    )  # fmt: skip
    for name, pointer, value, code, fault in amounts:
        yield Case(name, 422, body=put(pointer, value), code=code, fault=fault)
    for name, checklist in (("147 no such version", "MARKET-FS@99"), ("147 no version", "X@x@1")):
        yield Case(
            name, 422, body=put("/checklist", checklist), code="unknown_checklist",
            fault="unknown_checklist",
        )  # fmt: skip
    yield Case("72 at 0, 0", 201, body=put("/location/latitude", "-0,000"))
    yield Case("53 2^53 - 1 in a counter", 201, body=put("/device/counter", 2**53 - 1))
    for name, route in (
        ("69 20 digits", "inspections/12345678901234567890/"),
        ("69 3,000 digits", f"inspections/{'1' * 3000}/"),
        ("70 Arabic digits", "inspections/٠١٩٣c1f0-7a52-7c11-9d6e-2f6c1c2b7a01/"),
        ("67 capitals in an address", "inspections/0193C1F0-7A52-7C11-9D6E-2F6C1C2B7A01/"),
        ("32 NUL in an address", "checklists/A%00B/"),
        ("31 no UTF-8 in an address", "checklists/%ed%a0%80/"),
        ("32 line feed in an address", "establishments/BOC-BO%0A/"),
        ("a version that is none", "checklists/MARKET-FS@99999999999999999999/"),
        ("a digest too short", f"evidence/{'0' * 63}/"),
        ("133 a token of nobody", "public/records/AAAAAAAAAAAAAAAAAAAAAA/"),
        ("133 NUL in a token", "public/records/%00/"),
    ):
        yield Case(name, 404, "GET", route, code="not_found")


def queries() -> Iterator[Case]:
    """D. Query strings."""
    for name, query, status, code in (
        ("30 NUL", "search=%00", 400, "malformed"),
        ("31 no UTF-8", "search=%ed%a0%80", 400, "malformed"),
        ("31 override", "search=%E2%80%AE", 400, "malformed"),
        ("52 SQL", "search='%20OR%201=1--", 200, ""),
        ("62 the last moment of all", "started_after=9999-12-31T23:59:59-14:00", 400, "malformed"),
        ("63 the first of all", "started_after=0001-01-01T00:00:00%2B14:00", 400, "malformed"),
        ("64 day that is none", "started_after=2026-02-29T00:00:00Z", 400, "malformed"),
        ("65 without zone", "started_after=2026-11-22T08:00:00", 400, "malformed"),
        ("65 a word", "started_after=yesterday", 400, "malformed"),
        ("75 unknown", "establishmnt=BOC-BO", 400, "unknown_parameter"),
        (
            "75 a look into other tables",
            "sent_by__password__startswith=a",
            400,
            "unknown_parameter",
        ),
        ("75 an empty name", "=x", 400, "unknown_parameter"),
        ("76 twice", "kind=planned&kind=follow_up", 400, "unknown_parameter"),
        ("77 page", "page=2", 400, "unknown_parameter"),
        ("78 page_size 0", "page_size=0", 400, "malformed"),
        ("78 page_size -1", "page_size=-1", 400, "malformed"),
        ("78 page_size 201", "page_size=201", 400, "malformed"),
        ("78 page_size 10^9", "page_size=1000000000", 400, "malformed"),
        ("78 page_size in Arabic digits", "page_size=%D9%A3", 400, "malformed"),
        ("78 page_size of nothing", "page_size=", 400, "malformed"),
        ("79 forged cursor", "cursor=eyJhIjoxfQ:1abc:def", 400, "cursor_invalid"),
        ("79 empty cursor", "cursor=", 400, "cursor_invalid"),
        ("80 unknown ordering", "ordering=score", 400, "malformed"),
        ("80 ordering by a password", "ordering=sent_by__password", 400, "malformed"),
        ("80 500 orderings", "ordering=" + ",".join(["started_at"] * 500), 400, "malformed"),
        ("81 regular expression", "search__iregex=(a%2B)%2B$", 400, "unknown_parameter"),
        ("82 search of 10,000 letters", "search=" + "x" * 10_000, 400, "malformed"),
        ("82 search of 1,000 words", "search=" + "x+" * 1000, 400, "malformed"),
        ("83 1,001 parameters", "&".join(f"p{n}=1" for n in range(1001)), 400, "malformed"),
        ("a status that is none", "status=lost", 400, "malformed"),
        ("a version that is none", "checklist=MARKET-FS@99999999999999999999", 200, ""),
        ("88 another format", "format=csv", 400, "unknown_parameter"),
        ("88 the only format", "format=json", 400, "unknown_parameter"),
    ):
        yield Case(f"{name} (query)", status, "GET", f"inspections/?{query}", code=code)
    for name, route in (
        ("64 day that is none", "establishments/?on=2026-02-29"),
        ("57 full-width day", "establishments/?on=２０２６-01-01"),
        ("82 long search", "establishments/?search=" + "x" * 10_000),
        ("a kind that is none", "establishments/?kind=market,bank"),
        ("64 day that is none", "establishments/BOC-BO/stalls/?on=2026-13-01"),
        ("30 NUL", "establishments/?unit=%00"),
        ("a flag that is none", "inspections/{visit}/record.pdf?provisional=maybe"),
    ):
        yield Case(f"{name} ({route[:40]})", method="GET", route=route, **MALFORMED)
    for day in ("0001-01-01", "9999-12-31"):
        yield Case(f"62 {day} as a day", 200, "GET", f"establishments/?on={day}")
    yield Case("62 the last day (audit)", method="GET", who=DEPARTMENT,
               route="audit/?after=9999-12-31T23:59:59-14:00", **MALFORMED)  # fmt: skip


def headers() -> Iterator[Case]:
    """D. Headers and methods."""
    submit = put("/opinion", "x")
    for accept in ("application/xml", "text/html;level=1", "x/y", "image/png", "garbage"):
        yield Case(
            f"87 Accept: {accept}", 406, "GET", "auth/me/", headers={"Accept": accept},
            code="not_acceptable",
        )  # fmt: skip
    for host in ("evil.example", "a b", "[::1", "testserver@evil.example", ""):
        yield Case(
            f"89 Host: {host}", 400, "GET", "auth/me/", headers={"Host": host}, code="malformed"
        )
    for name in ("X-Forwarded-Host", "Forwarded", "X-Original-URL", "X-Rewrite-URL"):
        yield Case(f"90 {name}", 200, "GET", "auth/me/", headers={name: "evil.example"})
    for method in ("TRACE", "CONNECT", "FOO", "PATCH", "DELETE"):
        yield Case(f"91 {method}", 405, method, "auth/me/", code="method_not_allowed")
    yield Case(
        "92 another method in a header", 405, "POST", "inspections/", body=b"{}",
        headers={"X-HTTP-Method-Override": "DELETE"}, code="method_not_allowed",
    )  # fmt: skip
    for method, route in (
        ("POST", "inspections/{new}/submit"), ("GET", "inspections"), ("GET", "/api/v1"),
        ("GET", "/api/schema"), ("GET", "/api/docs"),
    ):  # fmt: skip
        yield Case(f"93 {method} {route} without its last slash", 404, method, route,
                   body=submit if method == "POST" else None, code="not_found")  # fmt: skip
    for route in ("no/such/route/", "/", "/no-such-page", "//evil.example/",
                  "/api/v1/../v1/auth/me/", "/%ff%fe/", "/api/v2/inspections/",
                  "/favicon.png"):  # fmt: skip
        yield Case(f"94 {route}", 404, "GET", route, code="not_found")
    yield Case("95 a range", 404, "GET", "inspections/{draft}/record.pdf",
               headers={"Range": "bytes=0-1,5-"}, code="not_found")  # fmt: skip
    mirror = put("/opinion", "x")
    for name, wanted, status, code in (
        ("stale", '"0"', 412, "precondition_failed"),
        ("of another kind", "2026-11-22", 412, "precondition_failed"),
        ("empty", "", 412, "precondition_failed"),
        ("in other digits", '"１"', 412, "precondition_failed"),
        ("of 5,000 digits", "9" * 5000, 412, "precondition_failed"),
    ):
        yield Case(f"96 If-Match {name}", status, "PUT", "inspections/{draft}/", body=mirror,
                   headers={"If-Match": wanted}, code=code)  # fmt: skip
    yield Case("96 If-Match absent", 428, "PUT", "inspections/{draft}/", body=mirror,
               code="precondition_required")  # fmt: skip
    yield Case("96 If-Match for what is not there", 412, "PUT", "inspections/{new}/", body=mirror,
               headers={"If-Match": '"1"'}, code="precondition_failed")  # fmt: skip
    for media_type in (
        "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data",
        "multipart/form-data; boundary=\u00e9", "application/json; charset=utf-7",
        "application/json; charset=latin-1", 'application/json; charset="utf-16"', "garbage",
        "application/" + 'x;y="' * 1000,
    ):  # fmt: skip
        yield Case(f"97 Content-Type {media_type[:50]!r}", 415, body=submit, media_type=media_type,
                   code="unsupported_media_type")  # fmt: skip
    yield Case("98 charset UTF-8", 201, body=submit, media_type="application/json; charset=UTF-8")


def photos() -> Iterator[Case]:
    """E. Pictures."""
    whole = picture("JPEG", (400, 300))
    bodies: tuple[tuple[str, bytes, int, str], ...] = (
        ("107 text", b"no picture", 415, "not_an_image"),
        ("107 HTML", b"<html><script>alert(1)</script></html>", 415, "not_an_image"),
        ("107 SVG", b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415, "not_an_image"),
        ("107 PHP", b"\xff\xd8\xff\xe0<?php echo 1; ?>", 415, "not_an_image"),
        ("108 with a tail", whole + b"<html>PK\x03\x04", 201, ""),
        ("109 cut in half", whole[: len(whole) // 2], 415, "not_an_image"),
        ("110 PNG of 13,377 squared", png_of_size(13_377, 13_377), 413, "too_large"),
        ("112 PNG of 20,000 squared", png_of_size(20_000, 20_000), 413, "too_large"),
        ("114 animated", animated("PNG"), 415, "not_an_image"),
        ("115 GIF", picture("GIF"), 415, "not_an_image"),
        ("115 TIFF", picture("TIFF"), 415, "not_an_image"),
        ("115 BMP", picture("BMP"), 415, "not_an_image"),
        ("118 empty", b"", 400, "malformed"),
        ("118 one byte", b"x", 415, "not_an_image"),
        ("118 a byte too many", bytes(10 * 2**20 + 1), 413, "too_large"),
    )
    for name, content, status, code in bodies:
        yield Case(name, status, "PUT", f"evidence/{digest(content)}/", body=content,
                   media_type="image/jpeg", code=code)  # fmt: skip
    good = a_photo(7)
    yield Case("119 of another digest", 422, "PUT", f"evidence/{'0' * 64}/", body=good,
               media_type="image/png", code="digest_mismatch")  # fmt: skip
    for media_type in (JSON, "", "image/gif", "image/svg+xml", "application/octet-stream"):
        yield Case(f"122 as {media_type!r}", 415, "PUT", f"evidence/{digest(good)}/", body=good,
                   media_type=media_type, code="not_an_image")  # fmt: skip
    yield from pieces(good)
    yield Case("123 no PDF", 200, route="public/verify/", who="", body=b"no PDF",
               media_type="application/pdf")  # fmt: skip
    yield Case("123 an empty PDF", 200, route="public/verify/", who="", body=b"",
               media_type="application/pdf")  # fmt: skip
    yield Case("123 a picture", 415, route="public/verify/", who="", body=good,
               media_type="image/png", code="unsupported_media_type")  # fmt: skip


def pieces(good: bytes) -> Iterator[Case]:
    """Of a photo of which nothing has come yet."""
    route, kind = f"evidence/{digest(good)}/upload/", "application/partial-upload"
    for name, headers, status, code in (
        ("without a place", {"Upload-Complete": "?0"}, 400, "malformed"),
        ("without an end", {"Upload-Offset": "0"}, 400, "malformed"),
        ("before the first", {"Upload-Offset": "-1", "Upload-Complete": "?0"}, 400, "malformed"),
        ("in Arabic digits", {"Upload-Offset": "٣", "Upload-Complete": "?0"}, 400, "malformed"),
        ("of 5,000 digits", {"Upload-Offset": "9" * 5000, "Upload-Complete": "?0"}, 400,
         "malformed"),
        ("of another spelling", {"Upload-Offset": "0", "Upload-Complete": "yes"}, 400, "malformed"),
        ("far behind", {"Upload-Offset": "9" * 15, "Upload-Complete": "?1"}, 409,
         "mismatching_upload_offset"),
    ):  # fmt: skip
        yield Case(f"a piece {name}", status, "PATCH", route, body=good, media_type=kind,
                   headers=headers, code=code)  # fmt: skip
    first = {"Upload-Offset": "0", "Upload-Complete": "?1"}
    for name, content, status, code in (
        ("that is no picture", b"no picture", 415, "not_an_image"),
        ("of nothing", b"", 400, "malformed"),
        ("too large", bytes(10 * 2**20 + 1), 413, "too_large"),
    ):
        yield Case(f"a piece {name}", status, "PATCH", f"evidence/{digest(content)}/upload/",
                   body=content, media_type=kind, headers=first, code=code)  # fmt: skip
    yield Case("pieces of another digest", 422, "PATCH", f"evidence/{'0' * 64}/upload/", body=good,
               media_type=kind, headers=first, code="digest_mismatch")  # fmt: skip
    yield Case("a piece as JSON", 415, "PATCH", route, body=good, headers=first,
               code="unsupported_media_type")  # fmt: skip


def state() -> Iterator[Case]:
    """F. Signing in and the order of things."""
    for name, value in (
        ("a number", 7), ("an object", {"$ne": 1}), ("a list", ["x"]), ("null", None),
        ("blank", ""), ("too long", "x" * 1001), ("1 MB", "x" * 1_000_000),
    ):  # fmt: skip
        for part in ("username", "password"):
            sent = {"username": "inspector", "password": "cho-an-toan-2026", part: value}
            text = json.dumps(sent).encode()
            yield Case(f"141 {part} {name}", route="auth/token/", who="",
                       body=text, **refused(text, ""))  # fmt: skip
    for name, username in (("unknown name", "nobody"), ("wrong password", "inspector")):
        body = {"username": username, "password": "sai-mật-khẩu-2026"}
        yield Case(f"142 {name}", 401, route="auth/token/", who="",
                   body=json.dumps(body).encode(), code="not_authenticated")  # fmt: skip
    for token in ("", "x", "a.b.c", "a b", "é", "x" * 100_000, "null",
                  "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."):  # fmt: skip
        yield Case(f"134 Bearer {token[:40]}", 401, "GET", "auth/me/", who="",
                   code="not_authenticated",
                   headers={"Authorization": f"Bearer {token}"})  # fmt: skip
    for scheme in ("Basic YTpi", "bearer", "Token x", "Bearer"):
        yield Case(f"140 {scheme}", 401, "GET", "auth/me/", who="",
                   headers={"Authorization": scheme}, code="not_authenticated")  # fmt: skip
    for name, code, status, problem in (
        ("no such code", "x" * 22, 401, "device_link_invalid"),
        ("an empty code", "", 400, "malformed"),
        ("a number for a code", 7, 400, "malformed"),
        ("a code of 5,000 letters", "x" * 5000, 400, "malformed"),
    ):
        attempt = json.dumps({"code": code, "device": {"id": "phone"}}).encode()
        yield Case(name, status, route="auth/device-link/", who="",
                   body=attempt, code=problem)  # fmt: skip
    yield Case("a code for nobody", 422, route="auth/device-links/", who=DEPARTMENT,
               body=b'{"username": "nobody"}', code="no_phone_to_link")  # fmt: skip
    for name, content in (
        ("no items", {}),
        ("21 items", {"items": [{"op": "inspection.submit", "id": "x", "data": {}}] * 21}),
        ("an item that is none", {"items": ["x"]}),
    ):
        yield Case(f"quarantine of {name}", route="sync/quarantine/",
                   body=json.dumps(content).encode(), **MALFORMED)  # fmt: skip
    yield Case("135 no such refresh token", 401, route="auth/token/refresh/", who="",
               body=b'{"refresh": "x"}', code="not_authenticated")  # fmt: skip
    other = put("/opinion", "Nội dung khác")
    yield Case("145 other answers", 409, route="inspections/{visit}/submit/", body=other,
               code="other_answers_already_submitted")  # fmt: skip
    yield Case("149 a draft over a submission", 409, "PUT", "inspections/{visit}/", body=other,
               headers={"If-Match": "*"}, code="illegal_move")  # fmt: skip
    yield Case("149 discarding a submission", 409, "DELETE", "inspections/{visit}/",
               code="illegal_move")  # fmt: skip
    yield Case("150 closing a draft", 409, route="inspections/{draft}/close-evidence/",
               who=DEPARTMENT, body=b'{"reason": "x"}', code="illegal_move")  # fmt: skip
    yield Case("another id in the body", body=put("/id", "0193c1f0-7a52-7c11-9d6e-2f6c1c2b7a01"),
               fault="id_differs", **MALFORMED)  # fmt: skip
    yield Case("a stall of nobody", 422, code="unknown_stall", fault="unknown_stall",
               body=put("/stalls/0/stall", "0193c1f0-7a52-7c11-9d6e-2f6c1c2b7a01"))  # fmt: skip
    yield Case("unsigned", 422, body=put("/signatures", []), code="signature_required",
               fault="signature_required")  # fmt: skip
    yield Case("of a place that is none", 422, body=put("/establishment", "KHONG-CO"),
               code="unknown_establishment", fault="unknown_establishment")  # fmt: skip
    yield Case("by a manager", 403, who=MANAGER, body=put("/opinion", "x"),
               code="permission_denied")  # fmt: skip


def after_the_visit() -> Iterator[Case]:
    """G. Answers to findings, assignments and bag returns."""
    answer = {"id": "0193c1f0-7a52-7c11-9d6e-2f6c1c2b7a01", "text": "Đã thay lưới",
              "done_on": "2026-11-21"}  # fmt: skip
    assignment = {"establishment": "BOC-BO", "checklist": "MARKET-FS", "inspector": "inspector",
                  "due_on": "2026-12-22"}  # fmt: skip
    figures = {"id": answer["id"], "measures": {"PM01": "1200"}, "source": "declared"}
    faults: tuple[tuple[str, Any, dict[str, Any], str], ...] = (
        ("67 an id as a number", answer, {"id": 7}, "invalid"),
        ("67 an id in capitals", answer, {"id": answer["id"].upper()}, "invalid"),
        ("39 blank text", answer, {"text": " \u00a0 "}, "blank"),
        ("34 override in a text", answer, {"text": "a\u202eb"}, "text_forbidden_char"),
        ("64 day that is none", answer, {"done_on": "2026-02-29"}, "invalid"),
        ("57 full-width day", answer, {"done_on": "２０２６-11-21"}, "invalid"),
        ("a digest in capitals", answer, {"photos": ["A" * 64]}, "invalid"),
        ("a digest and a line feed", answer, {"photos": ["0" * 64 + "\n"]}, "invalid"),
        ("21 photos", answer, {"photos": ["0" * 64] * 21}, "max_length"),
        ("21 unknown field", answer, {"state": "accepted"}, "unknown_field"),
        ("64 day that is none", assignment, {"due_on": "2026-13-45"}, "invalid"),
        ("a kind that is none", assignment, {"kind": "self_check"}, "invalid_choice"),
        ("half of the grounds", assignment, {"grounds": {"number": "12"}}, "required"),
        ("40 list for grounds", assignment, {"grounds": []}, "invalid"),
        ("67 UUID as a number", assignment, {"follows": 7}, "invalid"),
        ("55 a number as a figure", figures, {"measures": {"PM01": 1200}}, "invalid"),
        ("58 nan", figures, {"measures": {"PM01": "nan"}}, "invalid"),
        ("59 1E+400", figures, {"measures": {"PM01": "1E+400"}}, "invalid"),
        ("59 group separators", figures, {"measures": {"PM01": "1.000,5"}}, "invalid"),
        ("40 null", figures, {"measures": {"PM01": None}}, "null"),
        ("40 list for figures", figures, {"measures": ["1200"]}, "not_a_dict"),
        ("a source that is none", figures, {"source": "guessed"}, "invalid_choice"),
    )
    doors: dict[int, tuple[str, dict[str, Any]]] = {
        id(answer): ("answer", {"route": "findings/{new}/respond/", "who": MANAGER}),
        id(assignment): ("assignment", {"route": "assignments/", "who": DEPARTMENT}),
        id(figures): (
            "bags", {"method": "PUT", "route": "bag-returns/SAMPLE-01/2026-09/", "who": DEPARTMENT},
        ),
    }  # fmt: skip
    for name, good, change, fault in faults:
        door, where = doors[id(good)]
        body = json.dumps({**good, **change}).encode()
        yield Case(f"{name} ({door})", body=body, fault=fault, **where, **MALFORMED)
    amounts: tuple[tuple[str, Any, dict[str, Any], str], ...] = (
        ("62 the first day", assignment, {"due_on": "0001-01-01"}, "day_out_of_range"),
        ("38 outside of the typeface", figures, {"note": "😀"}, "character_not_supported"),
        ("71 fewer than none", figures, {"measures": {"PM01": "-1"}}, "measures_invalid"),
        ("a figure that is derived", figures, {"measures": {"PM12": "50"}}, "measures_invalid"),
        ("a place that is none", assignment, {"establishment": "X"}, "unknown_establishment"),
        ("a person who is none", assignment, {"inspector": "'; --"}, "unknown_inspector"),
    )
    for name, good, change, code in amounts:
        door, where = doors[id(good)]
        yield Case(f"{name} ({door})", 422, code=code, **where,
                   body=json.dumps({**good, **change}).encode())  # fmt: skip
    for month in ("2026-13", "٢٠٢٦-10", "2026-1", "9999-99", "2026-10%0A"):
        yield Case(f"a month that is none: {month}", 404, "GET", f"bag-returns/SAMPLE-01/{month}/",
                   code="not_found")  # fmt: skip
    for name, query in (
        ("a month that is none", "bag-returns/?from=2026-13"),
        ("57 full-width month", "bag-returns/?to=２０２６-10"),
        ("a status that is none", "findings/?status=lost"),
        ("a flag that is none", "findings/?overdue=maybe"),
        ("a long word", "findings/?severity=" + "x" * 11),
    ):
        yield Case(f"{name} ({query[:30]})", method="GET", route=query, **MALFORMED)


def cursors() -> Iterator[Case]:
    """H. How far a phone says it has read."""
    for name, query in (
        ("none", ""), ("an empty one", "cursor="), ("a word", "cursor=x"),
        ("in Arabic digits", "cursor=%D9%A1.1.00000000.00000000"),
        ("of 5,000 digits", f"cursor=1.{'9' * 5000}.00000000.00000000"),
        ("with a line feed", "cursor=1.1.00000000.00000000%0A"),
    ):  # fmt: skip
        yield Case(f"a cursor: {name}", 400, "GET", f"sync/changes/?{query}",
                   code="cursor_invalid")  # fmt: skip
    yield Case("a cursor of another kind", 410, "GET", code="cursor_expired",
               route="sync/changes/?cursor=7.1.00000000.00000000")  # fmt: skip
    yield Case("a cursor of another person", 410, "GET", code="scope_changed",
               route="sync/changes/?cursor=1.1.00000000.00000000")  # fmt: skip
    yield Case("a page of 201 changes", method="GET",
               route="sync/changes/?cursor=x&page_size=201", **MALFORMED)  # fmt: skip
    yield Case("changes since a day", 400, "GET", "sync/changes/?since=2026-01-01",
               code="unknown_parameter")  # fmt: skip
    yield Case("a conflict of 30 digits", 404, "GET", f"conflicts/{'9' * 30}/", who=DEPARTMENT,
               code="not_found")  # fmt: skip


def pushes() -> Iterator[Case]:
    """G. What is around the items of a push; what is in one is the business of that one."""
    route: dict[str, Any] = {"route": "sync/push/"}
    item = '{"op": "inspection.submit", "id": "x", "data": %s}'
    for name, body in (
        ("empty", ""), ("cut", '{"items": ['), ("a list", "[]"), ("null", "null"),
        ("without items", "{}"), ("items that are none", '{"items": {}}'),
        ("an item that is none", '{"items": [7]}'),
        ("an item without an id", '{"items": [{"op": "inspection.submit", "data": {}}]}'),
        ("an unknown field", '{"items": [], "force": true}'),
        ("21 items", f'{{"items": [{",".join([item % "{}"] * 21)}]}}'),
        ("a report that is none", '{"items": [], "report": 7}'),
        ("a clock without zone", '{"items": [], "report": {"queue": 1, "app": "1", '
         '"sent_at": "2026-11-22T08:00:00"}}'),
        ("a queue below zero", '{"items": [], "report": {"queue": -1, "app": "1", '
         '"sent_at": "2026-11-22T08:00:00Z"}}'),
        ("200,000 levels in an item", f'{{"items": [{item % nested(200_000).decode()}]}}'),
        ("a comment", '{"items": []} // why'),
    ):  # fmt: skip
        yield Case(f"a push: {name}", body=body.encode(), **route, **MALFORMED)
    yield Case("a push: no UTF-8", body=b'{"items": ["\xff"]}', fault="json_encoding", **route,
               **MALFORMED)  # fmt: skip
    yield Case("a push: 5 MB", 413, body=json.dumps("x" * 5_000_000).encode(), code="too_large",
               **route)  # fmt: skip
    yield Case("a push: gzip", 415, body=gzip.compress(b"{}"), code="unsupported_media_type",
               headers={"Content-Encoding": "gzip"}, **route)  # fmt: skip
    for name, text in (
        ("deep", nested(15).decode()), ("a text", '"x"'), ("null", "null"), ("NUL", '"\\u0000"'),
        ("a huge number", "1e400"), ("a key twice", '{"a": 1, "a": 2}'),
    ):  # fmt: skip
        body = f'{{"items": [{item % text}]}}'
        yield Case(f"a push of one item: {name}", 200, body=body.encode(), **route)


CASES = [
    *syntax(), *text(), *numbers(), *queries(), *headers(), *photos(), *state(),
    *pushes(), *cursors(),
    *after_the_visit(),
]  # fmt: skip


def document(case: Case, names: dict[str, str], known: dict[str, Any]) -> bytes | None:
    """The bytes that the case sends; ``known`` are the documents of the scene by their ids."""
    if case.body is None or isinstance(case.body, bytes):
        return case.body
    route = case.route.format_map(names)
    identifier = next(part for part in route.split("/") if len(part) == 36)
    good = json.loads(json.dumps(known.get(identifier) or visit(inspector=case.who)))
    good["id"] = identifier
    case.body(good)
    return json.dumps(good).encode()
