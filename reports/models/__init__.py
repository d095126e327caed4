"""Runs of reports, their files, and schedules."""

from reports.models.demo import DemoBuild
from reports.models.runs import Run, RunFile, Schedule

__all__ = ["DemoBuild", "Run", "RunFile", "Schedule"]
