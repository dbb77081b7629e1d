"""How our views differ from DRF's: strict query strings, and answers made before the commit."""

import functools
from collections.abc import Callable, Iterable
from typing import Any, Concatenate, ParamSpec

from django.db import transaction
from django.http import Http404
from rest_framework import status
from rest_framework.exceptions import MethodNotAllowed, UnsupportedMediaType
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.common.errors import FieldError, Malformed, UnknownParameter
from backend.common.strict_json import forbidden_characters
from backend.common.text import Bilingual

P = ParamSpec("P")
# What Django puts in place of bytes that are no UTF-8.
BAD_UTF8 = "\ufffd"
# By which DRF chooses a renderer, before it asks the view anything.
FORMAT = "format"


class StrictQuery(APIView):
    """Refuses query parameters that the route does not know, and single ones given twice, and
    bodies that are compressed.

    A mistyped filter must not answer with the unfiltered list. ``query_parameters`` names
    what a route takes besides what its filter set and its pages take. ``body_limit`` is in
    bytes; None leaves it to the site.
    """

    query_parameters: Iterable[str] = ()
    body_limit: int | None = None
    metadata_class = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        # Before anything else is said against the request: 405 names the verbs that there are.
        if not hasattr(self, (request.method or "").lower()):
            raise MethodNotAllowed(request.method or "")
        super().initial(request, *args, **kwargs)
        if (coding := request.headers.get("Content-Encoding", "identity")) != "identity":
            raise UnsupportedMediaType(coding)
        known = self.known_parameters()
        unreadable = [
            name
            for name, values in request.query_params.lists()
            if any(forbidden_characters(text) or BAD_UTF8 in text for text in [name, *values])
        ]
        if unreadable:
            raise Malformed(
                Bilingual(
                    vi="Tham số truy vấn có ký tự không được phép",
                    en="A query parameter holds characters that no text may hold",
                )
            )
        wrong = [
            name
            for name, values in request.query_params.lists()
            if name not in known or len(values) > 1
        ]
        if wrong:
            detail = Bilingual(
                vi=f"Tham số lạ hoặc lặp lại: {', '.join(wrong)}",
                en=f"Unknown or repeated: {', '.join(wrong)}",
            )
            raise UnknownParameter(
                detail, errors=[FieldError("", "unknown_parameter", detail)], parameters=wrong
            )

    def perform_content_negotiation(
        self, request: Request, force: bool = False
    ) -> tuple[BaseRenderer, str]:
        """By ``Accept``; ``?format=`` is a parameter as any other, and refused as one."""
        try:
            return super().perform_content_negotiation(request, force)
        except Http404:
            if FORMAT in self.known_parameters():
                names = ", ".join(str(renderer.format) for renderer in self.get_renderers())
                detail = Bilingual(
                    vi=f"{FORMAT}: một trong {names}", en=f"{FORMAT}: one of {names}"
                )
                raise Malformed(
                    detail, errors=[FieldError("", "invalid_parameter", detail)]
                ) from None
            return super().perform_content_negotiation(request, force=True)

    def options(  # type: ignore[override]  # DRF hands its own request on
        self, request: Request, *args: Any, **kwargs: Any
    ) -> Response:
        """``Allow``, which every answer has, and nothing about how the view is made."""
        return Response(status=status.HTTP_204_NO_CONTENT)

    def known_parameters(self) -> set[str]:
        known = set(self.query_parameters)
        if getattr(self, "action", "list") == "list":
            filterset = getattr(self, "filterset_class", None)
            known.update(filterset.base_filters if filterset else ())
            paginator = getattr(self, "paginator", None)
            known.update(paginator.parameters if paginator else ())
        return known


def writes(
    handler: Callable[Concatenate[Any, Request, P], Response],
) -> Callable[Concatenate[Any, Request, P], Response]:
    """Run a view method in one transaction and render its answer before the commit.

    An answer that cannot be rendered undoes the change: there is no "500, but stored". The body
    is parsed before the transaction, which on SQLite keeps every other writer waiting.
    """

    @functools.wraps(handler)
    def view(self: Any, request: Request, /, *args: P.args, **kwargs: P.kwargs) -> Response:
        _read_body(request)
        with transaction.atomic():
            response = handler(self, request, *args, **kwargs)
            self.headers = self.default_response_headers
            self.finalize_response(request, response, *args, **kwargs)
            response.render()
        return response

    return view


def _read_body(request: Request) -> Any:
    """``request.data`` is kept once it was asked for. DELETE has no body to look at."""
    return None if request.method == "DELETE" else request.data
