"""Serializer pieces that more than one resource uses."""

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework import serializers

from backend.common.strict_json import forbidden_characters
from backend.common.text import nfc


class StrictSerializer(serializers.Serializer[Any]):
    """An input serializer that refuses fields it does not know, by pointer."""

    default_error_messages: ClassVar = {
        "unknown_field": "Trường này không tồn tại. / There is no such field."
    }

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = [key for key in data if key not in self.fields]
            if unknown:
                message = self.error_messages["unknown_field"]
                raise serializers.ValidationError(
                    {key: [serializers.ErrorDetail(message, "unknown_field")] for key in unknown}
                )
        return super().to_internal_value(data)


class TextField(serializers.CharField):
    """A text in NFC, without control or invisible characters; a number is not a text."""

    default_error_messages: ClassVar = {
        "wrong_type": "Phải là chuỗi ký tự. / Must be a text.",
        "text_forbidden_char": "Ký tự không được phép. / Characters that no text may hold.",
    }

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("wrong_type")
        text = nfc(super().to_internal_value(data))
        if forbidden_characters(text):
            self.fail("text_forbidden_char")
        return text
