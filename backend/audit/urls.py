from django.urls import path

from backend.audit import views

urlpatterns = [
    path("audit/", views.AuditList.as_view(), name="audit-list"),
    path("audit/verify/", views.AuditVerify.as_view(), name="audit-verify"),
]
