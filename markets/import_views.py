"""Registers from office files: all rows or none, each bad one named by line and column."""

from collections.abc import Callable
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from backend.accounts.current import person
from backend.accounts.permissions import IsDepartment
from backend.common.errors import FieldError
from backend.common.text import Bilingual
from backend.common.views import StrictQuery, writes
from markets.errors import ImportInvalid
from markets.imports.establishments import EstablishmentImporter
from markets.imports.parsers import CSVParser, XLSXParser
from markets.imports.run import Importer, run
from markets.imports.stalls import StallImporter
from markets.imports.units import UnitImporter
from markets.models import Establishment
from markets.parameters import DRY_RUN, is_dry_run
from markets.serializers import ImportReportSerializer
from markets.views import OWN_MANAGER, check_keeps_register

FAULTY = {422: ["import_invalid"]}
FILES = {parser.media_type: OpenApiTypes.BINARY for parser in (CSVParser, XLSXParser)}


class ImportViewSet(StrictQuery, GenericViewSet[Any]):
    """The body is the file itself, as CSV or XLSX."""

    serializer_class = ImportReportSerializer
    parser_classes = (CSVParser, XLSXParser)
    query_parameters = ("dry_run",)
    filter_backends = ()
    pagination_class = None

    def get_permissions(self) -> list[BasePermission]:
        return [IsAuthenticated() if self.action == "stalls" else IsDepartment()]

    @extend_schema(
        operation_id="establishments_import",
        summary="Import establishments from a file",
        parameters=[DRY_RUN],
        request=FILES,
        responses=ImportReportSerializer,
        extensions={"x-roles": ["department"], "x-object": "none", "x-problems": FAULTY},
    )
    @writes
    def establishments(self, request: Request) -> Response:
        return self._run(request, lambda: EstablishmentImporter(person(request)))

    @extend_schema(
        operation_id="administrative_units_import",
        summary="Import administrative units from a file",
        parameters=[DRY_RUN],
        request=FILES,
        responses=ImportReportSerializer,
        extensions={"x-roles": ["department"], "x-object": "none", "x-problems": FAULTY},
    )
    @writes
    def units(self, request: Request) -> Response:
        return self._run(request, lambda: UnitImporter(person(request)))

    @extend_schema(
        operation_id="establishment_stalls_import",
        summary="Import the stalls of a place from a file",
        parameters=[DRY_RUN],
        request=FILES,
        responses=ImportReportSerializer,
        extensions={
            **OWN_MANAGER,
            "x-problems": {
                409: ["establishment_closed"],
                422: ["import_invalid", "stalls_only_in_markets"],
            },
        },
    )
    @writes
    def stalls(self, request: Request, code: str) -> Response:
        place = get_object_or_404(Establishment.objects.select_for_update(no_key=True), code=code)
        check_keeps_register(person(request), place.pk)
        return self._run(request, lambda: StallImporter(place, person(request)))

    def _run(self, request: Request, importer: Callable[[], Importer]) -> Response:
        dry_run = is_dry_run(request)
        lines = dict(request.data).get("lines")
        if not lines:  # no body at all: no parser has seen it
            detail = Bilingual("Thiếu tệp", "There is no file")
            raise ImportInvalid(errors=[FieldError("", "file_empty", detail)])
        report = run(importer(), lines, dry_run=dry_run)
        return Response(ImportReportSerializer(report).data)
