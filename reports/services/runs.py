"""Making reports: ask, make (a long act with progress), try again."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from kmop.accounts.models import User
from kmop.audit import services as audit
from kmop.notifications.services import notify
from kmop.shared import jobs
from kmop.shared.access import require
from kmop.shared.errors import RuleBroken
from kmop.shared.jobs import Claim, enqueue
from kmop.shared.models import bump
from reports import validators
from reports.catalogue.erasing import quoted
from reports.catalogue.frozen import to_json
from reports.catalogue.registry import Report
from reports.choices import REPORT_READY, Action, RunState
from reports.models import Run, RunFile, Schedule
from reports.renderers.registry import renderer_of, renderers
from reports.services.erasing import remember_quotes
from reports.services.orders import kept_params, order_of, read_order
from reports.services.rendering import Made, render, versions_of
from reports.services.snapshots import snapshot

MAKE = "reports.tasks.make_run"
GATHERED, RENDERED = 30, 95


@transaction.atomic
def ask_for_report(
    *,
    report: Report,
    params: Mapping[str, Any],
    by: User,
    formats: Sequence[str] = (),
    schedule: Schedule | None = None,
    scheduled_for: date | None = None,
) -> Run:
    """Ask for a report; a worker makes it. Without `formats` in every format there is.

    Raises `ValidationError` keyed by parameter (or "formats", "language"), `NotAllowed` by the report's rule.
    """
    order = read_order(report=report, params=params, by=by)
    wanted = list(formats) or list(renderers())
    validators.formats_are_known(wanted, list(renderers()))
    run = Run(
        report=report.code,
        params=kept_params(order),
        formats=wanted,
        language=order.language,
        project=order.project,
        organisation=order.organisation,
        asked_by=by,
        schedule=schedule,
        scheduled_for=scheduled_for,
    )
    run.job = enqueue(MAKE, by=by, run_id=str(run.pk))
    run.full_clean()
    run.save()
    audit.record(by, Action.REPORT_ASKED, run, report=report.code, params=run.params, formats=wanted)
    return run


def make_run(*, run_id: UUID, claim: Claim) -> None:
    """Make a run (a long act): gather in one snapshot, freeze, render each format, keep all of it or nothing.

    Raises `TypesettingFailed` where the PDF can't be made, `Stale` where another worker took over.
    """
    run = Run.objects.select_related("project", "organisation", "asked_by").get(pk=run_id)
    if run.state == RunState.DONE:
        with claim.finish():
            return
    report, order = order_of(run)
    with translation.override(order.language):
        with snapshot():
            document = report.gather(order)
        claim.progress(GATHERED)
        frozen = to_json(document)
        title = str(report.title)
        made = []
        for at, name in enumerate(run.formats, 1):
            made.append(render(run, document, title, renderer_of(name)))
            claim.progress(GATHERED + (RENDERED - GATHERED) * at // len(run.formats))
    with claim.finish():
        _keep(run, frozen, made)
        remember_quotes(run, quoted(document))
        if not run.asked_by.is_service:
            facts = {"report": title, "subject": document.meta.subject}
            notify(run.asked_by, REPORT_READY, params=facts, link=f"/reports/runs/{run.pk}/")


def _keep(run: Run, frozen: str, made: Sequence[Made]) -> None:
    run.frozen = frozen
    run.frozen_sha256 = hashlib.sha256(frozen.encode()).hexdigest()
    run.renderer = versions_of(made)
    run.state = RunState.DONE
    run.done_at = timezone.now()
    bump(run, "frozen", "frozen_sha256", "renderer", "state", "done_at")
    RunFile.objects.bulk_create(
        RunFile(
            run=run,
            format=each.renderer.format,
            file=each.path,
            name=each.name,
            content_type=each.renderer.content_type,
            size=each.size,
            sha256=each.sha256,
        )
        for each in made
    )
    sums = {each.renderer.format: each.sha256 for each in made}
    audit.record(run.asked_by, Action.REPORT_MADE, run, frozen=run.frozen_sha256, files=sums)


@transaction.atomic
def try_again(*, run: Run, by: User) -> None:
    """Let the parked making of a run wait again. Raises `NotAllowed`, `RuleBroken` where it isn't parked."""
    require(by, "reports.try_again", run)
    if run.job is None or not jobs.retry(run.job):
        raise RuleBroken(_("This report waits, is being made, or is ready already."), "wrong_state")
    audit.record(by, Action.REPORT_ASKED, run, report=run.report, again=True)


@transaction.atomic
def note_download(*, file: RunFile, by: User) -> None:
    """Remember who took which file. Raises `NotAllowed`."""
    require(by, "reports.view_run", file.run)
    audit.record(by, Action.REPORT_DOWNLOADED, file.run, format=file.format, sha256=file.sha256)


def make_now(*, run: Run) -> Any:
    """Make an asked-for run here, unless a worker has it already; the run as it stands after that, with its state."""
    if run.job_id is not None:
        jobs.run(run.job_id)
    return standing(run)


def standing(run: Run) -> Any:
    """The run as it is now: `now` and `percent` say where its making stands."""
    return Run.objects.with_state().select_related("job").prefetch_related("files", "erasures").get(pk=run.pk)
