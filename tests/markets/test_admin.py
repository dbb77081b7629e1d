"""Places in the office pages: the same rules, history and trail as over the API."""

from datetime import date

import pytest
from django.test import Client

from markets import queries
from markets.lifecycle.stalls import retire_stall
from markets.models import (
    AdministrativeUnit,
    Appointment,
    Authority,
    Establishment,
    ReportingArea,
    Stall,
)
from tests.markets.builders import (
    actions,
    manager_of,
    market,
    person,
    shipped_places,
    stall,
    unit,
)

pytestmark = pytest.mark.django_db
ALL = ("establishment", "stall", "appointment", "administrativeunit", "authority", "reportingarea")


@pytest.fixture(autouse=True)
def _places():
    shipped_places()


@pytest.fixture
def office():
    client = Client()
    client.force_login(person())
    return client


def page(model, pk=None, what=None):
    middle = "add" if pk is None and what is None else what or f"{pk}/change"
    return f"/admin/markets/{model}/{middle}/"


def form_of(client, url):
    """What a browser would send back of the page as it stands."""
    admin_form = client.get(url).context["adminform"].form
    sent = {}
    for name in admin_form.fields:
        value = admin_form[name].value()
        if value not in (None, False):
            sent[name] = value.strftime("%d/%m/%Y") if isinstance(value, date) else value
    for inline in ("placements", "former_names", "versions"):
        sent |= {f"{inline}-TOTAL_FORMS": 0, f"{inline}-INITIAL_FORMS": 0}
    return sent


def save(client, url, **changes):
    """Errors of the form, empty when it was saved."""
    response = client.post(url, {**form_of(client, url), **changes})
    if response.status_code == 302:
        return {}
    return response.context["adminform"].form.errors


@pytest.mark.parametrize("model", ALL)
def test_lists_and_new_pages_open_in_vietnamese(office, model):
    listed = office.get(f"/admin/markets/{model}/")
    assert listed.status_code == 200
    assert 'lang="vi"' in listed.content.decode()
    assert office.get(page(model)).status_code == 200


@pytest.mark.parametrize("role", ["inspector", "manager"])
def test_only_the_department_enters(role):
    client = Client()
    client.force_login(person(role))

    assert client.get("/admin/markets/establishment/").status_code == 302


@pytest.mark.parametrize("model", ALL)
def test_nothing_is_deleted(office, model):
    stall()
    manager_of("BOC-BO")
    found = {
        "establishment": Establishment,
        "stall": Stall,
        "appointment": Appointment,
        "administrativeunit": AdministrativeUnit,
        "authority": Authority,
        "reportingarea": ReportingArea,
    }[model]
    rows = found._default_manager
    row = rows.first()

    assert office.post(page(model, row.pk, f"{row.pk}/delete"), {"post": "yes"}).status_code == 403
    assert rows.filter(pk=row.pk).exists()


def test_a_place_is_found_without_accents(office):
    listed = office.get("/admin/markets/establishment/", {"q": "boc bo"})

    assert [row.code for row in listed.context["cl"].result_list] == ["BOC-BO"]


def test_a_new_place_passes_through_the_lifecycle(office):
    errors = save(
        office,
        page("establishment"),
        code="CHO-1",
        kind="market",
        name_vi="Chợ Một",
        unit=unit("01864").pk,
    )

    assert errors == {}
    assert queries.place_on("CHO-1", date(2026, 1, 1)).address == "xã Bằng Thành, tỉnh Thái Nguyên"
    assert actions()[-1] == "establishment.opened"


def test_a_new_name_and_unit_keep_what_was(office):
    errors = save(
        office,
        page("establishment", market().pk),
        name_vi="Chợ Bằng Thành",
        unit=unit("01969").pk,
        since="01/03/2026",
    )

    assert errors == {}
    assert queries.place_on("BOC-BO", date(2026, 2, 28)).name == "Chợ Bộc Bố"
    after = queries.place_on("BOC-BO", date(2026, 3, 1))
    assert (after.name, after.units[0].name) == ("Chợ Bằng Thành", "xã Phủ Thông")
    assert actions()[-2:] == ["establishment.renamed", "establishment.moved"]


