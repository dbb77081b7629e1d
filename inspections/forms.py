"""Forms of the office pages; what they change goes through the ``lifecycle`` of its stage."""

from typing import Any, ClassVar

from django import forms

from backend.common.text import nfc
from backend.common.validators import validate_printable
from inspections.checklists.models import ChecklistVersion
from inspections.records.models import RecordSequence


class ApprovalForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """The decision that approves a published version; records print its number and day."""

    class Meta:
        model = ChecklistVersion
        fields: ClassVar = ["approved_number", "approved_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = True
        self.fields[
            "approved_number"
        ].help_text = (
            "Biên bản lập sau khi lưu không còn ghi “bản thử”; biên bản đã lập giữ nguyên."
        )

    def clean_approved_number(self) -> str:
        number = nfc(self.cleaned_data["approved_number"])
        validate_printable(number)
        return number


class SeriesForm(forms.ModelForm):  # type: ignore[type-arg]
    """Where the numbers of a year go on, when the clerk's register began on paper."""

    year = forms.IntegerField(label="Năm", min_value=2000, max_value=2100)
    # Far below what the column can hold: beyond its end nobody could submit any more.
    last = forms.IntegerField(
        label="Số cuối cùng",
        min_value=0,
        max_value=999_999,
        help_text=(
            "Số đã cấp gần nhất trong sổ giấy; biên bản tiếp theo mang số kế tiếp. "
            "Không sửa được sau khi lưu."
        ),
    )

    class Meta:
        model = RecordSequence
        fields: ClassVar = ["authority", "year", "last"]
