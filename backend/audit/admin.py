"""The trail in the office pages: read only."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from backend.audit.models import AuditEntry


@admin.register(AuditEntry)
class AuditEntryAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    list_display = ("sequence", "at", "actor", "action", "subject")
    search_fields = ("=actor", "=action", "=subject")
    search_help_text = "Tên đăng nhập, hành động hoặc đối tượng, viết đầy đủ"
    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
