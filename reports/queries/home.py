"""What must somebody do today? Everything that waits for one person, each with its address."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from textwrap import shorten
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from beneficiaries.models import Feedback, SensitiveReport
from kmop.shared.access import ask
from kmop.shared.models import Job, JobState
from kmop.shared.text import in_language
from projects.models import Assumption, DonorObligation, LegacyCheck, Project, Risk
from projects.queries.due import due_groups
from projects.queries.frame import project_name
from projects.queries.review import review_counts

WEEK = timedelta(days=7)
EACH = 5
LONGEST = 120


@dataclass(frozen=True)
class Task:
    """One thing to do: words, address, the word on the button, and the day it is due (None: no day)."""

    title: str
    sub: str
    url: str
    act: str
    icon: str
    due_on: date | None
    is_voice: bool = False


def tasks(user: Any, *, day: date) -> list[Task]:
    """What waits for `user`, the oldest due day first, in a fixed number of statements."""
    found = [
        *_figures(user, day),
        *_review(user, day),
        *_messages(user),
        *_protected(user),
        *_risks(user, day),
        *_assumptions(user, day),
        *_funders(user, day),
        *_legacy(user, day),
        *_jobs(user),
    ]
    return sorted(found, key=lambda one: (one.due_on is None, one.due_on or day, one.title))


def _figures(user: Any, day: date) -> Iterator[Task]:
    for group in due_groups(user, day=day)[: 2 * EACH]:
        if not group.owed or group.due_on > day + timedelta(days=60):
            continue
        words = ngettext("Send %(n)d figure of %(project)s", "Send %(n)d figures of %(project)s", group.owed)
        yield Task(
            title=words % {"n": group.owed, "project": project_name(group.project)},
            sub=_("%(organisation)s · %(done)d of %(total)d sent")
            % {"organisation": group.organisation, "done": group.done, "total": group.total},
            url=f"/enter/figures/{group.first}/",
            act=_("Enter"),
            icon="pencil-line",
            due_on=group.due_on,
        )


def _review(user: Any, day: date) -> Iterator[Task]:
    if not ask(user, "projects.review"):
        return
    counts = review_counts(user)
    if counts.waiting:
        words = ngettext("Review %(n)d update", "Review %(n)d updates", counts.waiting) % {"n": counts.waiting}
        words_flagged = ngettext("%(n)d with flags", "%(n)d with flags", counts.flagged) % {"n": counts.flagged}
        flagged = words_flagged if counts.flagged else ""
        yield Task(words, flagged, "/review/", _("Review"), "clipboard-check", day)


def _messages(user: Any) -> Iterator[Task]:
    if not ask(user, "beneficiaries.read_voices"):
        return
    rows = Feedback.objects.visible_to(user).open().select_related("project", "place")
    for one in rows.order_by("promised_on", "received_at")[:EACH]:
        project = project_name(one.project) if one.project else ""
        yield Task(
            title=_("Answer message %(reference)s") % {"reference": one.reference},
            sub=" · ".join(str(part) for part in (project, one.place or "", one.get_channel_display()) if part),
            url=f"/voices/{one.pk}/",
            act=_("Answer"),
            icon="message-circle",
            due_on=one.promised_on,
            is_voice=True,
        )


def _protected(user: Any) -> Iterator[Task]:
    if ask(user, "beneficiaries.open_sensitive"):
        waiting = SensitiveReport.objects.filter(first_opened_at=None, closed_at=None).count()
        if waiting:
            title = _("Something waits behind the protected door")
            yield Task(title, "", "/sensitive/", _("Open"), "shield-alert", None, is_voice=True)


def _risks(user: Any, day: date) -> Iterator[Task]:
    rows = Risk.objects.open().filter(owner=user, review_on__lte=day + WEEK).select_related("project")
    for one in rows.order_by("review_on", "id")[:EACH]:
        yield Task(
            title=_("Look again at: %(risk)s") % {"risk": one.title},
            sub=_("Risk %(score)d of 25 · %(project)s") % {"score": one.severity, "project": project_name(one.project)},
            url=f"/projects/{one.project_id}/workplan/#risks",
            act=_("Look"),
            icon="triangle-alert",
            due_on=one.review_on,
        )


def _assumptions(user: Any, day: date) -> Iterator[Task]:
    """Tests that are due: for who looks after the assumption; for the project's manager what is late or nobody's."""
    managed = Project.objects.managed_by(user, "project_manager")
    rows = Assumption.objects.due_on(day + WEEK).filter(
        Q(owner=user) | Q(project__in=managed) & (Q(owner=None) | Q(due_on__lt=day))
    )
    for one in rows.select_related("project", "cause", "effect").order_by("due_on", "id")[:EACH]:
        yield Task(
            title=_("Test: %(assumption)s") % {"assumption": shorten(one.text, LONGEST, placeholder="…")},
            sub=_("From %(cause)s to %(effect)s · %(project)s")
            % {"cause": one.cause.code, "effect": one.effect.code, "project": project_name(one.project)},
            url=f"/projects/{one.project_id}/results/theory/{one.pk}/test/",
            act=_("Test"),
            icon="workflow",
            due_on=one.due_on,
        )


def _funders(user: Any, day: date) -> Iterator[Task]:
    rows = DonorObligation.objects.unmet().filter(owner=user, due_on__lte=day + timedelta(days=30))
    for one in rows.select_related("grant__project", "grant__funder").order_by("due_on", "id")[:EACH]:
        yield Task(
            title=_("Send “%(title)s” to %(funder)s") % {"title": one.title, "funder": one.grant.funder.name},
            sub=project_name(one.grant.project),
            url=f"/projects/{one.grant.project_id}/money/",
            act=_("Finish"),
            icon="file-text",
            due_on=one.due_on,
        )


def _legacy(user: Any, day: date) -> Iterator[Task]:
    managed = Project.objects.managed_by(user, "project_manager")
    rows = LegacyCheck.objects.due_on(day).filter(legacy__project__in=managed).select_related("legacy__project")
    for one in rows[:EACH]:
        words = _("%(months)d-month check: %(title)s")
        yield Task(
            title=words % {"months": one.months, "title": in_language(one.legacy.titles)},
            sub=project_name(one.legacy.project),
            url=f"/projects/{one.legacy.project_id}/legacy/",
            act=_("Check"),
            icon="sprout",
            due_on=one.due_on,
        )


def _jobs(user: Any) -> Iterator[Task]:
    if ask(user, "audit.manage_jobs"):
        failed = Job.objects.filter(state=JobState.FAILED).count()
        if failed:
            words = ngettext("%(n)d job failed", "%(n)d jobs failed", failed) % {"n": failed}
            yield Task(words, "", "/administration/jobs/?state=failed", _("Look"), "server-cog", None)
