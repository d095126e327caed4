"""The daily digest: once a day, in the person's language, sent once or told that it perhaps was."""

import smtplib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connections
from django.utils.translation import gettext_lazy as _

from kmop.accounts.models import User
from kmop.notifications.choices import MailState, kind
from kmop.notifications.models import DigestMail, Notice
from kmop.notifications.services import mark_read, notify
from kmop.notifications.services.digests import build_digests
from kmop.notifications.services.outbox import hand_over
from kmop.shared import jobs
from kmop.shared.models import Job, JobState
from tests.factories_basement import person, service
from tests.fixtures_basement import RunJobs

DAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 5, tzinfo=UTC)
NEWS = kind("tests.news", _("Greek"))
SILENT = kind("tests.silent", "Not mailed", is_mailed=False)


def tell(user: User, which: Any = NEWS, hours: int = 1) -> Notice:
    return notify(user, which, params={}, link="/projects/7/", at=NOW - timedelta(hours=hours))


class Broken(BaseEmailBackend):
    """A mail server that fails as the test says."""

    on_open: Exception | None = None
    on_send: Exception | None = None

    def open(self) -> bool:
        if self.on_open:
            raise self.on_open
        return True

    def send_messages(self, email_messages: Any) -> int:
        if self.on_send:
            raise self.on_send
        return 0

    def close(self) -> None:
        raise smtplib.SMTPServerDisconnected


@pytest.mark.django_db
def test_one_mail_a_day_in_the_persons_language(run_jobs: RunJobs) -> None:
    alice, eleni = person("Alice"), person("Eleni", language="el")
    for user in (alice, alice, eleni):
        tell(user)
    assert build_digests(day=DAY, now=NOW) == 2
    assert [job.state for job in run_jobs()] == [JobState.DONE, JobState.DONE]
    to_alice, to_eleni = sorted(mail.outbox, key=lambda one: one.to)
    digest = DigestMail.objects.get(user=alice)
    assert to_alice.subject == "2 new notices in the portal"
    assert str(to_alice.body).count("- Greek\n  http://127.0.0.1:8000/projects/7/\n") == 2
    assert str(to_alice.body).startswith("Good morning Alice,\n")
    assert to_alice.extra_headers["Message-ID"] == f"<{digest.pk}@portal>"
    assert "- Ελληνικά\n" in str(to_eleni.body)
    assert set(DigestMail.objects.values_list("state", flat=True)) == {MailState.SENT}


@pytest.mark.django_db
def test_never_twice_a_day(run_jobs: RunJobs) -> None:
    alice = person()
    tell(alice)
    assert [build_digests(day=DAY, now=NOW), build_digests(day=DAY, now=NOW)] == [1, 0]
    late = tell(alice)
    assert build_digests(day=DAY, now=NOW) == 0
    run_jobs()
    assert len(mail.outbox) == 1
    assert build_digests(day=DAY + timedelta(days=1), now=NOW + timedelta(days=1)) == 1
    late.refresh_from_db()
    assert late.digest is not None
    assert late.digest.day == DAY + timedelta(days=1)


@pytest.mark.django_db
def test_who_gets_none() -> None:
    reader, gone, robot, early, quiet = person("A"), person("B"), service(), person("C"), person("D")
    for user in (reader, gone, robot):
        tell(user)
    tell(quiet, SILENT)
    tell(early, hours=-1)
    mark_read(notices=None, by=reader)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert build_digests(day=DAY, now=NOW) == 0


@pytest.mark.django_db
def test_the_daily_job(run_jobs: RunJobs) -> None:
    tell(person())
    jobs.enqueue("notifications.tasks.build_digests")
    assert [job.task for job in run_jobs()] == ["notifications.tasks.build_digests", "notifications.tasks.send_digest"]
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_two_builders_at_once_make_one_mail_each() -> None:
    for number in range(5):
        tell(person(f"P{number}"))

    def build(_number: int) -> int:
        try:
            return build_digests(day=DAY, now=NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(build, range(4))) == 5
    assert DigestMail.objects.count() == Job.objects.count() == 5
    assert Notice.objects.filter(digest__isnull=True).count() == 0


@pytest.mark.django_db
def test_a_worker_that_died_while_sending_leaves_perhaps(run_jobs: RunJobs) -> None:
    tell(person())
    build_digests(day=DAY, now=NOW)
    DigestMail.objects.update(state=MailState.SENDING)
    run_jobs()
    digest = DigestMail.objects.get()
    assert (str(digest), mail.outbox) == ("2026-11-24 perhaps", [])


@pytest.mark.django_db
def test_what_did_not_leave_is_tried_again(monkeypatch: pytest.MonkeyPatch, settings: Any, run_jobs: RunJobs) -> None:
    tell(person())
    build_digests(day=DAY, now=NOW)
    job = Job.objects.get()
    monkeypatch.setattr(Broken, "on_open", ConnectionRefusedError())
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    assert jobs.run(job.pk) == JobState.QUEUED
    assert DigestMail.objects.get().state == MailState.NOT_SENT
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Job.objects.update(not_before=None)
    run_jobs()
    assert (DigestMail.objects.get().state, len(mail.outbox)) == (MailState.SENT, 1)


@pytest.mark.django_db
def test_a_sent_mail_is_not_sent_again(run_jobs: RunJobs) -> None:
    tell(person())
    build_digests(day=DAY, now=NOW)
    run_jobs()
    jobs.enqueue("notifications.tasks.send_digest", mail_id=str(DigestMail.objects.get().pk))
    run_jobs()
    assert (DigestMail.objects.get().state, len(mail.outbox)) == (MailState.SENT, 1)


@pytest.mark.parametrize(
    "on_open, on_send, state",
    [
        (TimeoutError(), None, MailState.NOT_SENT),
        (smtplib.SMTPAuthenticationError(535, b"no"), None, MailState.NOT_SENT),
        (None, smtplib.SMTPRecipientsRefused({}), MailState.NOT_SENT),
        (None, smtplib.SMTPDataError(550, b"no"), MailState.NOT_SENT),
        (None, smtplib.SMTPServerDisconnected(), MailState.PERHAPS),
        (None, TimeoutError(), MailState.PERHAPS),
        (None, None, MailState.NOT_SENT),
    ],
)
def test_how_a_sending_ends(
    on_open: Exception | None, on_send: Exception | None, state: MailState, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Broken, "on_open", on_open)
    monkeypatch.setattr(Broken, "on_send", on_send)
    assert hand_over(EmailMessage("s", "b", to=["a@kmop.example"], connection=Broken())) == state
