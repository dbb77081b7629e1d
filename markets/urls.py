"""The routes of places, under ``/api/v1/``."""

from django.urls import path, register_converter

from markets.import_views import ImportViewSet
from markets.reference_views import (
    AdministrativeUnitViewSet,
    AppointmentViewSet,
    AuthorityViewSet,
)
from markets.views import EstablishmentViewSet, RegisterViewSet, StallViewSet


class CodeConverter:
    """A code in the address: capitals, digits and hyphens, so never one of our own words."""

    regex = "[A-Z0-9][A-Z0-9-]{0,39}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(CodeConverter, "code")

urlpatterns = [
    path("establishments/", EstablishmentViewSet.as_view({"get": "list", "post": "create"})),
    path("establishments/import/", ImportViewSet.as_view({"post": "establishments"})),
    path(
        "establishments/<code:code>/",
        EstablishmentViewSet.as_view({"get": "retrieve", "patch": "partial_update"}),
    ),
    path(
        "establishments/<code:code>/market-days/",
        EstablishmentViewSet.as_view({"get": "market_days"}),
    ),
    path(
        "establishments/<code:code>/stalls/",
        RegisterViewSet.as_view({"get": "list", "post": "create"}),
    ),
    path("establishments/<code:code>/stalls/import/", ImportViewSet.as_view({"post": "stalls"})),
    path("stalls/<uuid:id>/", StallViewSet.as_view({"get": "retrieve", "patch": "partial_update"})),
    path("administrative-units/", AdministrativeUnitViewSet.as_view({"get": "list"})),
    path("administrative-units/import/", ImportViewSet.as_view({"post": "units"})),
    path("authorities/", AuthorityViewSet.as_view({"get": "list"})),
    path("appointments/", AppointmentViewSet.as_view({"get": "list"})),
]
