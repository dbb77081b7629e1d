"""Office pages: what phones brought after a session had ended, and the decision about it."""

from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from rest_framework.exceptions import ValidationError

from backend.common.errors import DomainError
from backend.common.strict_json import forbidden_characters
from backend.common.text import nfc
from inspections.checklists.forms import refusal
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

    @admin.display(description="ảnh (SHA-256)")
    def photos(self, item: QuarantinedItem) -> str:
        return "\n".join(item.photos.order_by("pk").values_list("sha256", flat=True)) or "-"

    @admin.display(description="nội dung")
    def content(self, item: QuarantinedItem) -> str:
        return preformatted(readable(item.data))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.decide)
        name = "inspections_quarantineditem_decide"
        return [path("<path:object_id>/decide/", view, name=name), *super().get_urls()]

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
