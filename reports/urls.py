"""Addresses of the pages that show facts of several floors, and of reports."""

from django.urls import path

from reports.views import catalogue, runs, schedules
from reports.views.home import HomeView
from reports.views.overview import ProjectOverviewView
from reports.views.portfolio import PortfolioView
from reports.views.styleguide import StyleGuideView

app_name = "reports"
urlpatterns = [
    path("home/", HomeView.as_view(), name="home"),
    path("projects/", PortfolioView.as_view(), name="portfolio"),
    path("projects/<int:pk>/", ProjectOverviewView.as_view(), name="project-overview"),
    path("styleguide/", StyleGuideView.as_view(), name="styleguide"),
    path("reports/", catalogue.CatalogueView.as_view(), name="catalogue"),
    path("reports/make/<slug:report>/", catalogue.MakeView.as_view(), name="make"),
    path("reports/runs/", runs.ArchiveView.as_view(), name="runs"),
    path("reports/runs/<uuid:pk>/", runs.RunView.as_view(), name="run"),
    path("reports/runs/<uuid:pk>/again/", runs.RunAgainView.as_view(), name="run-again"),
    path("reports/runs/<uuid:pk>/files/<slug:format>/", runs.RunFileView.as_view(), name="run-file"),
    path("reports/schedules/", schedules.SchedulesView.as_view(), name="schedules"),
    path("reports/schedules/new/<slug:report>/", schedules.ScheduleNewView.as_view(), name="schedule-new"),
    path("reports/schedules/<int:pk>/pause/", schedules.SchedulePauseView.as_view(), name="schedule-pause"),
]
