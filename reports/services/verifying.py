"""Are the files still what they were when they were made?"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from kmop.shared.files import sha256_of
from reports.models import Run, RunFile


@dataclass(frozen=True)
class Broken:
    """A run whose frozen data ("data") or file (its format) is not what it was, and why."""

    run: str
    part: str
    reason: str


@dataclass(frozen=True)
class Verified:
    """How many runs and files were looked at, and what was found broken."""

    runs: int
    files: int
    broken: list[Broken] = field(default_factory=list)


def verify_reports() -> Verified:
    """Compare the frozen data and every file of all ready runs with the SHA-256 that was kept. Reads each once."""
    broken: list[Broken] = []
    runs = files = 0
    for run in Run.objects.done().order_by("created_at", "id").prefetch_related("files").iterator(chunk_size=50):
        runs += 1
        broken.extend(_broken_data(run))
        for file in run.files.all():
            files += 1
            broken.extend(_broken_file(run, file))
    return Verified(runs, files, broken)


def _broken_data(run: Run) -> Iterator[Broken]:
    if hashlib.sha256(run.frozen.encode()).hexdigest() != run.frozen_sha256:
        yield Broken(str(run.pk), "data", "changed")


def _broken_file(run: Run, kept: RunFile) -> Iterator[Broken]:
    try:
        with kept.file.open("rb") as file:
            found = sha256_of(file.file)
    except FileNotFoundError:
        yield Broken(str(run.pk), kept.format, "missing")
        return
    if found != kept.sha256:
        yield Broken(str(run.pk), kept.format, "changed")
