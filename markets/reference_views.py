"""Units, authorities and appointments: read over the API, kept in the office pages."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from backend.accounts.current import person
from backend.accounts.models import Role
from backend.common.views import StrictQuery
from markets.filters import AdministrativeUnitFilter, AppointmentFilter, AuthorityFilter
from markets.models import AdministrativeUnit, Appointment, Authority, valid_on
from markets.serializers import (
    AdministrativeUnitSerializer,
    AppointmentSerializer,
    AuthoritySerializer,
)
from markets.views import EVERYONE, VISIBLE


class AdministrativeUnitViewSet(
    StrictQuery, mixins.ListModelMixin, GenericViewSet[AdministrativeUnit]
):
    queryset = AdministrativeUnit.objects.select_related("parent", "replaced_by")
    serializer_class = AdministrativeUnitSerializer
    filterset_class = AdministrativeUnitFilter
    orderings: ClassVar = {"code": ("code", "id"), "name": ("name", "id")}

    @extend_schema(
        operation_id="administrative_units_list",
        summary="List administrative units with their days of validity",
        extensions=VISIBLE,
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)


class AuthorityViewSet(StrictQuery, mixins.ListModelMixin, GenericViewSet[Authority]):
    queryset = Authority.objects.select_related("unit", "successor")
    serializer_class = AuthoritySerializer
    filterset_class = AuthorityFilter
    orderings: ClassVar = {"code": ("code",)}

    @extend_schema(
        operation_id="authorities_list",
        summary="List authorities with their days of validity",
        extensions=VISIBLE,
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)


class AppointmentViewSet(StrictQuery, mixins.ListModelMixin, GenericViewSet[Appointment]):
    """The department sees all, anyone else the own ones that hold today."""

    queryset = Appointment.objects.none()
    serializer_class = AppointmentSerializer
    filterset_class = AppointmentFilter
    orderings: ClassVar = {"id": ("id",), "-valid_from": ("-valid_from", "-id")}

    def get_queryset(self) -> QuerySet[Appointment]:
        rows = Appointment.objects.select_related("person", "establishment")
        asking = person(self.request)
        if asking.role == Role.DEPARTMENT:
            return rows
        return rows.filter(valid_on(timezone.localdate()), person_id=asking.id)

    @extend_schema(
        operation_id="appointments_list",
        summary="List where people may act",
        extensions={"x-roles": EVERYONE, "x-object": "own"},
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)
