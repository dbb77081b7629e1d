"""Bag returns over HTTP: one address for each place and month."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from backend.accounts.current import person
from backend.accounts.permissions import IsDepartment
from backend.common.errors import NotFound
from backend.common.views import StrictQuery, writes
from inspections.fieldwork.views import ALL_ROLES
from inspections.plastics import lifecycle, measures
from inspections.plastics.filters import MONTH, BagReturnFilter, first_day
from inspections.plastics.models import BagReturn, BagReturnQuerySet
from inspections.plastics.plausibility import doubts
from inspections.plastics.serializers import (
    BagReturnDetailSerializer,
    BagReturnInput,
    BagReturnSerializer,
    BagWarningSerializer,
    ConfirmInput,
)

VISIBLE = {"x-roles": ALL_ROLES, "x-object": "visible"}
MONTH_IN_PATH = OpenApiParameter(
    "month", {"type": "string", "pattern": f"^{MONTH}$"}, OpenApiParameter.PATH
)


def visible(request: Request) -> BagReturnQuerySet:
    asking = person(request)
    rows = BagReturn.objects.visible_to(asking.id, asking.role)
    return rows.select_related("establishment", "by", "confirmed_by")


def month_in(address: str) -> date:
    """The first day of the month that an address names; what is no month is not found."""
    try:
        return first_day(address)
    except ValueError as error:
        raise NotFound from error


def _month_before(row: BagReturn) -> dict[str, Fraction] | None:
    """The figures that count of the month before; None where it was not reported."""
    first = (row.month - timedelta(days=1)).replace(day=1)
    before = BagReturn.objects.current().filter(establishment=row.establishment, month=first)
    found = before.values_list("measures", flat=True).first()
    return None if found is None else measures.values_of(found)


class BagReturnListView(StrictQuery, ListAPIView[BagReturn]):
    queryset = BagReturn.objects.none()  # only tells the schema the model
    serializer_class = BagReturnSerializer
    filterset_class = BagReturnFilter
    orderings: ClassVar = {"-month": ("-month", "-id"), "month": ("month", "id")}

    def get_queryset(self) -> QuerySet[BagReturn]:
        return visible(self.request).current()

    @extend_schema(
        operation_id="bag_returns_list",
        summary="List the figures that count, one for each place and month",
        extensions=VISIBLE,
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class BagReturnView(StrictQuery):
    @extend_schema(
        operation_id="bag_returns_retrieve",
        summary="Read the figures of a month, what follows from them, and those they replaced",
        parameters=[MONTH_IN_PATH],
        responses=BagReturnDetailSerializer,
        extensions=VISIBLE,
    )
    def get(self, request: Request, code: str, month: str) -> Response:
        rows = visible(request).filter(establishment__code=code, month=month_in(month))
        returns = sorted(rows, key=lambda row: (row.replaced_at is None, row.at), reverse=True)
        if not returns:
            raise NotFound
        current, *history = returns
        values = measures.values_of(current.measures)
        derived = measures.derived(values, measures.known_measures())
        return Response(
            {
                **BagReturnSerializer(current).data,
                "derived": {name: measures.shown(value) for name, value in derived.items()},
                "warnings": BagWarningSerializer(
                    list(doubts(values, _month_before(current))), many=True
                ).data,
                "history": BagReturnSerializer(history, many=True).data,
            }
        )

    @extend_schema(
        operation_id="bag_returns_declare",
        summary="Give the figures of a month, or replace them; former ones are kept",
        description="Repeat freely: a return is known by its `id`. 201 for the first return of "
        "the month, 200 afterwards; another body under the same id is refused.",
        parameters=[MONTH_IN_PATH],
        request=BagReturnInput,
        responses={200: BagReturnSerializer, 201: BagReturnSerializer},
        extensions={
            "x-roles": ["department", "manager"],
            "x-object": "own",
            "x-problems": {
                409: ["id_taken"],
                422: [
                    "bag_returns_only_of_stores", "character_not_supported", "measures_invalid",
                    "month_not_begun", "source_not_yours",
                ],
            },
        },
    )  # fmt: skip
    @writes
    def put(self, request: Request, code: str, month: str) -> Response:
        body = BagReturnInput(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        row, created = lifecycle.declare(
            code,
            month_in(month),
            given["id"],
            figures=given["measures"],
            source=given["source"],
            note=given.get("note", ""),
            by=person(request),
        )
        return Response(
            BagReturnSerializer(row).data,
            status=status.HTTP_201_CREATED if created else status.HTTP_200_OK,
        )


class ConfirmView(StrictQuery):
    permission_classes = (IsDepartment,)

    @extend_schema(
        operation_id="bag_returns_confirm",
        summary="Confirm the figures of a month that one has looked at",
        description="Safe to repeat. Figures that came meanwhile are not confirmed by it.",
        parameters=[MONTH_IN_PATH],
        request=ConfirmInput,
        responses=BagReturnSerializer,
        extensions={
            "x-roles": ["department"],
            "x-object": "visible",
            "x-problems": {409: ["return_replaced"]},
        },
    )
    @writes
    def post(self, request: Request, code: str, month: str) -> Response:
        body = ConfirmInput(data=request.data)
        body.is_valid(raise_exception=True)
        row = lifecycle.confirm(
            code, month_in(month), body.validated_data["id"], by=person(request)
        )
        return Response(BagReturnSerializer(row).data)
