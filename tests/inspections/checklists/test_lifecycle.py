"""Checklist versions from draft to retired, and what the published ones say."""

from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.audit.models import AuditEntry
from backend.common import canonical
from inspections.checklists import authoring, lifecycle
from inspections.checklists.errors import (
    ChecklistInvalid,
    ChecklistIsPublished,
    ChecklistMoveIllegal,
)
from inspections.checklists.models import ChecklistVersion
from inspections.management.commands import load_checklists

pytestmark = pytest.mark.django_db

MARKET = (load_checklists.LIBRARY / "market_food_safety.yaml").read_text(encoding="utf-8")


def with_version(number: int, text: str = MARKET) -> str:
    assert text.count("\nversion: 1\n") == 1
    return text.replace("\nversion: 1\n", f"\nversion: {number}\n")


def queries(call: Any, *args: Any) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        call(*args)
    return len(captured)


def trail_of(name: str) -> list[str]:
    entries = AuditEntry.objects.filter(subject=f"checklist:{name}").order_by("sequence")
    return list(entries.values_list("action", flat=True))


def test_a_draft_is_replaced_until_it_is_published() -> None:
    first = lifecycle.import_draft(MARKET, by=None)
    again = lifecycle.import_draft(MARKET.replace("Model food-safe", "Model"), by=None)

    assert again.pk == first.pk
    assert again.name == "MARKET-FS@1"
    assert (again.status, again.sha256) == ("draft", "")
    assert again.title_en != first.title_en
    assert trail_of("MARKET-FS@1") == ["checklist.imported", "checklist.imported"]


def test_a_published_version_is_never_changed() -> None:
    row = lifecycle.publish(lifecycle.import_draft(MARKET, by=None).pk, by=None)

    with pytest.raises(ChecklistIsPublished):
        lifecycle.import_draft(MARKET.replace("Model food-safe", "Model"), by=None)

    kept = ChecklistVersion.objects.get()
    assert kept.sha256 == row.sha256 == canonical.sha256(authoring.parse_yaml(MARKET))
    assert kept.published_at is not None
    assert trail_of("MARKET-FS@1") == ["checklist.imported", "checklist.published"]


def test_moves_outside_the_order_are_refused_and_change_nothing() -> None:
    row = lifecycle.import_draft(MARKET, by=None)

    with pytest.raises(ChecklistMoveIllegal) as early:
        lifecycle.retire(row.pk, by=None)
    lifecycle.publish(row.pk, by=None)
    with pytest.raises(ChecklistMoveIllegal) as twice:
        lifecycle.publish(row.pk, by=None)
    lifecycle.retire(row.pk, by=None)
    with pytest.raises(ChecklistMoveIllegal) as late:
        lifecycle.publish(row.pk, by=None)

    moves = [error.value.extension["legal_moves"] for error in (early, twice, late)]
    assert moves == [["publish"], ["retire"], []]
    assert trail_of("MARKET-FS@1") == [
        "checklist.imported",
        "checklist.published",
        "checklist.retired",
    ]


def test_a_draft_that_the_office_broke_is_not_published() -> None:
    row = lifecycle.import_draft(MARKET, by=None)
    row.content["item_count"] = 3
    row.save()

    with pytest.raises(ChecklistInvalid) as refused:
        lifecycle.publish(row.pk, by=None)

    assert [error.pointer for error in refused.value.errors] == ["/item_count"]
    assert ChecklistVersion.objects.get().status == "draft"


def test_content_of_another_version_is_not_published_under_this_one() -> None:
    row = lifecycle.import_draft(MARKET, by=None)
    row.content["version"] = 2
    row.save()

    with pytest.raises(ChecklistInvalid) as refused:
        lifecycle.publish(row.pk, by=None)

    assert [error.pointer for error in refused.value.errors] == ["/version"]


def test_errors_of_a_file_come_with_line_and_column() -> None:
    lines = MARKET.splitlines()
    number = next(i for i, line in enumerate(lines) if line.strip().startswith("na_allowed: "))
    lines[number] = lines[number].split(":")[0] + ": perhaps"

    with pytest.raises(ChecklistInvalid) as refused:
        lifecycle.import_draft("\n".join(lines), by=None)

    column = lines[number].index("perhaps") + 1
    assert [(e.line, e.column) for e in refused.value.errors] == [(number + 1, str(column))]
    assert not ChecklistVersion.objects.exists()


