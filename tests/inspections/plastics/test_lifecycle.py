"""plastics.lifecycle.declare: every return is kept, the last of a month counts."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
import yaml
from django.db import IntegrityError

from backend.accounts.models import Role
from backend.audit.models import AuditEntry
from backend.common.errors import NotFound, PermissionDenied
from backend.common.printable import CharacterNotSupported
from inspections.fieldwork.errors import IdTaken
from inspections.management.commands.load_checklists import LIBRARY
from inspections.plastics import errors, lifecycle, measures
from inspections.plastics.models import BagReturn
from markets.models import Appointment
from tests.inspections.plastics.builders import MONTH, Store
from tests.inspections.visits import person

OTHER: dict[str, Any] = {"figures": {"PM01": Decimal(1100)}}


def current() -> BagReturn:
    return BagReturn.objects.current().get()


def test_the_first_return_of_a_month_is_new(store: Store) -> None:
    row, created = store.declare(note="Theo hóa đơn tháng 10")

    assert created
    stored = BagReturn.objects.get()
    assert stored == row
    assert (stored.month, stored.by_id) == (MONTH, store.manager.id)
    assert stored.measures == {"PM01": "1200", "PM05": "5400.5"}
    assert stored.replaced_at is None
    entry = AuditEntry.objects.get(action="bag_return.declared")
    assert (entry.subject, entry.actor) == (f"bag_return:{row.pk}", "ha.lt")
    assert entry.data == {
        "establishment": "SIEU-THI",
        "month": "2026-10",
        "measures": {"PM01": "1200", "PM05": "5400.5"},
        "source": "declared",
    }


def test_another_return_takes_its_place_and_the_old_one_is_kept(store: Store) -> None:
    old, _ = store.declare()

    new, created = store.declare(by=store.department, **OTHER)

    assert not created
    old.refresh_from_db()
    assert old.replaced_at == new.at
    assert old.measures["PM01"] == "1200"
    assert current() == new
    assert AuditEntry.objects.get(action="bag_return.replaced").subject == f"bag_return:{new.pk}"


def test_a_return_that_comes_late_again_does_not_undo_the_one_after_it(store: Store) -> None:
    pk = uuid.uuid4()
    store.declare(pk)
    newer, _ = store.declare(**OTHER)

    again, created = store.declare(pk)

    assert (again.pk, created) == (pk, False)
    assert current() == newer
    assert BagReturn.objects.count() == 2


def test_figures_are_compared_by_value(store: Store) -> None:
    pk = uuid.uuid4()
    store.declare(pk, figures={"PM01": Decimal("1200.50"), "PM02": Decimal("0.0")})

    store.declare(pk, figures={"PM02": Decimal(0), "PM01": Decimal("1200.5")})

    assert current().measures == {"PM01": "1200.5", "PM02": "0"}


@pytest.mark.parametrize(
    "changes",
    [OTHER, {"source": "invoice"}, {"note": "Khác"}, {"month": date(2026, 9, 1)}],
)
def test_another_return_under_the_same_id_is_refused(store: Store, changes: dict[str, Any]) -> None:
    pk = uuid.uuid4()
    store.declare(pk)

    with pytest.raises(IdTaken):
        store.declare(pk, **changes)

    assert BagReturn.objects.count() == 1


def test_months_and_places_have_returns_of_their_own(store: Store) -> None:
    store.declare()
    store.declare(month=date(2026, 9, 1))

    assert BagReturn.objects.current().count() == 2


def test_nothing_reported_takes_back_what_was(store: Store) -> None:
    store.declare()

    store.declare(figures={}, note="Khai nhầm tháng")

    assert current().measures == {}


def test_every_entered_measure_of_the_shipped_checklist_may_be_returned(store: Store) -> None:
    file = yaml.safe_load((LIBRARY / "supermarket_plastic.yaml").read_text(encoding="utf-8"))
    entered = [row["code"] for row in file["measures"] if row["kind"] == "input"]

    row, _ = store.declare(figures={code: Decimal(number) for number, code in enumerate(entered)})

    assert list(row.measures) == entered == [
        "PM01", "PM02", "PM03", "PM04", "PM05", "PM06", "PM07", "PM08", "PM09", "PM10A", "PM10B",
    ]  # fmt: skip


def test_every_wrong_figure_is_named(store: Store) -> None:
    figures = {
        "PM01": Decimal(-1),
        "PM05": Decimal(0),
        "PM11": Decimal(22),  # derived: computed, never typed
        "A/B": Decimal(1),
    }

    with pytest.raises(errors.MeasuresInvalid) as refused:
        store.declare(figures=figures)

    assert {(error.pointer, error.code) for error in refused.value.errors} == {
        ("/measures/PM01", "out_of_range"),
        ("/measures/PM11", "unknown_item"),
        ("/measures/A~1B", "unknown_item"),
    }
    assert not BagReturn.objects.exists()


def test_without_a_published_checklist_nobody_asks_for_anything(db: None) -> None:
    assert measures.known_measures() == {}


def test_a_month_counts_from_its_first_day_here(store: Store) -> None:
    with time_machine.travel("2026-10-31T16:59:59Z", tick=False), pytest.raises(
        errors.MonthNotBegun
    ):  # fmt: skip
        store.declare(month=date(2026, 11, 1))

    with time_machine.travel("2026-10-31T17:00:00Z", tick=False):
        assert store.declare(month=date(2026, 11, 1))[1] is True


def test_only_the_department_says_that_figures_were_inspected(store: Store) -> None:
    with pytest.raises(errors.SourceNotYours):
        store.declare(source="inspected")

    assert store.declare(source="inspected", by=store.department)[1] is True


def test_a_market_has_no_tills(store: Store) -> None:
    store.place.kind = "market"
    store.place.save()

    with pytest.raises(errors.BagReturnsOnlyOfStores):
        store.declare()


def test_a_note_can_be_printed(store: Store) -> None:
    with pytest.raises(CharacterNotSupported):
        store.declare(note="😀")


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.MANAGER])
def test_nobody_else_speaks_for_a_store(store: Store, role: Role) -> None:
    with pytest.raises(PermissionDenied):
        store.declare(by=person("khac", role))


def test_who_managed_the_store_before_speaks_no_more(store: Store) -> None:
    Appointment.objects.update(valid_to="2026-01-31")

    with pytest.raises(PermissionDenied):
        store.declare()


def test_a_place_that_is_none_is_not_found(store: Store) -> None:
    store.place.code = "KHONG-CO"

    with pytest.raises(NotFound):
        store.declare()


def test_an_id_that_two_places_use_at_once_is_the_first_ones(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_late(*_: object) -> bool:
        raise IntegrityError

    monkeypatch.setattr(lifecycle, "_keep", too_late)

    with pytest.raises(IdTaken):
        store.declare()


def test_of_two_copies_at_once_one_is_kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    pk = uuid.uuid4()
    store.declare(pk)
    look, looks = lifecycle._known, []

    def too_early(given: BagReturn) -> BagReturn | None:
        looks.append(given)
        return look(given) if len(looks) > 1 else None

    monkeypatch.setattr(lifecycle, "_known", too_early)

    assert store.declare(pk)[1] is False
    assert current().pk == pk


def test_a_refused_return_leaves_the_one_before_it(store: Store) -> None:
    before, _ = store.declare()

    with pytest.raises(errors.MeasuresInvalid):
        store.declare(figures={"X": Decimal(1)})

    assert current() == before
