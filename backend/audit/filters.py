"""How the department narrows the trail."""

from typing import ClassVar

from django_filters import rest_framework as filters

from backend.audit.models import AuditEntry
from backend.common.filters import MomentFilter


class AuditEntryFilter(filters.FilterSet):  # type: ignore[misc]  # no types
    action = filters.CharFilter(help_text="Such as `inspection.submitted`.", max_length=60)
    subject = filters.CharFilter(help_text="Such as `inspection:<id>`.", max_length=120)
    actor = filters.CharFilter(help_text="A user name.", max_length=150)
    after = MomentFilter(field_name="at", lookup_expr="gte", help_text="At or after this time.")
    before = MomentFilter(field_name="at", lookup_expr="lt", help_text="Before this time.")

    class Meta:
        model = AuditEntry
        fields: ClassVar[list[str]] = []
