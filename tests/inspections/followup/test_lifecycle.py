"""followup.lifecycle.respond: what a manager answers is kept once, beside the finding."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from backend.accounts.models import Role
from backend.audit.models import AuditEntry
from backend.common.errors import DomainError, NotFound, PermissionDenied
from backend.common.printable import CharacterNotSupported
from inspections.fieldwork import lifecycle as fieldwork
from inspections.fieldwork.errors import IdTaken, IllegalMove
from inspections.fieldwork.models import Finding
from inspections.followup import lifecycle
from inspections.followup.models import Correction
from markets.errors import DayOutOfRange
from markets.models import Appointment
from tests.inspections.followup.builders import a_finding, answer
from tests.inspections.visits import Visits, person, photo


def test_an_answer_is_kept_with_its_photos(visits: Visits) -> None:
    finding = a_finding(visits)

    correction, created = answer(visits, finding)

    stored = Correction.objects.get()
    assert (created, stored) == (True, correction)
    assert (stored.finding, stored.by_id, stored.done_on) == (
        finding, visits.manager.id, date(2026, 11, 21),
    )  # fmt: skip
    assert [row.sha256 for row in stored.photos.all()] == [photo("after"), photo("again")]
    entry = AuditEntry.objects.get(action="finding.answered")
    assert (entry.subject, entry.actor) == (f"finding:{finding.pk}", "mai.tt")
    assert entry.data == {
        "correction": str(correction.pk),
        "establishment": "BOC-BO",
        "done_on": "2026-11-21",
        "partly": False,
        "photos": [photo("after"), photo("again")],
    }


def test_the_same_answer_again_changes_nothing_whoever_of_the_place_sends_it(
    visits: Visits,
) -> None:
    finding, pk = a_finding(visits), uuid.uuid4()
    deputy = person("deputy", Role.MANAGER)
    Appointment.objects.create(
        person_id=deputy.id, establishment=visits.market, valid_from="2026-01-01"
    )
    answer(visits, finding, pk)

    for by in (visits.manager, deputy):
        again, created = answer(visits, finding, pk, by)
        assert (again.pk, again.by_id, created) == (pk, visits.manager.id, False)

    assert Correction.objects.count() == 1
    assert AuditEntry.objects.filter(action="finding.answered").count() == 1


def test_a_photo_that_is_named_twice_is_one(visits: Visits) -> None:
    finding, pk, twice = a_finding(visits), uuid.uuid4(), [photo("after"), photo("after")]

    correction, _ = answer(visits, finding, pk, photos=twice)

    assert [row.sha256 for row in correction.photos.all()] == [photo("after")]
    assert answer(visits, finding, pk, photos=twice)[1] is False


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "Nội dung khác"},
        {"done_on": date(2026, 11, 20)},
        {"partly": True},
        {"photos": []},
        {"photos": [photo("again"), photo("after")]},
    ],
)
def test_another_answer_under_the_same_id_is_refused(
    visits: Visits, changes: dict[str, Any]
) -> None:
    finding, pk = a_finding(visits), uuid.uuid4()
    answer(visits, finding, pk)

    with pytest.raises(IdTaken):
        answer(visits, finding, pk, **changes)

    assert Correction.objects.get().text == "Đã lắp lưới chắn ruồi ở khu thịt."


def test_an_id_belongs_to_one_finding(visits: Visits) -> None:
    visit, pk = visits.submit(fails=["G03", "B05"]), uuid.uuid4()
    first, second = visit.findings.order_by("item")
    answer(visits, first, pk)

    with pytest.raises(IdTaken):
        answer(visits, second, pk)


def test_several_answers_to_one_finding_stand_side_by_side(visits: Visits) -> None:
    finding = a_finding(visits)

    answer(visits, finding)
    answer(visits, finding, text="Đã thay thêm lưới ở khu cá.", photos=[])

    assert finding.corrections.count() == 2


def test_who_may_not_know_of_the_finding_finds_none(visits: Visits) -> None:
    finding = a_finding(visits)
    stranger, former = person("stranger", Role.MANAGER), person("former", Role.MANAGER)
    Appointment.objects.create(
        person_id=former.id,
        establishment=visits.market,
        valid_from="2025-01-01",
        valid_to="2025-12-31",
    )

    for by in (stranger, former):
        with pytest.raises(NotFound):
            answer(visits, finding, by=by)
    with pytest.raises(NotFound):
        answer(visits, Finding(pk=uuid.uuid4()))


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.DEPARTMENT])
def test_nobody_but_a_manager_answers(visits: Visits, role: Role) -> None:
    finding = a_finding(visits)

    with pytest.raises(PermissionDenied):
        answer(visits, finding, by=person("minh", role))


def test_a_self_check_finds_nothing_that_could_be_answered(visits: Visits) -> None:
    sent = visits.document(
        kind="self_check", inspector="mai.tt", fails=["G03"], signatures=[], grounds=None
    )
    visits.send(sent, visits.manager)

    with pytest.raises(NotFound):
        answer(visits, Finding.objects.get())


def test_a_closed_finding_takes_no_new_answer_but_knows_the_old_ones(visits: Visits) -> None:
    finding, pk = a_finding(visits), uuid.uuid4()
    answer(visits, finding, pk)
    fieldwork.void(finding.inspection, reason="Ghi nhầm cơ sở", by=visits.inspector)

    with pytest.raises(IllegalMove) as refused:
        answer(visits, finding)

    assert refused.value.extension == {
        "finding": str(finding.pk),
        "state": "closed",
        "legal_moves": [],
    }
    assert answer(visits, finding, pk)[1] is False


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"text": "Xong 😀"}, CharacterNotSupported),
        ({"done_on": date(1899, 12, 31)}, DayOutOfRange),
        ({"done_on": date(2201, 1, 1)}, DayOutOfRange),
        ({"done_on": timezone.localdate() + timedelta(days=3)}, DayOutOfRange),
    ],
)
def test_what_cannot_be_printed_or_reckoned_with_is_refused(
    visits: Visits, changes: dict[str, Any], refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        answer(visits, a_finding(visits), **changes)

    assert not Correction.objects.exists()


def test_a_clock_that_is_a_day_ahead_loses_no_answer(visits: Visits) -> None:
    with time_machine.travel("2026-11-22T02:00:00Z", tick=False):
        assert answer(visits, a_finding(visits), done_on=date(2026, 11, 23))[1] is True


def test_of_two_copies_at_once_one_is_kept(visits: Visits, monkeypatch: pytest.MonkeyPatch) -> None:
    finding, pk = a_finding(visits), uuid.uuid4()
    answer(visits, finding, pk)
    look, looks = lifecycle._known, []

    def too_early(*given: Any) -> Correction | None:
        looks.append(given)
        return look(*given) if len(looks) > 1 else None

    monkeypatch.setattr(lifecycle, "_known", too_early)

    assert answer(visits, finding, pk)[1] is False
    assert Correction.objects.count() == 1
