"""How the pieces of ``backend.common`` look in the API description.

As exact as the code: what the description allows is never malformed, what it does not allow is
refused.
"""

from typing import Any

from django.core.validators import RegexValidator
from drf_spectacular.contrib.django_filters import DjangoFilterExtension
from drf_spectacular.extensions import (
    OpenApiAuthenticationExtension,
    OpenApiSerializerExtension,
    OpenApiSerializerFieldExtension,
)

from api_schema.components import QUERY_TEXT, TEXT_MARK
from backend.common.strict_json import MAX_INTEGER


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "backend.accounts.authentication.AccessTokenAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "The `access` token of `POST /api/v1/auth/token/`; lasts 15 minutes.",
        }


class FormerBearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "backend.accounts.authentication.FormerTokenAuthentication"
    name = "formerBearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "An `access` token up to 90 days after its end, whatever became of "
            "its session and account.",
        }


class StrictBody(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    target_class = "backend.common.fields.StrictSerializer"
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        schema: dict[str, Any] = auto_schema._map_serializer(  # noqa: SLF001 # made to be called
            self.target, direction, bypass_extensions=True
        )
        return {**schema, "additionalProperties": False}


class Text(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    target_class = "backend.common.fields.TextField"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        field = self.target
        if any(isinstance(validator, RegexValidator) for validator in field.validators):
            return {"type": "string"}
        is_trimmed = field.trim_whitespace and not field.allow_blank
        name = "Text" if field.may_break else "Line"
        # A mark and not yet the reference: what comes after us asks for the type.
        return {"type": "string", TEXT_MARK: f"Some{name}" if is_trimmed else name}


class DecimalText(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    target_class = "backend.common.fields.DecimalTextField"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        field = self.target
        whole, places = field.max_digits - field.decimal_places, field.decimal_places
        limits = f" From {field.min_value} to {field.max_value}." if field.max_value else ""
        return {
            "type": "string",
            "pattern": f"^-?[0-9]{{1,{whole}}}([.,][0-9]{{1,{places}}})?$",
            "description": f"A decimal with a point or a comma.{limits}",
        }


class WholeNumber(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    target_class = "backend.common.fields.WholeNumberField"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        return {"type": "integer", "minimum": -MAX_INTEGER, "maximum": MAX_INTEGER}


class StrictFilters(DjangoFilterExtension):  # type: ignore[no-untyped-call]
    """Tells the longest text of a filter, and which characters it may hold."""

    target_class = "django_filters.rest_framework.DjangoFilterBackend"
    priority = 1

    def resolve_filter_field(
        self, auto_schema: Any, model: Any, filterset_class: Any, field_name: str, filter_field: Any
    ) -> list[dict[str, Any]]:
        parameters: list[dict[str, Any]] = super().resolve_filter_field(  # type: ignore[no-untyped-call]
            auto_schema, model, filterset_class, field_name, filter_field
        )
        for parameter in parameters:
            schema = parameter["schema"]
            if schema == {"type": "string"}:
                schema["pattern"] = QUERY_TEXT
                if limit := filter_field.extra.get("max_length"):
                    schema["maxLength"] = limit
            if help_text := filter_field.extra.get("help_text"):
                parameter.setdefault("description", help_text)
        return parameters
