"""Pieces of the forms of the office pages."""

from typing import Any

from django import forms

from backend.common.strict_json import forbidden_characters
from backend.common.text import ONE_LINE, nfc


class CleanTexts(forms.BaseForm):
    """Texts as the API takes them: in NFC, without control or invisible characters.

    Several lines stand in text areas only; a browser sends none from another field.
    """

    def clean(self) -> dict[str, Any] | None:
        cleaned: dict[str, Any] | None = super().clean()
        for name, value in list(self.cleaned_data.items()):
            if isinstance(value, str):
                # A browser sends the lines of a text area with carriage returns.
                text = nfc(value.replace("\r\n", "\n"))
                self.cleaned_data[name] = text
                if forbidden := forbidden_characters(text):
                    self.add_error(name, f"Ký tự không được phép: {', '.join(forbidden)}")
                elif "\n" in text and not isinstance(self.fields[name].widget, forms.Textarea):
                    self.add_error(name, ONE_LINE.vi)
        return cleaned
