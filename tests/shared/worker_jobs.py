"""Jobs of the tests with real workers; a worker loads them by `--include tests.shared.worker_jobs`."""

import os
from pathlib import Path
from threading import Event

from kmop.shared.jobs import Claim, long_job
from kmop.shared.models import Tombstone

STUCK = "tests.stuck_once"


@long_job(STUCK, queue="now")
def stick_the_first_time(claim: Claim, name: str) -> None:
    """Hangs in the middle for ever; whoever does it again goes through."""
    begun = Path(os.environ["DATA_DIR"]) / f"begun-{name}"
    if not begun.exists():
        begun.touch()
        Event().wait()
    with claim.finish():
        Tombstone.objects.create(kind="worked", object_id=name)
