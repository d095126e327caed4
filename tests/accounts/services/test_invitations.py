"""Inviting somebody: a mail by job, a link that works once and for two weeks, a password that is good enough."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from kmop.accounts import services
from kmop.accounts.choices import PortalRole
from kmop.accounts.models import Invitation, User
from kmop.accounts.services.invitations import link_of
from kmop.audit.models import Entry
from kmop.notifications.choices import MailState
from kmop.shared.errors import NotAllowed, RuleBroken
from kmop.shared.models import Job
from tests.factories_basement import administrator, person, service
from tests.fixtures_basement import RunJobs

pytestmark = pytest.mark.django_db
GOOD = "four slow ferries to Aktaia"
MAILS = "django.core.mail.backends.locmem.EmailBackend"


def token(link: str) -> str:
    return link.rstrip("/").rsplit("/", 1)[1]


def invited(**facts: Any) -> tuple[User, str]:
    values = {"email": "bob@a.example", "name": "Bob", "by": administrator(), **facts}
    user, link = services.invite(**values)
    return user, token(link)


def actions() -> list[str]:
    return list(Entry.objects.order_by("position").values_list("action", flat=True))


# ---------------------------------------------------------------- inviting
def test_a_user_without_password_an_open_invitation_and_a_job_are_kept_in_one_act() -> None:
    user, link = invited(email=" Bob@A.example ", roles=(PortalRole.PORTFOLIO_MANAGER,), language="el")
    assert (user.email, user.name, user.language, user.has_usable_password()) == ("bob@a.example", "Bob", "el", False)
    assert user.portal_roles == {"portfolio_manager"}
    invitation = Invitation.objects.get()
    assert (invitation.user, invitation.accepted_at, invitation.mail_state) == (user, None, MailState.WAITING)
    assert services.find_invitation(link) == invitation
    assert [(job.task, job.queue, job.args) for job in Job.objects.all()] == [
        ("accounts.tasks.send_invitation", "mail", {"invitation_id": str(invitation.pk)})
    ]
    assert actions() == ["user.invited"]
    assert "bob" not in Entry.objects.get().content.lower()


def test_a_name_that_is_missing_is_taken_from_the_address() -> None:
    assert invited(name=" ")[0].name == "bob"


@pytest.mark.parametrize("email", ["", "bob", "bob@", "bob@a example"])
def test_an_address_that_is_none_is_refused_at_its_field(email: str) -> None:
    with pytest.raises(ValidationError) as error:
        invited(email=email)
    assert list(error.value.message_dict) == ["email"]
    assert (Invitation.objects.count(), Job.objects.count()) == (0, 0)


def test_only_portal_administrators_invite() -> None:
    with pytest.raises(NotAllowed):
        invited(by=person())
    with pytest.raises(NotAllowed):
        invited(by=person(role=PortalRole.PORTFOLIO_MANAGER))
    assert User.objects.filter(email="bob@a.example").count() == 0


def test_who_never_signed_in_is_invited_again_and_only_the_newest_link_works() -> None:
    user, first = invited()
    again, second = invited(email="BOB@a.example", name="Robert")
    assert (again, again.name) == (user, "Bob")
    assert services.find_invitation(first) is None
    found = services.find_invitation(second)
    assert found is not None
    assert found.user == user


@pytest.mark.parametrize("state", ["has a password", "is a service", "has ended"])
def test_an_account_that_needs_no_invitation_gets_none(state: str) -> None:
    known = service("importer") if state == "is a service" else person("Bob")
    if state == "has a password":
        known.set_password(GOOD)
    known.is_active = state != "has ended"
    known.save()
    with pytest.raises(RuleBroken) as error:
        invited(email=known.email)
    assert (error.value.code, Invitation.objects.count()) == ("duplicate", 0)


# ---------------------------------------------------------------- the mail
def test_the_mail_goes_out_by_job_in_the_persons_language_with_a_stable_id(settings: Any, run_jobs: RunJobs) -> None:
    settings.EMAIL_BACKEND = MAILS
    settings.PORTAL_URL = "https://portal.example/"
    user, link = invited(language="el")
    assert len(run_jobs()) == 1
    [sent] = mail.outbox
    invitation = Invitation.objects.get()
    assert (sent.to, invitation.mail_state) == (["bob@a.example"], MailState.SENT)
    assert f"https://portal.example/accounts/invitation/{link}/" in sent.body
    assert sent.extra_headers["Message-ID"] == f"<{invitation.pk}@portal>"
    assert user.name in sent.body


def test_a_mail_that_was_begun_before_is_not_sent_twice(settings: Any, run_jobs: RunJobs) -> None:
    settings.EMAIL_BACKEND = MAILS
    invited()
    Invitation.objects.update(mail_state=MailState.SENDING)
    run_jobs()
    assert (mail.outbox, Invitation.objects.get().mail_state) == ([], MailState.PERHAPS)


def test_a_mail_that_did_not_leave_waits_for_the_next_try(settings: Any, run_jobs: RunJobs) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    invited()
    [job] = run_jobs(failing=True)
    assert (job.state, job.error.split()[0]) == ("queued", "InvitationNotSent")
    assert Invitation.objects.get().mail_state == MailState.WAITING


# ---------------------------------------------------------------- accepting
def test_the_link_works_once() -> None:
    user, link = invited()
    joined = services.accept_invitation(token=link, name=" Bob Ross ", password=GOOD)
    joined.refresh_from_db()
    assert (joined, joined.name, joined.search_text) == (user, "Bob Ross", "bob ross bob@a.example")
    assert joined.password.startswith("argon2$argon2id$")
    assert joined.check_password(GOOD)
    assert actions() == ["user.invited", "user.joined"]
    with pytest.raises(RuleBroken) as error:
        services.accept_invitation(token=link, name="Eve", password=GOOD)
    assert error.value.code == "link_ended"
    joined.refresh_from_db()
    assert joined.name == "Bob Ross"


def test_the_link_works_for_two_weeks() -> None:
    _user, link = invited()
    made = Invitation.objects.get()
    assert made.expires_at - made.created_at > timedelta(days=13, hours=23)
    Invitation.objects.update(expires_at=timezone.now() + timedelta(minutes=1))
    assert services.find_invitation(link) == made
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert services.find_invitation(link) is None


@pytest.mark.parametrize("forged", ["", "x", "{id}", "{id}:abc", "not-an-id:{signature}", "{id}:{signature}x"])
def test_a_forged_link_opens_nothing(forged: str) -> None:
    _user, link = invited()
    pk, signature = link.split(":", 1)
    assert services.find_invitation(forged.format(id=pk, signature=signature)) is None


@pytest.mark.parametrize("change", ["has a password", "has ended"])
def test_a_link_that_is_still_open_ends_with_the_account_or_a_password_chosen_otherwise(change: str) -> None:
    user, link = invited()
    if change == "has a password":
        user.set_password(GOOD)
    else:
        user.is_active = False
    user.save()
    assert services.find_invitation(link) is None


@pytest.mark.parametrize("password", ["", "short", "password1234", "bob@a.example", "1" * 11])
def test_a_weak_password_is_refused_at_its_field_and_the_link_stays(password: str) -> None:
    user, link = invited()
    with pytest.raises(ValidationError) as error:
        services.accept_invitation(token=link, name="Bob", password=password)
    assert list(error.value.message_dict) == ["password"]
    user.refresh_from_db()
    assert not user.has_usable_password()
    assert services.find_invitation(link) is not None


# ---------------------------------------------------------------- sending again
def test_a_fresh_link_ends_the_older_ones() -> None:
    user, first = invited()
    second = token(services.resend_invitation(user=user, by=administrator()))
    assert (services.find_invitation(first), services.find_invitation(second)) == (
        None,
        Invitation.objects.latest("created_at"),
    )
    assert Job.objects.count() == 2
    assert actions() == ["user.invited", "user.invited"]


def test_nobody_but_administrators_sends_again() -> None:
    user, link = invited()
    with pytest.raises(NotAllowed):
        services.resend_invitation(user=user, by=person())
    assert services.find_invitation(link) is not None


def test_who_has_joined_is_not_invited_again() -> None:
    user, link = invited()
    services.accept_invitation(token=link, name="Bob", password=GOOD)
    with pytest.raises(RuleBroken) as error:
        services.resend_invitation(user=User.objects.get(pk=user.pk), by=administrator())
    assert error.value.code == "wrong_state"


def test_the_link_is_made_of_the_portals_address(settings: Any) -> None:
    settings.PORTAL_URL = "https://portal.example"
    invited()
    assert link_of(Invitation.objects.get()).startswith("https://portal.example/accounts/invitation/")
