"""What those who were visited say, and what the public is told."""

from django.urls import path

from inspections.disputes import views

urlpatterns = [
    path("inspections/<uuid:pk>/dispute/", views.DisputeView.as_view()),
    path("inspections/<uuid:pk>/reply/", views.ReplyView.as_view()),
    path("inspections/<uuid:pk>/appeal/", views.AppealView.as_view()),
    path("inspections/<uuid:pk>/publish/", views.PublishView.as_view()),
    path("inspections/<uuid:pk>/withdraw/", views.WithdrawView.as_view()),
    path("appeals/", views.AppealListView.as_view()),
    path("appeals/<uuid:pk>/decide/", views.DecideView.as_view()),
]
