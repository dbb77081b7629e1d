"""Office pages: what phones brought after a session had ended, and the decision about it."""

from http import HTTPStatus
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from rest_framework.exceptions import ValidationError

from backend.common.errors import DomainError
from backend.common.strict_json import forbidden_characters
from backend.common.text import nfc
from inspections.checklists.forms import refusal
from inspections.evidence import lifecycle
from inspections.evidence.models import Evidence
from inspections.office import ReadOnlyAdmin, preformatted, readable
from inspections.sync import quarantine
from inspections.sync.quarantine_models import QuarantinedItem

MAX_REASON = 1000


@admin.register(QuarantinedItem)
class QuarantineAdmin(ReadOnlyAdmin):
    list_display = ("op", "person", "role", "received_at", "status", "decided_by")
    list_filter = ("status", "op")
    list_select_related = ("person", "decided_by")
    search_fields = ("person__username", "person__full_name")
    bulky = ("data",)
    fields = (
        "op", "person", "role", "received_at", "status", "decided_at", "decided_by", "reason",
        "photos", "content",
    )  # fmt: skip
    change_form_template = "inspections/quarantined.html"

    @admin.display(description="ảnh")
    def photos(self, item: QuarantinedItem) -> str:
        """Each small, leading to the large one; what has not come yet by its digest."""
        named = list(item.photos.order_by("pk").values_list("sha256", flat=True))
        here = set(Evidence.objects.filter(pk__in=named).values_list("pk", flat=True))
        shown = [
            format_html('<a href="photos/{}/large/"><img src="photos/{}/small/" alt="Ảnh {}"></a> ',
                        sha256, sha256, number)
            if sha256 in here
            else format_html("<p>Ảnh {} chưa gửi lên: {}</p>", number, sha256)
            for number, sha256 in enumerate(named, 1)
        ]  # fmt: skip
        return format_html_join("", "{}", ((one,) for one in shown)) or "-"

    @admin.display(description="nội dung")
    def content(self, item: QuarantinedItem) -> str:
        return preformatted(readable(item.data))

    def get_urls(self) -> list[URLPattern]:
        decide, photo = (self.admin_site.admin_view(view) for view in (self.decide, self.photo))
        name = "inspections_quarantineditem"
        return [
            path("<path:object_id>/decide/", decide, name=f"{name}_decide"),
            path("<path:object_id>/change/photos/<str:sha256>/<str:size>/", photo),
            *super().get_urls(),
        ]

    def photo(self, request: HttpRequest, object_id: str, sha256: str, size: str) -> HttpResponse:
        """A copy without metadata of a photo that the item names."""
        item = self.get_object(request, object_id)
        named = item and item.photos.filter(sha256=sha256).exists()
        evidence = Evidence.objects.filter(pk=sha256).first() if named else None
        if evidence is None or size not in ("small", "large"):
            raise Http404
        try:
            if size == "small":
                return HttpResponse(lifecycle.thumbnail(evidence), content_type="image/jpeg")
            return HttpResponse(lifecycle.shown(evidence), content_type=evidence.media_type)
        except DomainError:
            return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)

    def decide(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Accept or reject. No transaction around it: a record is woken after the commit."""
        item = self.get_object(request, object_id)
        if item is None:
            raise Http404
        if request.method == "POST" and self._is_done(request, item):
            address = reverse("admin:inspections_quarantineditem_change", args=[item.pk])
            return HttpResponseRedirect(address)
        context = {
            **self.admin_site.each_context(request),
            "title": "Quyết định về nội dung chờ",
            "opts": self.opts,
            "original": item,
            "max_reason": MAX_REASON,
        }
        return TemplateResponse(request, "inspections/quarantine_decision.html", context)

    def _is_done(self, request: HttpRequest, item: QuarantinedItem) -> bool:
        by: Any = request.user
        reason = nfc(request.POST.get("reason", ""))
        try:
            if "accept" in request.POST:
                quarantine.accept(item.pk, by=by)
                self.message_user(request, "Đã nhận, như chính người đó gửi.")
            elif len(reason) > MAX_REASON or forbidden_characters(reason):
                self.message_user(request, "Lý do có ký tự lạ hoặc quá dài.", messages.ERROR)
                return False
            else:
                quarantine.reject(item.pk, reason=reason, by=by)
                self.message_user(request, "Đã từ chối; nội dung vẫn được lưu.")
        except DomainError as error:
            self.message_user(request, refusal(error), messages.ERROR)
            return False
        except ValidationError as error:
            text = f"Nội dung không đúng định dạng: {error.detail}"
            self.message_user(request, text, messages.ERROR)
            return False
        return True
