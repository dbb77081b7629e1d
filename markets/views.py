"""Places over HTTP. All signed-in roles read them; the department keeps the register."""

from datetime import date, datetime, time
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from backend.accounts.current import Person, person
from backend.accounts.models import Role
from backend.accounts.permissions import IsDepartment
from backend.common.errors import PermissionDenied
from backend.common.views import StrictQuery, writes
from markets import queries
from markets.filters import EstablishmentFilter, StallFilter
from markets.lifecycle import establishments, stalls
from markets.models import Establishment, Stall, StallVersion
from markets.parameters import FROM, ON, TO, day_asked_for, days_asked_for
from markets.serializers import (
    EstablishmentChange,
    EstablishmentDetailSerializer,
    EstablishmentInput,
    EstablishmentSerializer,
    MarketDaysSerializer,
    StallChange,
    StallDetailSerializer,
    StallInput,
    StallSerializer,
    StallThenSerializer,
)

EVERYONE = ["inspector", "manager", "department"]
VISIBLE = {"x-roles": EVERYONE, "x-object": "visible"}
DEPARTMENT = {"x-roles": ["department"], "x-object": "visible"}
OWN_MANAGER = {"x-roles": ["department", "manager"], "x-object": "own"}
PARTICULARS = [
    "character_not_supported", "day_out_of_range", "hours_reversed", "period_reversed",
    "position_incomplete", "unknown_unit",
]  # fmt: skip


