from django.apps import AppConfig


class ApiSchemaConfig(AppConfig):
    name = "api_schema"

    def ready(self) -> None:
        # Importing it makes it known to the generator.
        import api_schema.extensions  # noqa: F401
