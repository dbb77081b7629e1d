"""The trail in the office pages: read only."""

from django.contrib import admin

from backend.audit.models import AuditEntry
from backend.common.office import ShownOnly


@admin.register(AuditEntry)
class AuditEntryAdmin(ShownOnly):
    list_display = ("sequence", "at", "actor", "action", "subject")
    search_fields = ("=actor", "=action", "=subject")
    search_help_text = "Tên đăng nhập, hành động hoặc đối tượng, viết đầy đủ"
    show_full_result_count = False
    list_per_page = 50
