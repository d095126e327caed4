"""Plain makers of orders and runs of reports."""

from datetime import UTC, date, datetime
from typing import Any

from kmop.accounts.models import User
from partners.models import Organisation
from projects.models import Project
from reports.catalogue.registry import Order
from reports.choices import RunState
from reports.models import Run, RunErasure

DAY = date(2026, 11, 24)
FROZEN = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def make_order(
    by: User, project: Project | None = None, organisation: Organisation | None = None, **fields: Any
) -> Order:
    """An order in English, to the day, of run "run"."""
    given = {"as_of": DAY, "language": "en", "run": "run", "frozen_at": FROZEN, **fields}
    return Order(by=by, project=project, organisation=organisation, **given)


def make_run(by: User, project: Project | None = None, organisation: Organisation | None = None, **fields: Any) -> Run:
    """A run that is ready, as it lies in the database, without any file."""
    given = {
        "report": "project-progress",
        "params": {"as_of": DAY.isoformat(), "language": "en"},
        "formats": ["html"],
        "state": RunState.DONE,
        **fields,
    }
    return Run.objects.create(asked_by=by, project=project, organisation=organisation, **given)


def make_erasure(run: Run) -> RunErasure:
    """A voice that left a run with one file: all hashes are letters."""
    files = [{"format": "html", "sha256_before": "c" * 64, "sha256_after": "d" * 64}]
    return RunErasure.objects.create(run=run, at=FROZEN, frozen_before="a" * 64, frozen_after="b" * 64, files=files)
