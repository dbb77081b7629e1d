"""The objects that the addresses of the table name, and the bodies that its verbs take."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from backend.accounts import lifecycle
from backend.accounts.models import User
from inspections.fieldwork.models import Finding, Inspection
from inspections.plastics.models import BagReturn
from inspections.records import addenda
from inspections.records import lifecycle as records
from inspections.records.models import Record
from inspections.sync.quarantine_models import QuarantinedItem
from markets.lifecycle.appointments import appoint
from markets.models import Establishment
from markets.seed.demo import stall_id
from tests import cast as world
from tests.cast import Cast, a_photo, an_id
from tests.inspections.evidence.pictures import digest
from tests.live import visit

CSV = {
    "establishments/import/": "code,kind,name\nCHO-MOI,market,Chợ Mới\n",
    "establishments/{place}/stalls/import/": "number,commodity\n77,produce\n",
    "administrative-units/import/": "code,level,name\n99001,province,Tỉnh Thử\n",
}
ASSIGNMENT = {
    "establishment": "BOC-BO",
    "checklist": "MARKET-FS",
    "inspector": world.INSPECTOR,
    "due_on": "2026-12-22",
}
SERIES = {
    **{name: value for name, value in ASSIGNMENT.items() if name != "due_on"},
    "first_on": "2026-12-01",
    "rule": "FREQ=MONTHLY;COUNT=2",
}
MONTH = "2026-09"
PHOTO, NAMED_PHOTO, NEW_PHOTO = 101, 102, 103
BROUGHT_PHOTO, MANAGER_PHOTO = 104, 105


class Scene:
    """One object of each kind; the inspector owns what has an owner, at the manager's market."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.documents = {
            "draft": cast.draft(),
            "visit": cast.submitted(fails=["G03"]),
            "issued": cast.issued(),
        }
        named = cast.photo(world.INSPECTOR, a_photo(NAMED_PHOTO))
        document = visit(a_photo(NAMED_PHOTO), inspector=world.INSPECTOR)
        cast.ask(world.INSPECTOR, "POST", f"inspections/{document['id']}/submit/", document)
        self.names = {
            **{name: found["id"] for name, found in self.documents.items()},
            "place": "BOC-BO",
            "no_place": "KHONG-CO",
            "stall": str(stall_id("BOC-BO", "01")),
            "device": str(cast.device(world.INSPECTOR).pk),
            "manager_device": str(cast.device(world.MANAGER).pk),
            "checklist": "MARKET-FS@1",
            "new_checklist": cast.new_checklist(),
            "photo": cast.photo(world.INSPECTOR, a_photo(PHOTO)),
            "named_photo": named,
            "new_photo": digest(a_photo(NEW_PHOTO)),
            "brought": self._brought(),
            "conflict": self._conflict(),
            "brought_photo": digest(a_photo(BROUGHT_PHOTO)),
            "manager_photo": digest(a_photo(MANAGER_PHOTO)),
            "token": Record.objects.get(pk=self.documents["issued"]["id"]).token,
            "finding": str(Finding.objects.get(inspection=self.documents["visit"]["id"]).pk),
            "old": self._received_long_ago(),
            "published": self._published(),
            "appeal": self._appeal(),
            "replied": self._replied(),
            "answered": self._answered("B05"),
            "accepted": self._answered("B06", "accept"),
            "assignment": self._assignment(),
            "series": self._series(),
            "calendar": self._calendar(),
            "store": self._store(),
            "month": MONTH,
            "new_month": "2026-08",
            "first": "1",
            "new": an_id(),
            "nothing": an_id(),
        }
        # What stands in for an object when it is asked for, and is not there.
        self.nothings = {
            **self.names,
            **dict.fromkeys(("draft", "visit", "issued", "old", "published", "replied"), an_id()),
            **dict.fromkeys(("stall", "appeal", "series"), an_id()),
            **dict.fromkeys(("finding", "answered", "accepted", "assignment"), an_id()),
            **dict.fromkeys(("device", "manager_device", "new", "nothing", "brought"), an_id()),
            **dict.fromkeys(("photo", "named_photo", "brought_photo", "manager_photo"), "f" * 64),
            **dict.fromkeys(("checklist", "new_checklist"), "NOTHING@7"),
            **dict.fromkeys(("place", "store"), "KHONG-CO"),
            **dict.fromkeys(("token", "calendar"), "nothing"),
        }

    def _conflict(self) -> str:
        """The number of a body that came under the id of another one."""
        other = {**self.documents["visit"], "opinion": "Nội dung khác"}
        self.cast.ask(world.INSPECTOR, "POST", f"inspections/{other['id']}/submit/", other)
        [row] = self.cast.ask(world.DEPARTMENT, "GET", "conflicts/").json()["results"]
        return str(row["id"])

    def _brought(self) -> str:
        """The number of a visit that waits in quarantine."""
        answer = {"photos": [digest(a_photo(MANAGER_PHOTO))]}
        item = {"op": "finding.respond", "id": an_id(), "data": answer}
        self.cast.ask(world.MANAGER, "POST", "sync/quarantine/", {"items": [item]})
        body = _brought(self, "")["data"]
        self.cast.ask(world.INSPECTOR, "POST", "sync/quarantine/", body)
        return str(QuarantinedItem.objects.get(op="inspection.submit").pk)

    def _received_long_ago(self) -> str:
        """A visit whose record is signed, and for which the time for reply is over."""
        document = self.cast.submitted()
        self.cast.close_evidence(document)
        records.issue_waiting()
        long_ago = timezone.now() - timedelta(days=60)
        Inspection.objects.filter(pk=document["id"]).update(received_at=long_ago)
        return str(document["id"])

    def _published(self) -> str:
        visit = self._received_long_ago()
        self._post(world.DEPARTMENT, f"inspections/{visit}/publish/", {})
        return visit

    def _replied(self) -> str:
        """A visit whose record has an addendum."""
        document = self.cast.submitted()
        self.cast.close_evidence(document)
        records.issue_waiting()
        reply = _said(self, "")["data"]
        self._post(world.MANAGER, f"inspections/{document['id']}/reply/", reply)
        addenda.issue_waiting()
        return str(document["id"])

    def _appeal(self) -> str:
        document = self.cast.submitted()
        route = f"inspections/{document['id']}/appeal/"
        return str(self._post(world.MANAGER, route, _said(self, "")["data"])["id"])

    def _answered(self, item: str, *decided: str) -> str:
        """A finding whose correction waits, or was ``decided`` about; no other one repeats it."""
        document = self.cast.submitted(fails=[item])
        finding = Finding.objects.get(inspection=document["id"]).pk
        self._post(world.MANAGER, f"findings/{finding}/respond/", _answer(self, "")["data"])
        for verb in decided:
            self._post(world.INSPECTOR, f"findings/{finding}/{verb}/", {})
        return str(finding)

    def _post(self, who: str, route: str, body: Any) -> Any:
        answer = self.cast.ask(who, "POST", route, body)
        assert answer.status_code < 300, answer.content
        return answer.json()

    def _calendar(self) -> str:
        address = self._post(world.COLLEAGUE, "planning/calendar/", {})["url"]
        return str(address).rpartition("/")[2].removesuffix(".ics")

    def _series(self) -> str:
        answer = self.cast.ask(world.DEPARTMENT, "POST", "assignments/series/", SERIES)
        return str(answer.json()["id"])

    def _assignment(self) -> str:
        answer = self.cast.ask(world.DEPARTMENT, "POST", "assignments/", ASSIGNMENT)
        assert answer.status_code == 201, answer.content
        return str(answer.json()["id"])

    def _store(self) -> str:
        """A supermarket with figures of one month, kept by the manager of the market too."""
        store = Establishment.objects.get(code="SAMPLE-01")
        manager = User.objects.get(username=world.MANAGER)
        appoint(manager, store, valid_from=date(2020, 1, 1), by=None)
        route = f"bag-returns/{store.code}/{MONTH}/"
        answer = self.cast.ask(world.MANAGER, "PUT", route, _figures())
        assert answer.status_code == 201, answer.content
        return store.code

    def body(self, method: str, route: str, label: str, who: str) -> dict[str, Any]:
        """Arguments of the test client for a request that would be good if it were allowed."""
        make = BODIES.get((method, f"{route} {label}".strip()))
        return make(self, who) if make else {}