@pytest.mark.parametrize(
    ("old", "new", "pointer"),
    [
        ("code: MARKET-FS", "code: market_fs", "/code"),
        ("en: Model food-safe market checklist", f"en: {'x' * 301}", "/title/en"),
    ],
)
def test_what_the_database_could_not_hold_is_refused(old: str, new: str, pointer: str) -> None:
    with pytest.raises(ChecklistInvalid) as refused:
        lifecycle.import_draft(MARKET.replace(old, new), by=None)

    assert [error.pointer for error in refused.value.errors] == [pointer]


def test_what_no_record_could_print_is_refused_with_its_line_and_again_when_publishing() -> None:
    lines = MARKET.splitlines()
    number = next(i for i, line in enumerate(lines) if line.startswith("  vi: "))
    with pytest.raises(ChecklistInvalid) as refused:
        lifecycle.import_draft(
            "\n".join([*lines[:number], "  vi: Phiếu 市", *lines[number + 1 :]]), by=None
        )
    assert [(e.code, e.line, e.column) for e in refused.value.errors] == [
        ("character_not_supported", number + 1, "7")
    ]

    row = lifecycle.import_draft(MARKET, by=None)
    row.content["title"]["vi"] = "Phiếu 市"  # as it may have come in before there was this rule
    row.save()
    with pytest.raises(ChecklistInvalid) as refused:
        lifecycle.publish(row.pk, by=None)
    assert [e.pointer for e in refused.value.errors] == ["/title/vi"]


def test_only_what_was_ever_published_may_be_used() -> None:
    row = lifecycle.import_draft(MARKET, by=None)
    assert lifecycle.published("MARKET-FS@1") is None

    lifecycle.publish(row.pk, by=None)
    first = lifecycle.published("MARKET-FS@1")
    lifecycle.retire(row.pk, by=None)
    retired = lifecycle.published("MARKET-FS@1")

    assert first is not None
    assert first.id == row.pk
    assert len(first.definition.items) == 70
    assert retired == first


@pytest.mark.parametrize(
    "name", ["MARKET-FS", "MARKET-FS@2", "MARKET-FS@01", "market-fs@1", "@1", "MARKET-FS@١", ""]
)
def test_other_names_are_unknown(name: str) -> None:
    lifecycle.ship(MARKET)

    assert lifecycle.published(name) is None


def test_a_known_definition_costs_one_query_and_is_the_same_object() -> None:
    lifecycle.ship(MARKET)
    first = lifecycle.published("MARKET-FS@1")

    assert queries(lifecycle.published, "MARKET-FS@1") == 1
    again = lifecycle.published("MARKET-FS@1")
    assert first is not None
    assert again is not None
    assert again.definition is first.definition


def test_an_approval_shows_at_once() -> None:
    lifecycle.ship(MARKET)
    before = lifecycle.published("MARKET-FS@1")
    row = ChecklistVersion.objects.get()

    lifecycle.approve(row.pk, number="12/QĐ-SCT", on=date(2026, 11, 2), by=None)

    after = lifecycle.published("MARKET-FS@1")
    assert before is not None
    assert before.is_trial
    assert after is not None
    assert (after.is_trial, after.approved_number) == (False, "12/QĐ-SCT")
    assert after.approved_on == date(2026, 11, 2)
    assert trail_of("MARKET-FS@1")[-1] == "checklist.approved"


def test_a_draft_cannot_be_approved() -> None:
    row = lifecycle.import_draft(MARKET, by=None)

    with pytest.raises(ChecklistMoveIllegal):
        lifecycle.approve(row.pk, number="12/QĐ-SCT", on=date(2026, 11, 2), by=None)


def test_loading_publishes_what_ships_and_then_changes_nothing() -> None:
    call_command("load_checklists", stdout=StringIO())
    rows = list(ChecklistVersion.objects.values_list("code", "version", "status", "sha256"))
    entries = AuditEntry.objects.count()

    out = StringIO()
    call_command("load_checklists", stdout=out)

    assert [row[:3] for row in rows] == [
        ("MARKET-FS", 1, "published"),
        ("SUPERMARKET-PLASTIC", 1, "published"),
    ]
    assert list(ChecklistVersion.objects.values_list("code", "version", "status", "sha256")) == rows
    assert AuditEntry.objects.count() == entries
    assert out.getvalue().count("unchanged") == 2


def test_a_changed_file_needs_a_higher_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lifecycle.ship(MARKET)
    monkeypatch.setattr(load_checklists, "LIBRARY", tmp_path)
    path = tmp_path / "market.yaml"

    path.write_text(MARKET.replace("Model food-safe", "Model"), encoding="utf-8")
    with pytest.raises(CommandError, match="raise the version"):
        call_command("load_checklists", stdout=StringIO())

    path.write_text(with_version(2), encoding="utf-8")
    call_command("load_checklists", stdout=StringIO())
    assert lifecycle.published("MARKET-FS@2") is not None
