"""Where the API description is read, under ``/api/``."""

from django.urls import path

from api_schema import views

urlpatterns = [
    path("schema/", views.SchemaView.as_view(), name="schema"),
    path("docs/", views.SwaggerPage.as_view(), name="swagger"),
    path("docs/redoc/", views.RedocPage.as_view(), name="redoc"),
    path("docs/redoc.js", views.RedocScript.as_view(), name="redoc-script"),
]
