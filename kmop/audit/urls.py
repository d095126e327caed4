"""Addresses of the machine room."""

from django.urls import path

from kmop.audit.views import jobs, trail

app_name = "audit"
urlpatterns = [
    path("administration/audit/", trail.AuditView.as_view(), name="audit"),
    path("administration/jobs/", jobs.JobsView.as_view(), name="jobs"),
    path("administration/jobs/<uuid:pk>/retry/", jobs.JobRetryView.as_view(), name="job-retry"),
]
