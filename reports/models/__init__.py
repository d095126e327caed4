"""Runs of reports, their files, and schedules."""

from reports.models.runs import Run, RunFile, Schedule

__all__ = ["Run", "RunFile", "Schedule"]
