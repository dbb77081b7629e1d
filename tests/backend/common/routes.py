"""Small views that do one thing each, mounted in place of the real ones."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db import OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from rest_framework import exceptions, serializers
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from backend.accounts.models import User
from backend.common.errors import DomainError, FieldError, Kind
from backend.common.fields import StrictSerializer, TextField
from backend.common.parsers import StrictJSONParser
from backend.common.plain_views import safe_only
from backend.common.problems import django_problem
from backend.common.text import Bilingual
from backend.common.views import StrictQuery, writes


class Closed(DomainError):
    code = "market_is_closed"
    kind = Kind.CONFLICT
    title = Bilingual(vi="Chợ đã đóng cửa", en="The market is closed")


class Inner(StrictSerializer):
    tags = serializers.ListField(child=TextField(max_length=3))


class Outer(StrictSerializer):
    name = TextField(max_length=5)
    inner = Inner(many=True)


class Open(StrictQuery):
    authentication_classes = ()
    permission_classes = (AllowAny,)


class Raises(Open):
    def get(self, request: Request, kind: str) -> Response:
        raise {
            "domain": Closed(
                Bilingual(vi="Từ hôm qua", en="Since yesterday"),
                errors=[FieldError("/a", "late", Bilingual(vi="muộn", en="late"))],
                headers={"X-Closed": "yes"},
                since="2026-11-21",
            ),
            "missing": Http404(),
            "denied": exceptions.PermissionDenied(),
            "throttled": exceptions.Throttled(wait=12.2),
            "database": OperationalError("connection refused by 10.0.0.1"),
            "disk": OSError(28, "No space left on device"),
            "bug": ZeroDivisionError("SELECT secret FROM table"),
        }[kind]


class Counts(Open):
    def get(self, request: Request, count: int) -> Response:
        raise Closed(errors=[FieldError("", "late", Bilingual("muộn", "late"))] * count)


class Small(Open):
    body_limit = 100

    def post(self, request: Request) -> Response:
        return Response(request.data)


class Takes(Open):
    query_parameters = ("dry_run",)

    def post(self, request: Request) -> Response:
        serializer = Outer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return Response(serializer.validated_data)


class Creates(Open):
    answer: ClassVar[Any] = None

    @writes
    def post(self, request: Request) -> Response:
        User.objects.create_user("new.one", None, full_name="Mới", role="inspector")
        return Response(self.answer)


class Watching(StrictJSONParser):
    """Notes whether a transaction was open when it was asked."""

    inside: ClassVar[list[bool]] = []

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        self.inside.append(connection.in_atomic_block)
        return super().parse(*args, **kwargs)


class Writes(Open):
    parser_classes = (Watching,)

    @writes
    def post(self, request: Request) -> Response:
        return Response({"data": request.data, "inside": connection.in_atomic_block})

    @writes
    def delete(self, request: Request) -> Response:
        return Response(status=204)


class NameSerializer(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields: ClassVar = ["username", "full_name"]


class People(StrictQuery, ListAPIView[User]):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    queryset = User.objects.all()
    serializer_class = NameSerializer
    orderings: ClassVar = {
        "username": ("username",),
        "full_name": ("full_name", "id"),
        "-created_at": ("-created_at", "-id"),
    }


class Formats(People):
    query_parameters = ("format",)


def breaks(request: HttpRequest, kind: str) -> HttpResponse:
    raise {
        "database": OperationalError("connection refused by 10.0.0.1"),
        "disk": OSError(28, "No space left on device"),
        "bug": ZeroDivisionError("SELECT secret FROM table"),
    }[kind]


@safe_only
def safe(request: HttpRequest) -> HttpResponse:
    return HttpResponse("safe")


def guarded(request: HttpRequest) -> HttpResponse:
    return HttpResponse("guarded")


urlpatterns = [
    path("breaks/<str:kind>/", breaks),
    path("safe/", safe),
    path("guarded/", guarded),
    path("formats/", Formats.as_view()),
    path("admin/", admin.site.urls),
    path("raises/<str:kind>/", Raises.as_view()),
    path("raises/domain/<int:count>/", Counts.as_view()),
    path("small/", Small.as_view()),
    path("takes/", Takes.as_view()),
    path("creates/", Creates.as_view()),
    path("writes/", Writes.as_view()),
    path("people/", People.as_view()),
    path("others/", People.as_view()),
]
handler400 = django_problem(400)
handler403 = django_problem(403)
handler404 = django_problem(404)
handler500 = django_problem(500)
