"""Forms of the office pages for places; what they change goes through ``lifecycle``."""

from typing import Any, ClassVar

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.db import models, transaction
from django.utils import timezone

from backend.accounts.models import User
from backend.common.errors import DomainError
from backend.common.forms import CleanTexts
from markets.lifecycle import appointments, establishments, stalls, units
from markets.models import (
    AdministrativeUnit,
    Appointment,
    Authority,
    Establishment,
    ReportingArea,
    Stall,
    valid_on,
)
from markets.rules import COMMODITIES


class LifecycleForm(CleanTexts, forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """Saves by ``apply``, and rehearses it first so that a refusal stands beside its field."""

    by: ClassVar[User]
    # Where a domain error speaks of a field that has another name here.
    field_names: ClassVar[dict[str, str]] = {}

    def apply(self) -> models.Model:
        """Do what the form asks for and return the row as it is then. Raises DomainError."""
        raise NotImplementedError

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # missing in the stubs
        if self.errors:
            return
        try:
            with transaction.atomic():
                self.apply()
                transaction.set_rollback(True)
        except DomainError as error:
            self._add_domain_error(error)

    def _add_domain_error(self, error: DomainError) -> None:
        title = error.title.vi
        for item in error.errors:
            name = item.pointer.removeprefix("/")
            name = self.field_names.get(name, name)
            self.add_error(name if name in self.fields else None, f"{title}: {item.detail.vi}")
        if not error.errors:
            self.add_error(None, f"{title}: {error.detail.vi}" if error.detail else title)

    def given(self, *names: str) -> dict[str, Any]:
        """The values of those fields that the page lets one edit."""
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


class EstablishmentForm(LifecycleForm):
    field_names: ClassVar = {"valid_from": "since", "name": "name_vi"}
    unit = forms.ModelChoiceField(
        AdministrativeUnit.objects.none(), label="Đơn vị hành chính hiện nay", required=False
    )
    since = forms.DateField(
        label="Tên mới, đơn vị mới từ ngày",
        initial=timezone.localdate,
        widget=AdminDateWidget,
        help_text="Tên và đơn vị cũ được giữ lại đến ngày trước đó.",
    )

    class Meta:
        model = Establishment
        fields: ClassVar = [
            "code", "kind", "name_vi", "name_en", "address", "latitude", "longitude",
            "model_market_year", "market_day_cycle_days", "market_day_anchor", "opens_at",
            "closes_at", "opened_on", "closed_on",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.queryset = AdministrativeUnit.objects.filter(valid_on(timezone.localdate()))
        if self.instance.pk:
            placed = self.instance.placements.filter(valid_on(timezone.localdate())).first()
            self.initial["unit"] = placed and placed.unit_id

    def apply(self) -> Establishment:
        values = self.given(*EstablishmentForm.Meta.fields)
        unit = self.cleaned_data["unit"]
        if not self.instance.pk:
            return establishments.open_establishment(unit=unit, by=self.by, **values)
        row = Establishment.objects.get(pk=self.instance.pk)
        values["name"] = values.pop("name_vi")
        values["valid_from"] = self.cleaned_data["since"]
        if unit is not None and unit.pk != self.initial["unit"]:
            values["unit"] = unit
        establishments.amend_establishment(row, values, by=self.by)
        return row


class StallForm(LifecycleForm):
    commodity = forms.ChoiceField(
        label="Nhóm hàng", choices=[(code, name.vi) for code, name in COMMODITIES.items()]
    )
    active = forms.BooleanField(label="Đang hoạt động", required=False, initial=True)

    class Meta:
        model = Stall
        fields: ClassVar = ["establishment", "number", "trader", "commodity", "zone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["active"] = self.instance.active

    def apply(self) -> Stall:
        values = self.given(*stalls.FIELDS)
        if "establishment" in self.cleaned_data:
            new = stalls.NewStall(**values)
            return stalls.add_stall(self.cleaned_data["establishment"], new, by=self.by)
        row = Stall.objects.select_related("establishment").get(pk=self.instance.pk)
        active = self.cleaned_data["active"]
        if active:
            stalls.restore_stall(row, by=self.by)
        stalls.change_stall(row, values, by=self.by)
        if not active:
            stalls.retire_stall(row, by=self.by)
        return row


class AppointmentForm(LifecycleForm):
    class Meta:
        model = Appointment
        fields: ClassVar = ["person", "establishment", "valid_from", "valid_to"]

    def apply(self) -> Appointment:
        if not self.instance.pk:
            return appointments.appoint(**self.given(*self.Meta.fields), by=self.by)
        row = Appointment.objects.get(pk=self.instance.pk)
        last = self.cleaned_data["valid_to"]
        return row if last is None else appointments.end_appointment(row, valid_to=last, by=self.by)


class UnitForm(LifecycleForm):
    class Meta:
        model = AdministrativeUnit
        fields: ClassVar = [
            "code", "level", "name", "parent", "reporting_area", "valid_from", "valid_to",
            "replaced_by",
        ]  # fmt: skip

    def apply(self) -> AdministrativeUnit:
        values = self.given(*self.Meta.fields)
        last, successor = values.pop("valid_to", None), values.pop("replaced_by")
        if not self.instance.pk:
            row = units.create_unit(valid_to=last, by=self.by, **values)
        else:
            row = AdministrativeUnit.objects.get(pk=self.instance.pk)
            units.change_unit(row, values, by=self.by)
            if last is not None:
                units.end_unit(row, valid_to=last, by=self.by)
        if successor is not None:
            units.replace_unit(row, successor, by=self.by)
        return row


class AuthorityForm(LifecycleForm):
    class Meta:
        model = Authority
        fields: ClassVar = [
            "code", "name", "name_en", "parent_name", "symbol", "place", "unit", "valid_from",
            "valid_to", "successor",
        ]  # fmt: skip

    def apply(self) -> Authority:
        values = self.given(*self.Meta.fields)
        if not self.instance.pk:
            return units.create_authority(by=self.by, **values)
        last, successor = values.pop("valid_to", None), values.pop("successor", None)
        row = Authority.objects.get(pk=self.instance.pk)
        units.change_authority(row, values, by=self.by)
        if last is not None:
            units.end_authority(row, valid_to=last, successor=successor, by=self.by)
        return row


class ReportingAreaForm(LifecycleForm):
    class Meta:
        model = ReportingArea
        fields: ClassVar = ["code", "name_vi", "name_en", "note"]

    def apply(self) -> ReportingArea:
        return units.create_reporting_area(by=self.by, **self.given(*self.Meta.fields))
