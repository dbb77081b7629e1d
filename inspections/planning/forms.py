"""The form by which the office asks for a visit; what it changes goes through ``assignments``."""

from typing import Any, ClassVar

from django import forms

from backend.accounts.models import Role, User
from inspections.checklists.models import ChecklistVersion
from inspections.planning import assignments
from inspections.planning.models import Assignment
from markets.forms import LifecycleForm

ASKED = ("inspector", "due_on", "kind", "grounds_number", "grounds_on", "grounds_issuer", "follows")


class AssignmentForm(LifecycleForm):
    """``establishment`` and ``checklist`` stay as they were; a reason below ends the matter."""

    field_names: ClassVar = {
        "grounds/number": "grounds_number",
        "grounds/date": "grounds_on",
        "grounds/issuer": "grounds_issuer",
    }
    checklist = forms.ChoiceField(label="Phiếu")

    class Meta:
        model = Assignment
        fields: ClassVar = [
            "establishment", "checklist", *ASKED, "missed_reason", "cancelled_reason",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "checklist" in self.fields:
            published = ChecklistVersion.objects.filter(status=ChecklistVersion.Status.PUBLISHED)
            codes = sorted(set(published.values_list("code", flat=True)))
            self.fields["checklist"].choices = [(code, code) for code in codes]  # type: ignore[attr-defined]
        if "inspector" in self.fields:
            people = User.objects.filter(role=Role.INSPECTOR, is_active=True)
            self.fields["inspector"].queryset = people  # type: ignore[attr-defined]

    def apply(self) -> Assignment:
        values = self.given(*ASKED)
        if "establishment" in self.cleaned_data:  # a new one: it cannot be changed later
            return assignments.assign(
                Assignment(**values, **self.given("establishment", "checklist")), by=self.by
            )
        row = Assignment.objects.select_related("establishment").get(pk=self.instance.pk)
        assignments.change(row, values, by=self.by)
        if reason := self.cleaned_data["missed_reason"]:
            assignments.miss(row, reason=reason, by=self.by)
        elif reason := self.cleaned_data["cancelled_reason"]:
            assignments.cancel(row, reason=reason, by=self.by)
        return row
