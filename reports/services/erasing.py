"""An erasure reaches the reports: a voice leaves the runs that quote it, from data and files; figures stay."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone, translation

from beneficiaries.models import Feedback
from kmop.accounts.services import service_account
from kmop.audit import services as audit
from kmop.shared.jobs import Claim, enqueue
from kmop.shared.models import bump
from reports.catalogue.erasing import without
from reports.catalogue.frozen import from_json, to_json
from reports.catalogue.registry import reports
from reports.choices import Action
from reports.models import Run, RunErasure, RunFile, RunQuote
from reports.renderers.registry import renderer_of
from reports.services.rendering import Made, render, versions_of

ERASE = "reports.tasks.erase_quotes"
TIMETABLE = "timetable"


@dataclass(frozen=True)
class _Again:
    """A run made again without a voice, not kept yet."""

    run: Run
    frozen: str
    made: list[Made]


def forget_quotes(feedback_id: UUID) -> None:
    """Owe the erasure of a message's words from all runs, within the caller's transaction."""
    if RunQuote.objects.filter(feedback_id=feedback_id).exists():
        enqueue(ERASE, feedback_id=str(feedback_id))


def remember_quotes(run: Run, sources: Iterable[str]) -> None:
    """Keep which messages a run quotes, in the transaction that keeps the run.

    The messages are locked, so that an erasure either comes after this and finds the run, or came before: then its
    words are owed out of it at once.
    """
    ids = {UUID(one) for one in sources}
    found = set(Feedback.objects.select_for_update(no_key=True).filter(pk__in=ids).values_list("pk", flat=True))
    RunQuote.objects.bulk_create(RunQuote(run=run, feedback_id=one) for one in sorted(ids))
    for gone in sorted(ids - found):
        enqueue(ERASE, feedback_id=str(gone))


def erase_quotes(*, feedback_id: UUID, claim: Claim) -> None:
    """Take a message's words out of every run that quotes it (a long act); a second time there is nothing to do.

    The files are rendered again from the data without the words, both hashes are kept with the day, and the old files
    are deleted once that holds. Raises `Stale` where somebody changed a run meanwhile: the job is tried again.
    """
    rows = Run.objects.done().filter(quotes__feedback_id=feedback_id).order_by("created_at", "id")
    made = []
    for run in rows.prefetch_related("files"):
        made.append(_make_again(run, feedback_id))
        claim.beat()
    with claim.finish():
        for one in made:
            _keep(one, feedback_id)


def _make_again(run: Run, feedback_id: UUID) -> _Again:
    report = reports().get(run.report)
    with translation.override(run.language):
        document = without(
            from_json(run.frozen), {str(feedback_id)}, day=timezone.localdate(), before=run.frozen_sha256
        )
        title = str(report.title) if report else run.report
        files = [render(run, document, title, renderer_of(file.format)) for file in run.files.all()]
    return _Again(run, to_json(document), files)


def _keep(again: _Again, feedback_id: UUID) -> None:
    run, before, now = again.run, again.run.frozen_sha256, timezone.now()
    files = {file.format: file for file in run.files.all()}
    old = [str(file.file.name) for file in files.values()]
    told = [
        {"format": one.renderer.format, "sha256_before": files[one.renderer.format].sha256, "sha256_after": one.sha256}
        for one in again.made
    ]
    run.frozen, run.renderer = again.frozen, versions_of(again.made)
    run.frozen_sha256 = hashlib.sha256(again.frozen.encode()).hexdigest()
    bump(run, "frozen", "frozen_sha256", "renderer")
    for one in again.made:
        _replace(files[one.renderer.format], one)
    RunErasure.objects.create(run=run, at=now, frozen_before=before, frozen_after=run.frozen_sha256, files=told)
    RunQuote.objects.filter(run=run, feedback_id=feedback_id).delete()
    facts: dict[str, Any] = {"before": before, "after": run.frozen_sha256, "files": told}
    audit.record(service_account(TIMETABLE), Action.REPORT_VOICE_ERASED, run, **facts)
    transaction.on_commit(lambda: _delete(old))


def _replace(file: RunFile, one: Made) -> None:
    file.file, file.size, file.sha256 = one.path, one.size, one.sha256
    file.save(update_fields=["file", "size", "sha256"])


def _delete(names: list[str]) -> None:
    """The old files; what a crash leaves here no row names any more, and the nightly sweep takes it."""
    for name in names:
        default_storage.delete(name)