def test_a_place_moves_into_the_chosen_unit_and_not_into_a_former_one_of_its_code(office):
    errors = save(
        office,
        page("establishment", market("PHU-THONG").pk),
        unit=unit("01864").pk,
        since="01/06/2025",
    )

    assert "unit" in errors
    assert queries.place_on("PHU-THONG", date(2025, 6, 1)).units[0].code != "01864"


def test_saving_a_page_unchanged_writes_nothing(office):
    row = stall()
    manager_of("BOC-BO")
    before = actions()

    for url in (
        page("establishment", market().pk),
        page("stall", row.pk),
        page("appointment", Appointment.objects.get().pk),
        page("administrativeunit", unit("01864").pk),
        page("administrativeunit", unit("BK-PAC-NAM", None).pk),
        page("authority", Authority.objects.get(code="SCT-BAC-KAN").pk),
    ):
        assert save(office, url) == {}

    assert actions() == before


def test_a_refusal_stands_beside_its_field(office):
    url = page("establishment", market().pk)

    assert "__all__" in save(office, url, opened_on="02/01/2026", closed_on="01/01/2026")
    assert "since" in save(office, url, name_vi="Chợ A", since="01/01/1500")
    assert "longitude" in save(office, url, latitude="22.5")
    assert "name_vi" in save(office, url, name_vi="Chợ\u200bA")
    assert (market().name_vi, market().latitude) == ("Chợ Bộc Bố", None)


def test_code_and_kind_of_a_place_are_fixed(office):
    assert save(office, page("establishment", market().pk), code="X", kind="supermarket") == {}

    assert (market().code, market().kind) == ("BOC-BO", "market")


def test_a_stall_is_entered_changed_and_retired(office):
    save(
        office,
        page("stall"),
        establishment=market().pk,
        number="27",
        trader="Lý Thị Sông",
        commodity="produce",
    )
    row = Stall.objects.get()
    assert save(office, page("stall", row.pk), trader="Mai") == {}
    sent = form_of(office, page("stall", row.pk))
    del sent["active"]
    office.post(page("stall", row.pk), sent)

    row.refresh_from_db()
    assert (row.trader, row.active, row.versions.count()) == ("Mai", False, 2)
    assert actions()[-3:] == ["stall.added", "stall.changed", "stall.retired"]


def test_a_retired_stall_comes_back(office):
    row = stall()
    retire_stall(row, by=None)

    assert save(office, page("stall", row.pk), active="on") == {}

    row.refresh_from_db()
    assert row.active


def test_the_history_of_a_stall_is_shown(office):
    row = stall(trader="Triệu Thị Mai")
    save(office, page("stall", row.pk), trader="Lan")

    assert "Triệu Thị Mai" in office.get(page("stall", row.pk)).content.decode()


def test_goods_are_named_in_vietnamese_wherever_they_stand(office):
    row = stall(commodity="animal_products")
    save(office, page("stall", row.pk), trader="Lan")

    found = office.get("/admin/markets/stall/", {"commodity": "animal_products"})
    history = office.get(page("stall", row.pk)).content.decode()

    [goods] = [spec for spec in found.context["cl"].filter_specs if spec.title == "nhóm hàng"]
    names = [choice["display"] for choice in goods.choices(found.context["cl"])]
    assert names == ["Tất cả", "thịt, sản phẩm động vật"]
    assert found.context["cl"].result_count == 1
    assert ">animal_products<" not in found.content.decode()
    assert history.count("<p>thịt, sản phẩm động vật</p>") == 2


@pytest.mark.parametrize("value", ["zzz", "9" * 30, "1, 2"])
def test_a_page_is_filled_in_beforehand_with_what_it_would_take(office, value):
    address = f"{page('stall')}?number=27&establishment="
    here = str(market().pk)

    good = office.get(address + here).context["adminform"].form
    bad = office.get(address + value).context["adminform"].form

    assert (good["number"].value(), good["establishment"].value()) == ("27", here)
    assert (bad["number"].value(), bad["establishment"].value()) == ("27", None)
    assert "selected>" in str(good["establishment"])


