"""Table of contents of the API: every route of the stages, in the order of an inspection's life."""

from django.urls import include, path, re_path

from inspections.checklists import views as checklists
from inspections.fieldwork import difference_views as differences
from inspections.fieldwork import views as fieldwork
from inspections.followup import views as followup
from inspections.planning import assignment_views as assignments
from inspections.planning import calendar_views as calendars
from inspections.planning import proposal_views as proposals
from inspections.planning import queue_views as queue
from inspections.planning import series_views as series
from inspections.plastics import views as plastics
from inspections.records import views as records
from inspections.submission import evidence_views as evidence
from inspections.submission import upload_views as uploads
from inspections.submission import views as submission
from inspections.summaries import store_views as stores
from inspections.summaries import summary_views as figures
from inspections.summaries import views as summaries
from inspections.sync import conflict_views as conflicts
from inspections.sync import views as sync

urlpatterns = [
    path("checklists/", checklists.ChecklistListView.as_view()),
    path("checklists/import/", checklists.ChecklistImportView.as_view()),
    path("checklists/<str:name>/", checklists.ChecklistView.as_view()),
    path("checklists/<str:name>/publish/", checklists.ChecklistPublishView.as_view()),
    path("checklists/<str:name>/retire/", checklists.ChecklistRetireView.as_view()),
    path("checklists/<str:name>/diff/<str:other>/", differences.ChecklistDifferenceView.as_view()),
    path("inspections/", fieldwork.InspectionListView.as_view()),
    path("inspections/<uuid:pk>/", submission.InspectionView.as_view()),
    path("inspections/<uuid:pk>/submit/", submission.SubmitView.as_view()),
    path("inspections/<uuid:pk>/result/", submission.ResultView.as_view()),
    path("inspections/<uuid:pk>/void/", fieldwork.VoidView.as_view()),
    path("inspections/<uuid:pk>/close-evidence/", submission.CloseEvidenceView.as_view()),
    path("inspections/<uuid:pk>/record/", records.RecordView.as_view()),
    path("inspections/<uuid:pk>/record.pdf", records.RecordFileView.as_view()),
    path("inspections/<uuid:pk>/addenda/<int:sequence>.pdf", records.AddendumFileView.as_view()),
    path("evidence/missing/", evidence.MissingEvidenceView.as_view()),
    re_path(r"^evidence/(?P<sha256>[0-9a-f]{64})/\Z", evidence.EvidenceView.as_view()),
    re_path(r"^evidence/(?P<sha256>[0-9a-f]{64})/thumbnail/\Z", evidence.ThumbnailView.as_view()),
    re_path(r"^evidence/(?P<sha256>[0-9a-f]{64})/upload/\Z", uploads.UploadView.as_view()),
    path("findings/", followup.FindingListView.as_view()),
    path("findings/accept/", followup.AcceptManyView.as_view()),
    path("findings/<uuid:pk>/", followup.FindingView.as_view()),
    path("findings/<uuid:pk>/respond/", followup.RespondView.as_view()),
    path("findings/<uuid:pk>/accept/", followup.AcceptView.as_view()),
    path("findings/<uuid:pk>/refuse/", followup.RefuseView.as_view()),
    path("findings/<uuid:pk>/reopen/", followup.ReopenView.as_view()),
    path("findings/<uuid:pk>/except/", followup.ExceptView.as_view()),
    path("follow-up-proposals/", proposals.ProposalListView.as_view()),
    path(
        "assignments/",
        assignments.AssignmentViewSet.as_view({"get": "list", "post": "create"}),
    ),
    path("planning/queue/", queue.QueueView.as_view()),
    path("planning/calendar/", calendars.OwnCalendarView.as_view()),
    path("planning/calendars/<str:token>.ics", calendars.CalendarView.as_view()),
    path("assignments/series/", series.AssignmentSeriesListView.as_view()),
    path("assignments/series/<uuid:pk>/", series.AssignmentSeriesView.as_view()),
    path("assignments/series/<uuid:pk>/cancel/", series.CancelSeriesView.as_view()),
    path(
        "assignments/<uuid:id>/",
        assignments.AssignmentViewSet.as_view({"get": "retrieve", "patch": "partial_update"}),
    ),
    path(
        "assignments/<uuid:id>/cancel/", assignments.AssignmentViewSet.as_view({"post": "cancel"})
    ),
    path("bag-returns/", plastics.BagReturnListView.as_view()),
    path("bag-returns/<str:code>/<str:month>/", plastics.BagReturnView.as_view()),
    path("bag-returns/<str:code>/<str:month>/confirm/", plastics.ConfirmView.as_view()),
    path("establishments/<str:code>/scorecard/", summaries.ScorecardView.as_view()),
    path("establishments/<str:code>/poster.pdf", summaries.PosterView.as_view()),
    path("summaries/plastics/", stores.PlasticsView.as_view()),
    path("summaries/food-safety/", figures.FoodSafetyView.as_view()),
    path("sync/bundle/", sync.BundleView.as_view()),
    path("conflicts/", conflicts.ConflictListView.as_view()),
    path("conflicts/<int:pk>/", conflicts.ConflictView.as_view()),
    path("sync/changes/", sync.ChangesView.as_view()),
    path("sync/push/", sync.PushView.as_view()),
    path("", include("inspections.sync.quarantine_urls")),
    path("", include("inspections.disputes.urls")),
    path("public/", include("inspections.public_urls")),
]
