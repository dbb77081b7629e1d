"""The routes that need no login."""

from django.urls import path

from inspections.records import open_data_views, public_views

urlpatterns = [
    path("establishments/", open_data_views.PublishedPlacesView.as_view()),
    path("records/<str:token>/", public_views.PublicRecordView.as_view()),
    path("verify/", public_views.VerifyFileView.as_view()),
]