def test_an_appointment_is_made_and_ended(office):
    user = person("manager", "mai")
    new = {"person": user.pk, "establishment": market().pk, "valid_from": "01/01/2026"}
    assert save(office, page("appointment"), **new) == {}
    assert "__all__" in save(office, page("appointment"), **new)

    row = Appointment.objects.get()
    assert save(office, page("appointment", row.pk), valid_to="31/12/2026") == {}
    row.refresh_from_db()
    assert row.valid_to == date(2026, 12, 31)
    assert "__all__" in save(office, page("appointment", row.pk), valid_to="01/01/2027")


def test_a_unit_ends_and_its_places_lie_in_the_successor(office):
    new = {
        "code": "01864", "level": "commune", "name": "phường Bằng Thành", "parent": unit("19").pk,
        "valid_from": "01/01/2027",
    }  # fmt: skip
    assert "code" in save(office, page("administrativeunit"), **new)

    old = page("administrativeunit", unit("01864").pk)
    assert save(office, old, valid_to="31/12/2026") == {}
    assert save(office, page("administrativeunit"), **new) == {}
    successor = unit("01864", date(2027, 1, 1))
    assert save(office, old, replaced_by=successor.pk) == {}

    assert queries.place_on("BOC-BO", date(2027, 1, 1)).units[0].name == "phường Bằng Thành"


def test_a_unit_cannot_end_on_the_last_day_of_the_calendar(office):
    url = page("administrativeunit", unit("01864").pk)

    assert "valid_to" in save(office, url, valid_to="31/12/9999", replaced_by=unit("19").pk)


def test_an_authority_ends_and_another_follows(office):
    old = Authority.objects.get(code="SCT-THAI-NGUYEN")
    new = {
        "code": "SCT-MOI", "name": "Sở Mới", "parent_name": "UBND", "symbol": "SM",
        "place": "Thái Nguyên", "unit": unit("19").pk, "valid_from": "01/01/2027",
    }  # fmt: skip
    assert "__all__" in save(office, page("authority"), **new)
    assert save(office, page("authority", old.pk), valid_to="31/12/2026") == {}
    assert save(office, page("authority"), **new) == {}

    assert queries.place_on("BOC-BO", date(2027, 1, 1)).authority.code == "SCT-MOI"


def test_a_reporting_area_is_entered_with_a_note_of_several_lines(office):
    new = {"code": "MOI", "name_vi": "Địa bàn mới", "note": "Dòng một\r\nDòng hai"}

    assert save(office, page("reportingarea"), **new) == {}
    assert ReportingArea.objects.get(code="MOI").note == "Dòng một\nDòng hai"
    assert actions()[-1] == "area.created"


@pytest.mark.parametrize(
    ("text", "reason"), [("市", "市 (U+5E02)"), ("Tổ 1\nTổ 2", "một dòng")], ids=["sign", "lines"]
)
@pytest.mark.parametrize(
    ("model", "field"),
    [
        ("establishment", "name_vi"),
        ("establishment", "name_en"),
        ("establishment", "address"),
        ("stall", "number"),
        ("stall", "trader"),
        ("stall", "zone"),
        ("administrativeunit", "name"),
        ("authority", "name"),
        ("authority", "parent_name"),
        ("authority", "symbol"),
        ("authority", "place"),
    ],
)
def test_what_no_record_could_print_is_refused_beside_its_field(office, model, field, text, reason):
    rows = {
        "establishment": market,
        "stall": stall,
        "administrativeunit": lambda: unit("01864"),
        "authority": lambda: Authority.objects.get(valid_to=None),
    }
    row = rows[model]()

    errors = save(office, page(model, row.pk), **{field: text})

    assert list(errors) == [field]
    assert reason in str(errors[field])
    before = getattr(row, field)
    row.refresh_from_db()
    assert getattr(row, field) == before


def test_a_new_place_and_a_new_stall_are_held_against_the_typeface_too(office):
    place = {"code": "CHO-1", "kind": "market", "name_vi": "市", "unit": unit("01864").pk}
    of_a_stall = {"establishment": market().pk, "number": "市", "commodity": "seafood"}

    assert list(save(office, page("establishment"), **place)) == ["name_vi"]
    assert list(save(office, page("stall"), **of_a_stall)) == ["number"]
