"""The roof: every mount point of the site."""

from django.contrib import admin
from django.urls import include, path

from backend.accounts.refusals import refusal
from backend.operations.views import healthz, readyz
from inspections.records.public_views import verify_page

api = [
    path("", include("backend.accounts.urls")),
    path("", include("backend.audit.urls")),
    path("", include("markets.urls")),
    path("", include("inspections.urls")),
]

urlpatterns = [
    path("api/v1/", include(api)),
    path("api/", include("api_schema.urls")),
    path("healthz", healthz),
    path("readyz", readyz),
    path("verify/<str:token>/", verify_page, name="verify"),
    path("app/", include("inspections.webapp.urls")),
    path("admin/", admin.site.urls),
]

handler400 = refusal(400)
handler403 = refusal(403)
handler404 = refusal(404)
handler500 = refusal(500)
