"""The office pages asked with everything that an address or a form can be made to say."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client

from backend.accounts.models import User
from backend.common.office import MAX_SEARCH
from tests.cast import DEPARTMENT, Cast
from tests.permissions.scene import Scene

pytestmark = pytest.mark.django_db

MODELS = [pytest.param(model, id=model._meta.label) for model in admin.site._registry]
HUGE = "9" * 30
STRANGE = ("zzz", HUGE, "-1", "2026-13-45")
KEYS = (*STRANGE, "_00", "_25", "%01", "1/2", "a" * 5000)
OWN = ("q", "o", "p", "all", "e", "_facets", "_popup", "_to_field", "_changelist_filters", "zzz")
LOOKUPS = ("regex", "startswith", "year")
FREEZES = "^(.+)+!!$"


@pytest.fixture(scope="module")
def scene(cast: Cast) -> Scene:
    return Scene(cast)


@pytest.fixture
def office(scene: Scene) -> Client:
    browser = Client(raise_request_exception=False)
    browser.force_login(User.objects.get(username=DEPARTMENT))
    return browser


def place(model: type[Model], rest: str = "") -> str:
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/{rest}"


def offered(page: Any) -> list[str]:
    """The parameters that the filters of a list take."""
    return [name for spec in page.context["cl"].filter_specs for name in spec.expected_parameters()]


def columns(model: type[Model]) -> list[str]:
    return [field.name for field in model._meta.get_fields()]


def withstood(answer: Any, *asked: Any) -> None:
    assert answer.status_code < 500, (*asked, answer.status_code)


def questions(office: Client, model: type[Model]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name in {*OWN, *offered(office.get(place(model)))}:
        for value in STRANGE:
            yield place(model), {name: value}
    for name in columns(model):
        for value in ("zzz", HUGE):
            yield place(model, "add/"), {name: value}


@pytest.mark.parametrize("model", MODELS)
def test_no_parameter_of_an_address_makes_a_page_fail(office: Client, model: type[Model]) -> None:
    for address, query in questions(office, model):
        withstood(office.get(address, query), address, query)


@pytest.mark.parametrize("model", MODELS)
def test_a_list_takes_no_lookup_but_those_of_its_filters(
    office: Client, model: type[Model]
) -> None:
    taken = offered(office.get(place(model)))
    asked = [name for column in columns(model) for name in (column, *lookups(column))]
    for name in set(asked).difference(taken):
        answer = office.get(place(model), {name: FREEZES})
        # An unknown column leads back to the whole list.
        refused = answer.status_code == 400 or answer["Location"].endswith("?e=1")
        assert refused, name


def lookups(column: str) -> list[str]:
    return [f"{column}__{lookup}" for lookup in LOOKUPS]


@pytest.mark.parametrize("model", MODELS)
def test_what_filters_offer_still_filters(office: Client, model: type[Model]) -> None:
    cl = office.get(place(model)).context["cl"]
    for spec in cl.filter_specs:
        for choice in list(spec.choices(cl))[:4]:
            page = office.get(place(model) + choice["query_string"])
            assert page.status_code == 200, choice


@pytest.mark.parametrize("model", MODELS)
def test_no_key_in_an_address_makes_a_page_fail(office: Client, model: type[Model]) -> None:
    for key in KEYS:
        for rest in ("change/", "delete/", "history/", "device-link/", "decide/"):
            address = place(model, f"{key}/{rest}")
            withstood(office.get(address), address)
        withstood(office.post(place(model, f"{key}/change/"), {"_to_field": "zzz"}), key)


@pytest.mark.parametrize("model", MODELS)
def test_no_field_of_a_form_makes_a_page_fail(office: Client, model: type[Model]) -> None:
    some = model._default_manager.first()
    pages = [place(model, "add/"), *([place(model, f"{some.pk}/change/")] if some else [])]
    for address in pages:
        names = [*form_fields(office, address), "_popup"]
        for value in (*STRANGE, "a\0b", "x" * 70_000):
            withstood(office.post(address, dict.fromkeys(names, value)), address, value[:20])
        for name in names:
            withstood(office.post(address, {name: HUGE}), address, name)


def form_fields(office: Client, address: str) -> list[str]:
    context = office.get(address).context
    return list(context["adminform"].form.fields) if context and "adminform" in context else []


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("key", ["zzz", HUGE, "\0", ""])
def test_no_key_chosen_for_an_action_makes_a_page_fail(
    office: Client, model: type[Model], key: str
) -> None:
    for action in admin.site._registry[model].actions or ["zzz"]:
        form = {"action": action, "_selected_action": [key], "select_across": "0"}
        withstood(office.post(place(model), form), form)
        withstood(office.post(place(model), {**form, "index": "zzz"}), form)


@pytest.mark.parametrize("model", MODELS)
def test_nothing_sought_is_too_long_for_the_database(office: Client, model: type[Model]) -> None:
    for sought in ("a" * 60_000, "a " * 3000, "%" * (MAX_SEARCH + 1)):
        page = office.get(place(model), {"q": sought})
        assert page.status_code == 200
        assert str(MAX_SEARCH) in page.content.decode()


def chosen_by_typing() -> list[tuple[type[Model], str]]:
    return [
        (model, name)
        for model, page in admin.site._registry.items()
        for name in page.autocomplete_fields
    ]


def test_choices_are_given_for_the_fields_of_forms_only(office: Client) -> None:
    wanted = chosen_by_typing()
    assert wanted
    for model in admin.site._registry:
        for name in columns(model):
            answer = autocomplete(office, model, name)
            assert answer.status_code == (200 if (model, name) in wanted else 403), (model, name)


@pytest.mark.parametrize("term", ["zzz", "'", "a" * 60_000, "a " * 3000])
def test_nothing_typed_makes_the_choices_fail(office: Client, term: str) -> None:
    for model, name in chosen_by_typing():
        withstood(autocomplete(office, model, name, term=term), model, name)
        withstood(autocomplete(office, model, name, page=term[:2000]), model, name)
    withstood(office.get("/admin/autocomplete/", {"app_label": term[:2000]}))


def autocomplete(office: Client, model: type[Model], name: str, **query: str) -> Any:
    field = {"app_label": model._meta.app_label, "model_name": str(model._meta.model_name)}
    return office.get("/admin/autocomplete/", {**field, "field_name": name, **query})


def test_no_number_of_a_content_type_makes_a_page_fail(office: Client) -> None:
    for kind in (*range(1, 40), *STRANGE):
        for key in ("zzz", HUGE):
            address = f"/admin/r/{kind}/{key}/"
            withstood(office.get(address), address)
