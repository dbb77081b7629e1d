"""How the department finds a device."""

from typing import ClassVar

from django_filters import rest_framework as filters

from backend.accounts.models import Device


class DeviceFilter(filters.FilterSet):  # type: ignore[misc]  # no types
    username = filters.CharFilter(field_name="user__username", max_length=150)

    class Meta:
        model = Device
        fields: ClassVar[list[str]] = []
