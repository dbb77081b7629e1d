"""Refusals for people: the office pages refuse with a page, everything else with a problem."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from backend.common.problems import TITLES, django_problem


def refusal(status: int) -> Any:
    """A Django error view (handler400, 404 …)."""
    problem = django_problem(status)

    def view(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
        answer: HttpResponse = problem(request, exception)
        if not request.path.startswith(reverse("admin:index")):
            return answer
        # Not the visitor's context: after a failure nothing may be asked of the database.
        with translation.override("vi"):
            page = render_to_string("accounts/refusal.html", {"title": title(answer.status_code)})
        # The headers stay: after an outage they say when to come back.
        answer.content = page.encode()
        answer["Content-Type"] = "text/html; charset=utf-8"
        return answer

    return view


def title(status: int) -> str:
    return TITLES.get(status, TITLES[500])[1].vi
