"""Fixtures of jobs and audit trail, for `tests/conftest.py`."""

from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test import TransactionTestCase

from kmop.audit.migrations._triggers import drop_triggers, make_triggers
from kmop.shared import jobs
from kmop.shared.models import Job, JobState

RunJobs = Callable[..., list[Job]]


@pytest.fixture(scope="session", autouse=True)
def lifted_audit_triggers() -> Iterator[None]:
    """Transactional tests end with a flush, which the append-only trail refuses: lift its triggers for it."""
    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def flush_with_lifted_triggers(case: TransactionTestCase) -> None:
        drop_triggers(connection)
        try:
            flush(case)
        finally:
            make_triggers(connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_with_lifted_triggers)
        yield


@pytest.fixture
def run_jobs() -> RunJobs:
    """Do all waiting jobs (also those they enqueue) by the worker's own function, one after the other.

    Gives the jobs as they ended. A job that did not end as done fails the test, unless `failing=True`.
    """

    def run(*, failing: bool = False) -> list[Job]:
        ended: dict[object, Job] = {}
        while waiting := list(Job.objects.filter(state=JobState.QUEUED).exclude(pk__in=ended).order_by("created_at")):
            for row in waiting:
                jobs.run(row.pk)
                row.refresh_from_db()
                ended[row.pk] = row
                assert failing or row.state == JobState.DONE, f"{row.task}: {row.error}"
        return list(ended.values())

    return run