def _newest_return() -> dict[str, str]:
    return {"id": str(BagReturn.objects.current().latest("at").pk)}


Body = Callable[[Scene, str], dict[str, Any]]


def as_json(value: Any) -> dict[str, Any]:
    return {"data": value, "format": "json"}


def as_bytes(content: bytes | str, media_type: str) -> dict[str, Any]:
    data = content.encode() if isinstance(content, str) else content
    return {"data": data, "content_type": media_type}


def _refresh(scene: Scene, who: str) -> dict[str, Any]:
    _, token = lifecycle.open_session(User.objects.get(username=world.INSPECTOR))
    return as_json({"refresh": token})


def _device_link(scene: Scene, who: str) -> dict[str, Any]:
    by = User.objects.get(username=world.DEPARTMENT)
    code, _ = lifecycle.make_device_link(User.objects.get(username=world.INSPECTOR), by=by)
    return as_json({"code": code, "device": {"id": f"phone-of-{who}"}})


def _new(scene: Scene, who: str, **changes: Any) -> dict[str, Any]:
    document = visit(inspector=who or world.INSPECTOR, **changes)
    return as_json({**document, "id": scene.names["new"]})


def _self_check(scene: Scene, who: str) -> dict[str, Any]:
    return _new(scene, who, kind="self_check", signatures=[], grounds=None)


