"""Outside the API: what a browser fetches before it knows anybody."""

from django.urls import path

from inspections.webapp import views

urlpatterns = [
    path("", views.shell, name="app"),
    path("sw.js", views.service_worker, name="app-service-worker"),
    path("manifest.webmanifest", views.manifest, name="app-manifest"),
]
