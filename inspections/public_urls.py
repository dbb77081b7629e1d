"""The routes that need no login."""

from django.urls import path

from inspections.records import public_views

urlpatterns = [
    path("records/<str:token>/", public_views.PublicRecordView.as_view()),
    path("verify/", public_views.VerifyFileView.as_view()),
]
