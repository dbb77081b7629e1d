"""The plastics summary over HTTP, as JSON and as CSV; for the department alone."""

from typing import Any

from django.http.response import HttpResponseBase
from django.utils import translation
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from backend.accounts.permissions import IsDepartment
from backend.common.parameters import unreadable
from backend.common.spreadsheets import as_csv
from backend.common.text import Bilingual
from backend.common.views import FORMAT, StrictQuery
from inspections.followup.serializers import ItemTextSerializer
from inspections.summaries import store_report, tables
from inspections.summaries.store_report import GROUPINGS
from inspections.summaries.summary_serializers import (
    AreaSerializer,
    FigureDefinitionSerializer,
    FigureSerializer,
    GroupSerializer,
    PeriodSerializer,
)
from inspections.summaries.summary_views import CSV, FROM, TO, CsvRenderer, file_of, period_in

FORMER_BAC_KAN = "BAC-KAN-FORMER"
_GROUPING = Bilingual(vi=f"một trong {', '.join(GROUPINGS)}", en=f"one of {', '.join(GROUPINGS)}")


class StoreSerializer(serializers.Serializer[Any]):
    establishment = serializers.CharField()
    name = serializers.CharField()
    level = serializers.CharField(allow_null=True, help_text="Null: not assessed, never L0.")
    reason = ItemTextSerializer()
    inspection = serializers.UUIDField(allow_null=True)
    assessed_on = serializers.DateField(allow_null=True)
    months_reported = serializers.IntegerField(help_text="Of the last six.")


class PlasticsSerializer(PeriodSerializer):
    """Figures as of the last day of a period; see docs/rules/plastics.md."""

    before = PeriodSerializer(help_text="The period before, as long.")
    area = AreaSerializer(allow_null=True)
    group_by = serializers.ChoiceField(choices=GROUPINGS, allow_null=True)
    as_of = serializers.DateField()
    figures = FigureDefinitionSerializer(many=True)
    total = FigureSerializer(many=True)
    groups = GroupSerializer(many=True)
    stores = StoreSerializer(many=True, help_text="Each with its level and why.")


class PlasticsView(StrictQuery):
    permission_classes = (IsDepartment,)
    renderer_classes = (JSONRenderer, CsvRenderer)
    query_parameters = ("from", "to", "area", "group_by", FORMAT)

    @extend_schema(
        operation_id="summaries_plastics",
        summary="How far supermarkets have come with bags, with coverage beside each rate",
        description="Stores that are not assessed are shown apart and stay in the denominator.",
        parameters=[
            FROM,
            TO,
            OpenApiParameter(
                "area",
                {"type": "string", "maxLength": 40},
                description="Code of a unit as of `to`, or of a reporting area; empty for "
                f"everywhere. Default: `{FORMER_BAC_KAN}`, of which the plan speaks.",
            ),
            OpenApiParameter("group_by", {"type": "string", "enum": list(GROUPINGS)}),
            OpenApiParameter(FORMAT, {"type": "string", "enum": ["json", "csv"]}),
        ],
        responses={
            (200, "application/json"): PlasticsSerializer,
            (200, "text/csv"): OpenApiTypes.STR,
        },
        extensions={
            "x-roles": ["department"],
            "x-object": "none",
            "x-problems": {422: ["period_reversed", "unknown_unit"]},
        },
    )
    def get(self, request: Request) -> HttpResponseBase:
        period = period_in(request)
        group_by = request.query_params.get("group_by", "")
        if "group_by" in request.query_params and group_by not in GROUPINGS:
            raise unreadable("group_by", _GROUPING)
        area = request.query_params.get("area", FORMER_BAC_KAN)[:40]
        found = store_report.build(period, area, group_by)
        renderer: Any = request.accepted_renderer
        if renderer.format == "csv":
            language = translation.get_language() or "vi"
            content = as_csv(tables.HEAD[language], tables.rows(found, language))
            return file_of("giam-nhua", period, content, CSV, "csv")
        return Response(found)
