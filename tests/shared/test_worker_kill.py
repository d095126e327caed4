"""Real processes: a worker killed in the middle, and a broker that lost everything, lose no job."""

from pathlib import Path

import pytest

from kmop.shared.models import Job, JobState, Tombstone
from tests.shared.worker_jobs import STUCK
from tests.shared.workers import beat, kill, place_in, portal_command, until, worker

ENQUEUE = f"from kmop.shared.jobs import enqueue; import tests.shared.worker_jobs; enqueue('{STUCK}', name='one')"


def is_done() -> bool:
    return Job.objects.filter(task=STUCK, state=JobState.DONE).exists()


def effects() -> list[str]:
    return list(Tombstone.objects.filter(kind="worked").values_list("object_id", flat=True))


@pytest.mark.django_db(transaction=True)
def test_worker_killed_in_the_middle_and_the_job_done_once(tmp_path: Path, worker_number: int) -> None:
    place = place_in(tmp_path, worker_number)
    portal_command(place, ENQUEUE)
    with beat(place):
        with worker(place) as first:
            until((tmp_path / "begun-one").exists, place)
            kill(first)
        assert (effects(), is_done()) == ([], False)
        with worker(place):
            until(is_done, place)
    row = Job.objects.get(task=STUCK)
    assert (row.tries, row.claim, effects()) == (2, 2, ["one"])


@pytest.mark.django_db(transaction=True)
def test_broker_flushed_and_nothing_lost(tmp_path: Path, worker_number: int) -> None:
    place = place_in(tmp_path, worker_number)
    (tmp_path / "begun-one").touch()
    portal_command(place, ENQUEUE)
    assert place.bells() == 1
    place.empty_broker()
    assert place.bells() == 0
    with beat(place), worker(place):
        until(is_done, place)
    row = Job.objects.get(task=STUCK)
    assert (row.tries, effects()) == (1, ["one"])
