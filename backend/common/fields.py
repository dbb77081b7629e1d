"""Serializer pieces that more than one resource uses."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.settings import api_settings

from backend.common.strict_json import forbidden_characters
from backend.common.text import ONE_LINE, nfc

_DECIMAL = re.compile(r"-?[0-9]{1,20}([.,][0-9]{1,20})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CLOCK = re.compile(r"[0-9]{2}:[0-9]{2}")
UUID_TEXT = r"^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z"
# A body may hold 100,000 keys; its refusal must not grow with them.
NAMED_UNKNOWN = 20


class StrictSerializer(serializers.Serializer[Any]):
    """An input serializer that refuses fields it does not know, by pointer."""

    default_error_messages: ClassVar = {
        "unknown_field": "Trường này không tồn tại. / There is no such field.",
        "more_unknown": "Còn {more} trường không tồn tại nữa. / {more} more unknown fields.",
    }

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = [key for key in data if key not in self.fields]
            if unknown:
                raise serializers.ValidationError(self._refused(unknown))
        return super().to_internal_value(data)

    def _refused(self, unknown: Sequence[str]) -> dict[str, list[serializers.ErrorDetail]]:
        messages = dict.fromkeys(unknown[:NAMED_UNKNOWN], self.error_messages["unknown_field"])
        if (more := len(unknown) - NAMED_UNKNOWN) > 0:
            text = str(self.error_messages["more_unknown"])
            messages[api_settings.NON_FIELD_ERRORS_KEY] = text.format(more=more)
        return {
            key: [serializers.ErrorDetail(str(message), "unknown_field")]
            for key, message in messages.items()
        }


class TextField(serializers.CharField):
    """A line of text in NFC, without control or invisible characters; a number is not a text."""

    may_break = False
    default_error_messages: ClassVar = {
        "wrong_type": "Phải là chuỗi ký tự. / Must be a text.",
        "text_forbidden_char": "Ký tự không được phép. / Characters that no text may hold.",
        "one_line": f"{ONE_LINE.vi} / {ONE_LINE.en}",
    }

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("wrong_type")
        if "\n" in data and not self.may_break:
            self.fail("one_line")
        text = nfc(super().to_internal_value(data))
        if forbidden_characters(text):
            self.fail("text_forbidden_char")
        return text


class NoteField(TextField):
    """A text that may have several lines."""

    may_break = True


class WholeNumberField(serializers.IntegerField):
    """An integer written as a JSON number; ``"5"``, ``5.0`` and ``true`` are none."""

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return super().to_internal_value(data)


class YesNoField(serializers.BooleanField):
    """``true`` or ``false``, no word for them."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class DecimalTextField(serializers.DecimalField):
    """A decimal as text, ``"3.5"`` or ``"3,5"``; no exponent, no group separators."""

    def validate_empty_values(self, data: Any) -> tuple[bool, Any]:
        return serializers.Field.validate_empty_values(self, data)

    def to_internal_value(self, data: Any) -> Decimal:
        if not isinstance(data, str) or not _DECIMAL.fullmatch(data):
            self.fail("invalid")
        return super().to_internal_value(data.replace(",", "."))


class DayField(serializers.DateField):
    """A local date as ``2026-11-22``, in no other spelling."""

    def to_internal_value(self, data: Any) -> date:
        if not isinstance(data, str) or not _DAY.fullmatch(data):
            self.fail("invalid", format="YYYY-MM-DD")
        return super().to_internal_value(data)


@extend_schema_field({"type": "string", "pattern": "^(?:[01][0-9]|2[0-3]):[0-5][0-9]$"})
class ClockField(serializers.TimeField):
    """A local time of day as ``06:30``, in no other spelling."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%H:%M", input_formats=["%H:%M"], **kwargs)

    def to_internal_value(self, value: Any) -> time:
        if not isinstance(value, str) or not _CLOCK.fullmatch(value):
            self.fail("invalid", format="HH:MM")
        return super().to_internal_value(value)


class IdField(serializers.RegexField):
    """A UUID in its one spelling, lower case with hyphens, as a ``UUID``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(UUID_TEXT, trim_whitespace=False, **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or not re.fullmatch(UUID_TEXT, data):
            self.fail("invalid")
        return UUID(data)
