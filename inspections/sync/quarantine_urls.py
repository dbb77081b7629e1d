"""The quarantine: the door for phones, and the desk of the department."""

from django.urls import path, re_path

from inspections.sync import quarantine_views as views

urlpatterns = [
    path("sync/quarantine/", views.Bring.as_view()),
    re_path(r"^sync/quarantine/evidence/(?P<sha256>[0-9a-f]{64})/\Z", views.BringPhoto.as_view()),
    path("quarantine/", views.QuarantineList.as_view()),
    path("quarantine/<uuid:pk>/", views.QuarantineItem.as_view()),
    path("quarantine/<uuid:pk>/accept/", views.QuarantineAccept.as_view()),
    path("quarantine/<uuid:pk>/reject/", views.QuarantineReject.as_view()),
]
