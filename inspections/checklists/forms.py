"""A checklist draft in the office pages: as text, the YAML that is imported, or as a workbook."""

from typing import Any, ClassVar

import yaml
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from backend.common.errors import DomainError
from inspections.checklists import lifecycle
from inspections.checklists.errors import ChecklistInvalid
from inspections.checklists.models import ChecklistVersion


class DraftForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """``text`` or ``file`` says code and version itself; every fault is named with its place.

    ``cleaned_data["source"]`` is what was taken: a file that is chosen goes before the text.
    """

    text = forms.CharField(
        label="Nội dung (YAML)",
        help_text="Mã và phiên bản ghi ngay trong nội dung. Chú thích (#) không được giữ lại.",
        widget=forms.Textarea(attrs={"rows": 40, "cols": 110, "spellcheck": "false"}),
        strip=False,
        required=False,
    )
    file = forms.FileField(
        label="hoặc tệp XLSForm (.xlsx)",
        help_text="Tệp được chọn thay cho nội dung ở trên.",
        required=False,
    )

    class Meta:
        model = ChecklistVersion
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["text"] = as_yaml(self.instance)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        file = cleaned.get("file")
        if file and file.size > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise ValidationError({"file": "Tệp quá lớn."})
        source = file.read() if file else cleaned.get("text", "").replace("\r\n", "\n")
        try:
            self._check(source)
        except ValidationError as invalid:
            raise ValidationError({"file" if file else "text": invalid.messages}) from invalid
        return {**cleaned, "source": source}

    def _check(self, source: lifecycle.Source) -> None:
        try:
            content = lifecycle.read(source)
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


def as_yaml(version: ChecklistVersion) -> str:
    return yaml.safe_dump(version.content, allow_unicode=True, sort_keys=False, width=100)


def refusal(error: DomainError) -> str:
    """A refusal in Vietnamese, with every fault, for a message of the office pages."""
    details = [error.detail] if error.detail else [fault.detail for fault in error.errors]
    return " ".join([f"{error.title.vi}.", *(detail.vi for detail in details)])
