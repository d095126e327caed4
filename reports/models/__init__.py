"""Runs of reports, their files, and schedules."""

from reports.models.demo import DemoBuild
from reports.models.runs import Run, RunErasure, RunFile, RunQuote, Schedule

__all__ = ["DemoBuild", "Run", "RunErasure", "RunFile", "RunQuote", "Schedule"]