def _brought(scene: Scene, _: str) -> dict[str, Any]:
    document = visit(a_photo(BROUGHT_PHOTO), inspector=world.INSPECTOR)
    item = {"op": "inspection.submit", "id": document["id"], "data": document}
    return as_json({"items": [item]})


def _mirror(scene: Scene, _: str) -> dict[str, Any]:
    return {**as_json(scene.documents["draft"]), "headers": {"If-Match": '"1"'}}


def _piece(is_last: str) -> dict[str, Any]:
    headers = {"Upload-Offset": "0", "Upload-Complete": is_last}
    return {**as_bytes(a_photo(NEW_PHOTO), "application/partial-upload"), "headers": headers}


def _reason(scene: Scene, _: str) -> dict[str, Any]:
    return as_json({"reason": "Ghi nhầm cơ sở"})


def _answer(scene: Scene, _: str) -> dict[str, Any]:
    return as_json({"id": an_id(), "text": "Đã thay lưới", "done_on": "2026-11-21"})


def _said(scene: Scene, _: str) -> dict[str, Any]:
    return as_json({"id": an_id(), "text": "Hôm đó lưới đang được giặt"})


def _exception(scene: Scene, _: str) -> dict[str, Any]:
    return as_json({"until": timezone.localdate().isoformat(), "reason": "Chờ sửa mái"})


def _figures() -> dict[str, Any]:
    return {"id": an_id(), "measures": {"PM01": "1200"}, "source": "declared"}


def _cursor(scene: Scene, who: str) -> dict[str, Any]:
    told = scene.cast.ask(who, "GET", "sync/bundle/").json()
    return {"data": {"cursor": told.get("cursor", "x")}}