class EstablishmentViewSet(StrictQuery, mixins.ListModelMixin, GenericViewSet[Establishment]):
    """Names and units are those of the day ``?on=``."""

    queryset = Establishment.objects.none()
    serializer_class = EstablishmentSerializer
    filterset_class = EstablishmentFilter
    lookup_field = "code"
    orderings: ClassVar = {"code": ("code",), "name": ("name_vi", "code")}

    def get_permissions(self) -> list[BasePermission]:
        return [IsDepartment() if self.action == "create" else IsAuthenticated()]

    def known_parameters(self) -> set[str]:
        own = {"retrieve": {"on"}, "market_days": {"from", "to"}}
        return super().known_parameters() | own.get(self.action, set())

    def get_queryset(self) -> QuerySet[Establishment]:
        return queries.on_day(Establishment.objects.all(), self._day())

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "day": self._day()}

    @extend_schema(
        operation_id="establishments_list", summary="List the places", extensions=VISIBLE
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(
        operation_id="establishments_retrieve",
        summary="Read one place as it was on a day",
        parameters=[ON],
        responses=EstablishmentDetailSerializer,
        extensions=VISIBLE,
    )
    def retrieve(self, request: Request, code: str) -> Response:
        return Response(self._detail(code))

    @extend_schema(
        operation_id="establishments_market_days",
        summary="List the days on which a market meets",
        description="Empty where nothing is known of its cycle. At most 366 days at a time.",
        parameters=[FROM, TO],
        responses=MarketDaysSerializer,
        extensions={**VISIBLE, "x-problems": {422: ["period_reversed", "period_too_long"]}},
    )
    def market_days(self, request: Request, code: str) -> Response:
        place = get_object_or_404(Establishment, code=code)
        first, last = days_asked_for(request)
        return Response(MarketDaysSerializer(place, context={"days": (first, last)}).data)

    @extend_schema(
        operation_id="establishments_create",
        summary="Enter a new place",
        request=EstablishmentInput,
        responses={201: EstablishmentDetailSerializer},
        extensions={
            "x-roles": ["department"],
            "x-object": "none",
            "x-problems": {409: ["establishment_exists"], 422: PARTICULARS},
        },
    )
    @writes
    def create(self, request: Request) -> Response:
        body = EstablishmentInput(data=request.data)
        body.is_valid(raise_exception=True)
        values = dict(body.validated_data)
        unit = values.pop("unit", None)
        establishment = establishments.open_establishment(
            values.pop("code"),
            values.pop("kind"),
            values.pop("name"),
            unit=queries.unit_on(unit, timezone.localdate()) if unit else None,
            by=person(request),
            **values,
        )
        return Response(self._detail(establishment.code), status=status.HTTP_201_CREATED)

    @extend_schema(
        operation_id="establishments_update",
        summary="Change a place; former names and units are kept",
        request=EstablishmentChange,
        responses=EstablishmentDetailSerializer,
        extensions={
            **DEPARTMENT,
            "x-problems": {409: ["establishment_closed", "period_overlaps"], 422: PARTICULARS},
        },
    )
    @writes
    def partial_update(self, request: Request, code: str) -> Response:
        establishment = get_object_or_404(Establishment, code=code)
        if person(request).role != Role.DEPARTMENT:
            raise PermissionDenied
        body = EstablishmentChange(data=request.data)
        body.is_valid(raise_exception=True)
        establishments.amend_establishment(establishment, body.validated_data, by=person(request))
        return Response(self._detail(code))

    def _day(self) -> date:
        return day_asked_for(self.request)

    def _detail(self, code: str) -> Any:
        rows = self.get_queryset().prefetch_related("former_names", "placements__unit")
        row = get_object_or_404(rows, code=code)
        return EstablishmentDetailSerializer(row, context=self.get_serializer_context()).data


class RegisterViewSet(StrictQuery, mixins.ListModelMixin, GenericViewSet[Any]):
    """The stalls of one place."""

    queryset = Stall.objects.none()
    filterset_class = StallFilter
    orderings: ClassVar = {"number": ("number", "id"), "-number": ("-number", "-id")}

    def get_serializer_class(self) -> type[StallSerializer | StallThenSerializer]:
        return StallThenSerializer if "on" in self.request.query_params else StallSerializer

    def get_queryset(self) -> QuerySet[Any]:
        place = get_object_or_404(Establishment, code=self.kwargs["code"])
        if "on" not in self.request.query_params:
            return place.stalls.all()
        evening = datetime.combine(
            day_asked_for(self.request), time.max, timezone.get_current_timezone()
        )
        return StallVersion.objects.at(evening).filter(stall__establishment=place)

    @extend_schema(
        operation_id="establishment_stalls_list",
        summary="List the stalls of a place",
        responses=StallSerializer(many=True),
        extensions=VISIBLE,
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(
        operation_id="establishment_stalls_create",
        summary="Add a stall",
        request=StallInput,
        responses={201: StallDetailSerializer},
        extensions={
            **OWN_MANAGER,
            "x-problems": {
                409: ["establishment_closed"],
                422: ["character_not_supported", "stalls_only_in_markets"],
            },
        },
    )
    @writes
    def create(self, request: Request, code: str) -> Response:
        place = get_object_or_404(Establishment, code=code)
        check_keeps_register(person(request), place.pk)
        body = StallInput(data=request.data)
        body.is_valid(raise_exception=True)
        new = stalls.NewStall(**body.validated_data)
        stall = stalls.add_stall(place, new, by=person(request))
        return Response(StallDetailSerializer(stall).data, status=status.HTTP_201_CREATED)


class StallViewSet(StrictQuery, GenericViewSet[Stall]):
    """One stall with its history."""

    queryset = Stall.objects.select_related("establishment")
    serializer_class = StallDetailSerializer

    @extend_schema(
        operation_id="stalls_retrieve",
        summary="Read a stall and what it was before",
        extensions=VISIBLE,
    )
    def retrieve(self, request: Request, id: UUID) -> Response:  # noqa: A002
        return Response(StallDetailSerializer(self._stall(id)).data)

    @extend_schema(
        operation_id="stalls_update",
        summary="Change, retire or bring back a stall; its history is kept",
        request=StallChange,
        responses=StallDetailSerializer,
        extensions={
            **OWN_MANAGER,
            "x-problems": {
                409: ["establishment_closed", "stall_retired"],
                422: ["character_not_supported"],
            },
        },
    )
    @writes
    def partial_update(self, request: Request, id: UUID) -> Response:  # noqa: A002
        stall = self._stall(id)
        by = person(request)
        check_keeps_register(by, stall.establishment_id)
        body = StallChange(data=request.data)
        body.is_valid(raise_exception=True)
        values = dict(body.validated_data)
        active = values.pop("active", None)
        if active is True:
            stalls.restore_stall(stall, by=by)
        stalls.change_stall(stall, values, by=by)
        if active is False:
            stalls.retire_stall(stall, by=by)
        return Response(StallDetailSerializer(stall).data)

    def _stall(self, pk: UUID) -> Stall:
        return get_object_or_404(self.get_queryset(), pk=pk)


def check_keeps_register(by: Person, establishment_id: int) -> None:
    """Raise PermissionDenied but for the department and a manager now appointed to the place."""
    if by.role == Role.DEPARTMENT:
        return
    if by.role != Role.MANAGER:
        raise PermissionDenied
    own = Establishment.objects.managed_by(by.id, on=timezone.localdate())
    if not own.filter(pk=establishment_id).exists():
        raise PermissionDenied
