"""Figures over HTTP, as JSON and as files; for the department alone."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from backend.accounts.permissions import IsDepartment
from backend.common.fields import DayField
from backend.common.parameters import unreadable
from backend.common.spreadsheets import as_csv
from backend.common.text import Bilingual
from backend.common.views import FORMAT, StrictQuery
from backend.common.workbooks import MEDIA_TYPE
from inspections.summaries import report, tables
from inspections.summaries.food_safety import GROUPINGS, Question
from inspections.summaries.periods import Period
from inspections.summaries.summary_serializers import FoodSafetySerializer
from markets.errors import PeriodReversed
from markets.rules import within_reach

# See ``markets.models.code_validator``. To Python "$" also matches before a final line feed.
UNIT_CODE = r"^[A-Z0-9][A-Z0-9-]{0,39}$(?!\n)"
_DAY = Bilingual(vi="ngày dạng YYYY-MM-DD", en="a day as YYYY-MM-DD")
_GROUPING = Bilingual(vi=f"một trong {', '.join(GROUPINGS)}", en=f"one of {', '.join(GROUPINGS)}")


NAME = "an-toan-thuc-pham"
CSV = "text/csv; charset=utf-8"
FROM = OpenApiParameter(
    "from", OpenApiTypes.DATE, description="Default: 1 January of the year of `to`."
)
TO = OpenApiParameter("to", OpenApiTypes.DATE, description="Default: today.")


class CsvRenderer(JSONRenderer):
    """Lets clients ask for CSV; what it renders itself are the refusals."""

    media_type = "text/csv"
    format = "csv"


class WorkbookRenderer(CsvRenderer):
    media_type = MEDIA_TYPE
    format = "xlsx"


class FoodSafetyView(StrictQuery):
    permission_classes = (IsDepartment,)
    renderer_classes = (JSONRenderer, CsvRenderer, WorkbookRenderer)
    query_parameters = ("from", "to", "area", "group_by", FORMAT)

    @extend_schema(
        operation_id="summaries_food_safety",
        summary="Visits, verdicts, scores and findings of a period, against the one before",
        description="Each figure with its numerator, its denominator and its definition. CSV is "
        "UTF-8 with a byte order mark; what a spreadsheet would run as a formula is quoted.",
        parameters=[
            FROM,
            TO,
            OpenApiParameter(
                "area",
                {"type": "string", "pattern": UNIT_CODE},
                description="Code of a unit as of `to`; its parts are included.",
            ),
            OpenApiParameter("group_by", {"type": "string", "enum": list(GROUPINGS)}),
            OpenApiParameter(FORMAT, {"type": "string", "enum": ["json", "csv", "xlsx"]}),
        ],
        responses={
            (200, "application/json"): FoodSafetySerializer,
            (200, "text/csv"): OpenApiTypes.STR,
            (200, MEDIA_TYPE): OpenApiTypes.BINARY,
        },
        extensions={
            "x-roles": ["department"],
            "x-object": "none",
            "x-problems": {422: ["period_reversed", "unknown_unit"]},
        },
    )
    def get(self, request: Request) -> HttpResponseBase:
        question = _question(request)
        found = report.build(question)
        language = translation.get_language() or "vi"
        renderer: Any = request.accepted_renderer
        if renderer.format == "csv":
            content = as_csv(tables.HEAD[language], tables.rows(found, language))
            return file_of(NAME, question.period, content, CSV, "csv")
        if renderer.format == "xlsx":
            from inspections.summaries.workbook import as_workbook

            return file_of(NAME, question.period, as_workbook(found, language), MEDIA_TYPE, "xlsx")
        return Response(found)


def _question(request: Request) -> Question:
    """Raises Malformed, PeriodReversed."""
    group_by = request.query_params.get("group_by", "")
    if "group_by" in request.query_params and group_by not in GROUPINGS:
        raise unreadable("group_by", _GROUPING)
    area = request.query_params.get("area")
    return Question(period_in(request), area, group_by, timezone.localdate())


def period_in(request: Request) -> Period:
    """Of ``?from=&to=``: this year up to today without them. Raises Malformed, PeriodReversed."""
    last = _day(request, "to", timezone.localdate())
    period = Period(_day(request, "from", last.replace(month=1, day=1)), last)
    if period.last < period.first:
        raise PeriodReversed
    return period


def _day(request: Request, name: str, otherwise: date) -> date:
    text = request.query_params.get(name)
    if text is None:
        return otherwise
    try:
        return within_reach(DayField().run_validation(text))
    except ValidationError as error:
        raise unreadable(name, _DAY) from error


def file_of(
    name: str, period: Period, content: bytes, media_type: str, ending: str
) -> HttpResponse:
    """``content`` to be saved; it is named by ``name`` and the days of ``period``."""
    first, last = period
    name = f"{name}-{first}-{last}.{ending}"
    return HttpResponse(
        content,
        content_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
