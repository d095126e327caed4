"""The bell, the tick, the sweep, and the timetable that names only what exists."""

from collections import Counter

import pytest
from celery import current_app

from kmop.celery import TIMETABLE
from kmop.shared import jobs, tasks
from kmop.shared.jobs import enqueue, find
from kmop.shared.models import Job, JobState
from kmop.shared.timetable import Line
from tests.fixtures_basement import RunJobs


def test_beat_has_one_line() -> None:
    assert [entry["task"] for entry in current_app.conf.beat_schedule.values()] == ["shared.tasks.tick"]
    assert {tasks.tick.name, tasks.work.name} == {"shared.tasks.tick", jobs.BELL}


@pytest.mark.parametrize("line", TIMETABLE, ids=lambda line: line.name)
def test_each_line_names_a_job_and_says_why(line: Line) -> None:
    assert find(line.task).name == line.task
    assert len(str(line.comment).split()) >= 5


def test_lines_are_named_once_and_avoid_the_changing_hour() -> None:
    assert set(Counter(line.name for line in TIMETABLE).values()) == {1}
    assert [line.name for line in TIMETABLE if line.cron.split()[1] == "3"] == []


@pytest.mark.django_db
def test_a_bell_does_its_job() -> None:
    row = enqueue("shared.tasks.sweep")
    tasks.work(str(row.pk))
    row.refresh_from_db()
    assert (row.state, row.error) == (JobState.DONE, "")


@pytest.mark.django_db
def test_the_tick_reads_the_timetable(run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch) -> None:
    sweep = [line for line in TIMETABLE if line.name == "sweep"]
    monkeypatch.setitem(current_app.conf, "timetable", sweep)
    tasks.tick()
    assert list(Job.objects.exclude(line=jobs.TICK_LINE).values_list("line", "task")) == [
        ("sweep", "shared.tasks.sweep")
    ]
    run_jobs()
