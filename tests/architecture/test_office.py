"""The office pages stand on one ancestor, so that what it refuses is refused everywhere."""

from django.contrib import admin

from backend.common.office import OfficeList, OfficePage


def test_every_page_of_the_office_has_the_same_ancestor() -> None:
    strangers = [p for p in admin.site._registry.values() if not isinstance(p, OfficePage)]

    assert len(admin.site._registry) > 10
    assert strangers == []


def test_every_list_of_the_office_filters_by_what_it_offers_only() -> None:
    pages = admin.site._registry.values()

    assert all(issubclass(page.get_changelist(None), OfficeList) for page in pages)  # type: ignore[arg-type]
