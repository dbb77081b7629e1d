"""Views of Django's own, without DRF: their refusals are problem documents as well."""

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.views import csrf
from django.views.decorators.csrf import csrf_exempt

from backend.common.problems import django_problem

P = ParamSpec("P")
SAFE = ("GET", "HEAD")


def safe_only(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Answers every verb but GET and HEAD with 405. A form's token is not asked for before."""

    @csrf_exempt
    @functools.wraps(view)
    def safe(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method in SAFE:
            return view(request, *args, **kwargs)
        refusal: HttpResponse = django_problem(405)(request)
        refusal["Allow"] = ", ".join(SAFE)
        return refusal

    return safe


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's page in the office pages, which people read; a problem document elsewhere."""
    match = request.resolver_match
    if match and match.app_name == "admin":
        return csrf.csrf_failure(request, reason)
    refusal: HttpResponse = django_problem(403)(request)
    return refusal
