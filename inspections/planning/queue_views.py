"""The queue of places over HTTP, for the department."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.accounts.permissions import IsDepartment
from backend.common.parameters import unreadable
from backend.common.text import Bilingual
from backend.common.views import StrictQuery
from inspections.fieldwork.models import Inspection
from inspections.planning.queue import Place, queue
from inspections.planning.risk import WEIGHTS, Reason
from markets.models import Establishment
from markets.rules import next_market_day

KIND = OpenApiParameter(
    "kind", str, enum=Establishment.Kind.values, description="Only places of this kind."
)


class QueueReasonSerializer(serializers.Serializer[Any]):
    code = serializers.ChoiceField([(code, code) for code in WEIGHTS])
    count = serializers.IntegerField(source="number")
    points = serializers.IntegerField()
    detail = serializers.SerializerMethodField()

    def get_detail(self, reason: Reason) -> str:
        return reason.text.in_language(get_language() or "vi")


class QueueVisitSerializer(serializers.Serializer[Any]):
    inspection = serializers.UUIDField(source="pk")
    on = serializers.SerializerMethodField()
    verdict = serializers.ChoiceField(Inspection.Verdict.choices, allow_blank=True)

    def get_on(self, visit: Inspection) -> date:
        return timezone.localdate(visit.started_at)


class QueuePlanSerializer(serializers.Serializer[Any]):
    assignment = serializers.UUIDField(source="pk")
    due_on = serializers.DateField()
    inspector = serializers.CharField(source="inspector.username")


class QueuePlaceSerializer(serializers.Serializer[Any]):
    establishment = serializers.CharField(source="establishment.code")
    name = serializers.CharField(source="establishment.name_vi")
    kind = serializers.ChoiceField(Establishment.Kind.choices, source="establishment.kind")
    risk = serializers.IntegerField(help_text="The sum of the points.")
    reasons = QueueReasonSerializer(many=True)
    last = QueueVisitSerializer(allow_null=True)
    planned = QueuePlanSerializer(allow_null=True, help_text="The open assignment due first.")
    next_market_day = serializers.SerializerMethodField()

    def get_next_market_day(self, place: Place) -> date | None:
        row, day = place.establishment, self.context["day"]
        if row.market_day_anchor is None or row.market_day_cycle_days is None:
            return None
        return next_market_day(row.market_day_anchor, row.market_day_cycle_days, day)


class QueueSerializer(serializers.Serializer[Any]):
    as_of = serializers.DateField()
    results = serializers.SerializerMethodField()

    @extend_schema_field(QueuePlaceSerializer(many=True))
    def get_results(self, told: Any) -> Any:
        context = {"day": told["as_of"]}
        return QueuePlaceSerializer(told["results"], many=True, context=context).data


class QueueView(StrictQuery):
    permission_classes = (IsDepartment,)

    query_parameters = ("kind",)

    @extend_schema(
        operation_id="planning_queue",
        summary="Read which places to visit next, and why",
        description="All open places in one answer, the most urgent first.",
        parameters=[KIND],
        responses=QueueSerializer,
        extensions={"x-roles": ["department"], "x-object": "none"},
    )
    def get(self, request: Request) -> Response:
        places, kind = Establishment.objects.all(), request.query_params.get("kind")
        if kind is not None:
            if kind not in Establishment.Kind.values:
                words = ", ".join(Establishment.Kind.values)
                raise unreadable("kind", Bilingual(words, words))
            places = places.filter(kind=kind)
        day = timezone.localdate()
        told = {"as_of": day, "results": queue(places, day)}
        return Response(QueueSerializer(told).data)
