"""manage.py load_places and load_demo: what ships, and that a second run writes nothing."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.accounts.models import User
from backend.audit.models import AuditEntry
from markets import queries, rules
from markets.lifecycle import establishments
from markets.models import AdministrativeUnit, Appointment, Authority, Establishment, Stall
from markets.seed import demo, places
from tests.markets.builders import FIRST_OF_THAI_NGUYEN, market

pytestmark = pytest.mark.django_db


def run(command):
    out = StringIO()
    call_command(command, stdout=out)
    return out.getvalue()


def writes(statements):
    return [row["sql"] for row in statements if row["sql"].split()[0] in ("INSERT", "UPDATE")]


def test_the_shipped_places_are_three_markets_eleven_units_and_two_authorities():
    run("load_places")

    assert sorted(Establishment.objects.values_list("code", flat=True)) == [
        "BOC-BO",
        "DONG-TAM",
        "PHU-THONG",
    ]
    assert AdministrativeUnit.objects.count() == 11
    assert AdministrativeUnit.objects.filter(code="01864").count() == 2
    assert Authority.objects.get(code="SCT-BAC-KAN").successor.code == "SCT-THAI-NGUYEN"
    communes = AdministrativeUnit.objects.filter(reporting_area="BAC-KAN-FORMER")
    assert sorted(communes.values_list("code", flat=True)) == ["01864", "01969", "02086"]


def test_old_units_name_their_successors():
    run("load_places")

    old = AdministrativeUnit.objects.get(code="BK-DONG-TAM")
    assert (old.replaced_by.code, old.replaced_by.name) == ("02086", "xã Chợ Mới")


def test_a_second_run_writes_nothing():
    run("load_places")
    entries = AuditEntry.objects.count()

    with CaptureQueriesContext(connection) as statements:
        assert run("load_places") == "places: complete\n"

    assert writes(statements) == []
    assert AuditEntry.objects.count() == entries


def test_what_the_department_changed_survives_the_next_start():
    places.load()
    establishments.rename_establishment(
        market(), "Chợ Bằng Thành", "", since=FIRST_OF_THAI_NGUYEN, by=None
    )

    places.load()

    assert market().name_vi == "Chợ Bằng Thành"


def test_demo_people_have_their_roles_and_places(settings):
    settings.DEMO_PASSWORD = "một mật khẩu dài"
    run("load_demo")

    roles = dict(User.objects.values_list("username", "role"))
    assert roles == {
        "inspector": "inspector",
        "inspector2": "inspector",
        "manager.bocbo": "manager",
        "manager.phuthong": "manager",
        "manager.sieuthi": "manager",
        "department": "department",
    }
    held = Appointment.objects.values_list("person__username", "establishment__code")
    assert sorted(held) == [
        ("manager.bocbo", "BOC-BO"),
        ("manager.phuthong", "PHU-THONG"),
        ("manager.sieuthi", "SAMPLE-01"),
    ]
    assert User.objects.get(username="inspector").check_password("một mật khẩu dài")


def test_the_sample_market_has_twelve_stalls_of_every_commodity():
    run("load_demo")

    rows = Stall.objects.filter(establishment__code="BOC-BO")
    assert rows.count() == 12
    assert set(rows.values_list("commodity", flat=True)) == set(rules.COMMODITIES)
    assert rows.get(number="04").pk == demo.stall_id("BOC-BO", "04")


def test_sample_supermarkets_say_that_they_are_samples():
    run("load_demo")

    samples = Establishment.objects.filter(code__startswith="SAMPLE-")
    assert [(row.kind, row.is_sample) for row in samples] == [("supermarket", True)] * 2
    assert all("dữ liệu mẫu" in row.name_vi for row in samples)
    place = queries.place_on("SAMPLE-01", FIRST_OF_THAI_NGUYEN)
    assert place.authority.code == "SCT-THAI-NGUYEN"


def test_a_second_start_of_the_demo_reads_little_and_writes_nothing():
    run("load_demo")

    with CaptureQueriesContext(connection) as statements:
        assert run("load_demo") == "demo data: complete\n"

    assert writes(statements) == []
    assert len(statements) <= 20


def test_demo_data_is_refused_in_production(settings):
    settings.APP_MODE = "production"

    with pytest.raises(CommandError, match="never in production"):
        run("load_demo")

    assert not User.objects.exists()


def test_demo_data_can_be_left_out(settings):
    settings.SEED_DEMO = False

    run("load_demo")

    assert not User.objects.exists()
