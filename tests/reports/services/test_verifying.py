"""A changed or missing file, and changed data, are found."""

from pathlib import Path

import pytest

from kmop.shared.models import Job
from reports.catalogue.registry import report_of
from reports.models import Run, RunFile
from reports.services.runs import ask_for_report, make_now
from reports.services.verifying import Broken, verify_reports
from tests.factories import Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> Run:
    """A made run with two files."""
    cast: Cast = make_cast()
    params = {"project": "STR-25", "as_of": "2026-11-24"}
    asked = ask_for_report(report=report_of("project-progress"), params=params, formats=["html", "xlsx"], by=cast.alice)
    made: Run = make_now(run=asked)
    return made


def test_nothing_is_broken_and_a_waiting_run_is_not_looked_at(run: Run) -> None:
    Run.objects.create(report="x", asked_by=run.asked_by, job=Job.objects.create(task="t"))

    found = verify_reports()

    assert (found.runs, found.files, found.broken) == (1, 2, [])


def test_every_change_is_found(run: Run) -> None:
    html, xlsx = (RunFile.objects.get(run=run, format=name) for name in ("html", "xlsx"))
    with Path(html.file.path).open("ab") as file:
        file.write(b" ")
    Path(xlsx.file.path).unlink()
    Run.objects.filter(pk=run.pk).update(frozen=run.frozen + " ")

    assert verify_reports().broken == [
        Broken(str(run.pk), "data", "changed"),
        Broken(str(run.pk), "html", "changed"),
        Broken(str(run.pk), "xlsx", "missing"),
    ]
