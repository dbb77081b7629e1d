"""A checklist draft as text in the office pages: the same YAML that is imported."""

from typing import Any, ClassVar

import yaml
from django import forms
from django.core.exceptions import ValidationError

from backend.common.errors import DomainError
from inspections.checklists import lifecycle
from inspections.checklists.errors import ChecklistInvalid
from inspections.checklists.models import ChecklistVersion


class DraftForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """``text`` says code and version itself; every fault is named with its line."""

    text = forms.CharField(
        label="Nội dung (YAML)",
        help_text="Mã và phiên bản ghi ngay trong nội dung. Chú thích (#) không được giữ lại.",
        widget=forms.Textarea(attrs={"rows": 40, "cols": 110, "spellcheck": "false"}),
        strip=False,
    )

    class Meta:
        model = ChecklistVersion
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["text"] = as_yaml(self.instance)

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].replace("\r\n", "\n")
        try:
            content = lifecycle.read(text)
        except ChecklistInvalid as invalid:
            raise ValidationError([fault.detail.vi for fault in invalid.errors]) from invalid
        named = (content["code"], content["version"])
        own = (self.instance.code, self.instance.version)
        if self.instance.pk and named != own:
            raise ValidationError(
                f"Bản thảo này là {self.instance.name}; mã và phiên bản giữ nguyên."
            )
        known = ChecklistVersion.objects.filter(code=named[0], version=named[1]).first()
        if known and known.status != ChecklistVersion.Status.DRAFT:
            raise ValidationError(f"{known.name} đã ban hành: hãy tăng số phiên bản.")
        if known and not self.instance.pk:
            raise ValidationError(f"Đã có bản thảo {known.name}: hãy mở và sửa bản đó.")
        return text


def as_yaml(version: ChecklistVersion) -> str:
    return yaml.safe_dump(version.content, allow_unicode=True, sort_keys=False, width=100)


def refusal(error: DomainError) -> str:
    """A refusal in Vietnamese, with every fault, for a message of the office pages."""
    details = [error.detail] if error.detail else [fault.detail for fault in error.errors]
    return " ".join([f"{error.title.vi}.", *(detail.vi for detail in details)])
