"""What the office pages of all stages have in common."""

from typing import Any

import yaml
from django.contrib import messages
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html

from backend.common.errors import DomainError
from backend.common.office import OfficePage, ShownOnly
from inspections.checklists.forms import refusal


class OfficeAdmin(OfficePage):
    """What the domain refuses is said on the page.

    ``bulky``: columns that a list does not show and so does not read.
    """

    bulky: tuple[str, ...] = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        found = request.resolver_match
        is_list = found is not None and "object_id" not in found.kwargs
        return rows.defer(*self.bulky) if is_list and self.bulky else rows

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """The form has checked already; this is for who was overtaken between check and save."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except DomainError as error:
            self.message_user(request, refusal(error), messages.ERROR)
        except IntegrityError:
            self.message_user(request, "Dữ liệu vừa được người khác thay đổi.", messages.ERROR)
        return HttpResponseRedirect(request.path)


class ReadOnlyAdmin(ShownOnly, OfficeAdmin):
    """Shows; what may be done to these rows, the API's verbs say."""


def readable(document: Any) -> str:
    """JSON as text that people can read; of a drawn signature the number of strokes."""
    if isinstance(document, dict) and document.get("signatures"):
        signatures = [{**s, "strokes": len(s["strokes"])} for s in document["signatures"]]
        document = {**document, "signatures": signatures}
    return yaml.safe_dump(
        document, allow_unicode=True, sort_keys=True, default_flow_style=None, width=110
    )


def preformatted(text: str) -> str:
    return format_html("<pre>{}</pre>", text)
