"""Open data: what the department has published, without login."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from backend.common.views import StrictQuery
from inspections.records import open_data
from inspections.records.serializers import PublishedPlaceSerializer
from markets.models import Establishment

ALSO = OpenApiParameter(
    "format", str, enum=["json", "csv"], description="`csv` has all rows on one page."
)


class CsvRenderer(JSONRenderer):
    """Lets clients ask for a table; what is refused is a problem as everywhere."""

    media_type = "text/csv"
    format = "csv"


class PublishedPlacesView(StrictQuery, ListAPIView[Establishment]):
    queryset = Establishment.objects.none()  # only tells the schema the model
    authentication_classes = ()
    permission_classes = (AllowAny,)
    renderer_classes = (JSONRenderer, CsvRenderer)
    serializer_class = PublishedPlaceSerializer
    query_parameters = ("format",)
    orderings: ClassVar = {"code": ("code",), "-code": ("-code",)}

    def get_queryset(self) -> QuerySet[Establishment]:
        return open_data.published()

    @extend_schema(
        operation_id="public_establishments",
        summary="Places with the last verdict that the department has published",
        description="Nothing is published by default, and nothing before the time for reply is "
        "over. A verdict that is in dispute says so; replies stand beside it.",
        parameters=[ALSO],
        responses={
            (200, "application/json"): PublishedPlaceSerializer(many=True),
            (200, "text/csv"): OpenApiTypes.BINARY,
        },
        auth=[],
        extensions={"x-roles": ["public"], "x-object": "public"},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        places = self.get_queryset()
        if request.accepted_renderer.format == CsvRenderer.format:
            content = open_data.table(places.order_by("code"))
            name = 'attachment; filename="ket-qua-da-cong-bo.csv"'
            return HttpResponse(
                content, "text/csv; charset=utf-8", headers={"Content-Disposition": name}
            )
        return self.get_paginated_response(open_data.rows(self.paginate_queryset(places) or ()))
