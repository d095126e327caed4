"""One mail a day to each person with unread notices, in the person's language."""

from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import ngettext

from kmop.notifications.choices import MailState, mailed_kinds
from kmop.notifications.models import DigestMail, Notice, NoticeQuerySet
from kmop.notifications.services.outbox import hand_over
from kmop.shared.jobs import Claim, enqueue_many

SEND = "notifications.tasks.send_digest"


class MailNotSent(Exception):
    """The mail did not leave; the job waits for its next try."""


def _pending(now: datetime) -> NoticeQuerySet:
    rows = Notice.objects.unread().unmailed().shown_by(now).filter(kind__in=mailed_kinds())
    return rows.filter(user__is_active=True, user__kind="person")


@transaction.atomic
def build_digests(*, day: date, now: datetime) -> int:
    """Gather what is unread into one mail for each person who had none on `day`, and owe its sending; returns how many.

    Safe to run twice and at once: person and day are unique, later notices wait for the next day.
    """
    had_one = DigestMail.objects.filter(day=day).values("user_id")
    people = _pending(now).exclude(user_id__in=had_one).order_by("user_id").values_list("user_id", flat=True).distinct()
    mails = [DigestMail(user_id=user_id, day=day) for user_id in people]
    DigestMail.objects.bulk_create(mails, ignore_conflicts=True)
    made = list(DigestMail.objects.filter(pk__in=[mail.pk for mail in mails]))
    mine = DigestMail.objects.filter(user_id=OuterRef("user_id"), day=day).values("pk")[:1]
    _pending(now).filter(user_id__in=[mail.user_id for mail in made]).update(digest_id=Subquery(mine))
    enqueue_many(SEND, [{"mail_id": str(mail.pk)} for mail in made])
    return len(made)


def send_digest(*, mail_id: UUID, claim: Claim) -> None:
    """Send one digest (a long act). It ends as sent, not sent or perhaps sent, and is never sent a second time.

    Raises `MailNotSent` where it certainly did not leave, so that the job tries again later.
    """
    started = DigestMail.objects.filter(pk=mail_id, state__in=[MailState.WAITING, MailState.NOT_SENT]).update(
        state=MailState.SENDING
    )
    outcome = MailState.PERHAPS  # begun before and never ended: its worker died with the mail in its hands
    if started:
        outcome = hand_over(digest_message(DigestMail.objects.select_related("user").get(pk=mail_id)))
    begun = DigestMail.objects.filter(pk=mail_id, state=MailState.SENDING)
    if outcome == MailState.NOT_SENT:
        begun.update(state=outcome, ended_at=timezone.now())
        raise MailNotSent
    with claim.finish():
        begun.update(state=outcome, ended_at=timezone.now())


def digest_message(mail: DigestMail) -> EmailMessage:
    """The mail of a digest in its reader's language, with the row's id as Message-ID."""
    with translation.override(mail.user.language):
        notices = list(mail.notices.order_by("at", "id"))
        said = ngettext("%(count)d new notice in the portal", "%(count)d new notices in the portal", len(notices))
        context = {"mail": mail, "notices": notices, "portal": settings.PORTAL_URL.rstrip("/")}
        return EmailMessage(
            subject=said % {"count": len(notices)},
            body=render_to_string("notifications/digest.txt", context),
            to=[mail.user.email],
            headers={"Message-ID": f"<{mail.pk}@portal>", "Auto-Submitted": "auto-generated"},
        )