BODIES: dict[tuple[str, str], Body] = {
    ("POST", "auth/token/"): lambda *_: as_json(
        {"username": world.INSPECTOR, "password": world.PASSWORD}
    ),
    ("POST", "auth/token/refresh/"): _refresh,
    ("POST", "auth/device-link/"): _device_link,
    ("POST", "auth/device-links/"): lambda *_: as_json({"username": world.INSPECTOR}),
    ("POST", "establishments/"): lambda *_: as_json(
        {"code": "CHO-MOI", "kind": "market", "name": "Chợ Mới"}
    ),
    ("PATCH", "establishments/{place}/"): lambda *_: as_json({"address": "Thôn Nà Coóc"}),
    ("POST", "establishments/{place}/stalls/"): lambda *_: as_json(
        {"number": "88", "commodity": "produce"}
    ),
    ("PATCH", "stalls/{stall}/"): lambda *_: as_json({"trader": "Lý Thị Sông"}),
    ("POST", "checklists/import/"): lambda *_: as_bytes(world.next_version(), "application/yaml"),
    ("PUT", "inspections/{new}/"): _new,
    ("PUT", "inspections/{draft}/"): _mirror,
    ("PUT", "inspections/{visit}/"): lambda scene, _: {
        **as_json(scene.documents["visit"]),
        "headers": {"If-Match": "*"},
    },
    ("POST", "inspections/{new}/submit/"): _new,
    ("POST", "inspections/{new}/submit/ self_check"): _self_check,
    ("POST", "inspections/{draft}/submit/"): lambda scene, _: as_json(scene.documents["draft"]),
    ("POST", "inspections/{visit}/submit/"): lambda scene, _: as_json(scene.documents["visit"]),
    ("POST", "inspections/{visit}/void/"): _reason,
    ("POST", "inspections/{draft}/void/"): _reason,
    ("POST", "inspections/{visit}/close-evidence/"): _reason,
    ("POST", "inspections/{draft}/close-evidence/"): _reason,
    ("PUT", "evidence/{new_photo}/"): lambda *_: as_bytes(a_photo(NEW_PHOTO), "image/png"),
    ("PATCH", "evidence/{new_photo}/upload/"): lambda *_: _piece("?1"),
    ("PATCH", "evidence/{new_photo}/upload/ piece"): lambda *_: _piece("?0"),
    ("POST", "sync/quarantine/"): _brought,
    ("PUT", "sync/quarantine/evidence/{brought_photo}/"): lambda *_: as_bytes(
        a_photo(BROUGHT_PHOTO), "image/png"
    ),
    ("PUT", "sync/quarantine/evidence/{manager_photo}/"): lambda *_: as_bytes(
        a_photo(MANAGER_PHOTO), "image/png"
    ),
    ("POST", "quarantine/{brought}/reject/"): _reason,
    ("POST", "quarantine/{nothing}/reject/"): _reason,
    ("POST", "evidence/missing/"): lambda *_: as_json({"sha256": ["0" * 64]}),
    ("POST", "findings/{finding}/respond/"): _answer,
    ("POST", "findings/{nothing}/respond/"): _answer,
    ("POST", "inspections/{visit}/reply/"): _said,
    ("POST", "inspections/{draft}/reply/"): _said,
    ("POST", "inspections/{visit}/appeal/"): _said,
    ("POST", "inspections/{draft}/appeal/"): _said,
    ("POST", "inspections/{published}/withdraw/"): _reason,
    ("POST", "appeals/{appeal}/decide/"): lambda *_: as_json(
        {"outcome": "rejected", "reason": "Ảnh rõ ràng"}
    ),
    ("POST", "findings/accept/"): lambda scene, _: as_json(
        {"findings": [{"id": scene.names["answered"]}]}
    ),
    ("POST", "findings/{answered}/accept/"): lambda *_: as_json({}),
    ("POST", "findings/{answered}/refuse/"): _reason,
    ("POST", "findings/{accepted}/reopen/"): _reason,
    ("POST", "findings/{finding}/except/"): _exception,
    ("POST", "assignments/"): lambda *_: as_json(ASSIGNMENT),
    ("POST", "assignments/series/"): lambda *_: as_json(SERIES),
    ("POST", "assignments/series/{series}/cancel/"): _reason,
    ("PATCH", "assignments/{assignment}/"): lambda *_: as_json({"due_on": "2026-12-24"}),
    ("POST", "assignments/{assignment}/cancel/"): _reason,
    ("PUT", "bag-returns/{store}/{month}/"): lambda *_: as_json(_figures()),
    ("PUT", "bag-returns/{store}/{new_month}/"): lambda *_: as_json(_figures()),
    ("POST", "bag-returns/{store}/{month}/confirm/"): lambda *_: as_json(_newest_return()),
    ("PUT", "bag-returns/{no_place}/{month}/"): lambda *_: as_json(_figures()),
    ("GET", "sync/changes/"): _cursor,
    ("POST", "sync/push/"): lambda *_: as_json({"items": []}),
    ("POST", "public/verify/"): lambda *_: as_bytes(b"%PDF-1.7", "application/pdf"),
    **{("POST", route): lambda *_, route=route: as_bytes(CSV[route], "text/csv") for route in CSV},
}
