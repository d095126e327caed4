"""Invitation by mail: the link carries a signed random id, works once and for two weeks."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth import password_validation
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kmop.accounts.choices import Action, PortalRole
from kmop.accounts.models import Invitation, User
from kmop.accounts.services.users import clear_role_cache, grant_role_row
from kmop.audit import services as audit
from kmop.notifications.choices import MailState
from kmop.notifications.services.outbox import hand_over
from kmop.shared.access import require
from kmop.shared.errors import RuleBroken
from kmop.shared.jobs import Claim, enqueue
from kmop.shared.text import fold

VALID_DAYS = 14
SEND = "accounts.tasks.send_invitation"


class InvitationNotSent(Exception):
    """The mail did not leave; the job waits for its next try."""


def _signer() -> signing.Signer:
    return signing.Signer(salt="accounts.invitation")


def link_of(invitation: Invitation) -> str:
    """The address that the invited person opens."""
    token = _signer().sign(str(invitation.pk))
    return str(settings.PORTAL_URL).rstrip("/") + reverse("accounts:invitation", args=[token])


def _waits_for_her(user: User) -> bool:
    """May an invitation still be accepted: a live person who never chose a password?"""
    return user.is_active and not user.is_service and not user.has_usable_password()


def _make(user: User, by: User) -> Invitation:
    user.invitations.filter(accepted_at=None).update(expires_at=timezone.now())
    expires_at = timezone.now() + timedelta(days=VALID_DAYS)
    invitation = Invitation.objects.create(user=user, expires_at=expires_at)
    enqueue(SEND, by=by, invitation_id=str(invitation.pk))
    return invitation


@transaction.atomic
def invite(
    *, email: str, name: str, by: User, language: str = "en", roles: tuple[PortalRole, ...] = ()
) -> tuple[User, str]:
    """Make a user who has no password yet and owe the mail; returns the user and the link.

    Somebody who is known already is invited again only while she has never signed in; her older links end. Raises
    `NotAllowed`, `ValidationError` (email) and `RuleBroken` (code "duplicate") for somebody who has a password, a
    service account, or an account that has ended.
    """
    require(by, "accounts.manage_users")
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise ValidationError({"email": error.messages}) from error
    user = User.objects.select_for_update().filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, name=name.strip() or email.split("@")[0], language=language)
    elif not _waits_for_her(user):
        raise RuleBroken(_("This person has an account already."), code="duplicate")
    for role in roles:
        grant_role_row(user, role)
    clear_role_cache(user)
    invitation = _make(user, by)
    audit.record(by, Action.USER_INVITED, user, roles=sorted(str(role) for role in roles))
    return user, link_of(invitation)


@transaction.atomic
def resend_invitation(*, user: User, by: User) -> str:
    """A fresh link for somebody who has not accepted yet; older links end. Returns the link."""
    require(by, "accounts.manage_users")
    if not _waits_for_her(user):
        raise RuleBroken(_("This person has chosen a password already, or the account has ended."), code="wrong_state")
    invitation = _make(user, by)
    audit.record(by, Action.USER_INVITED, user, again=True)
    return link_of(invitation)


def find_invitation(token: str) -> Invitation | None:
    """The open invitation behind a link, or None for a forged, used or old one."""
    try:
        pk = UUID(_signer().unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    rows = Invitation.objects.select_related("user").filter(pk=pk, accepted_at=None, expires_at__gt=timezone.now())
    invitation = rows.first()
    return invitation if invitation and _waits_for_her(invitation.user) else None


def accept_invitation(*, token: str, name: str, password: str) -> User:
    """Set name and password by the link, once; the person herself is the actor.

    Raises `RuleBroken` for a used or old link and `ValidationError` for a password that is too weak.
    """
    invitation = find_invitation(token)
    if invitation is None:
        raise _link_ended()
    user = invitation.user
    user.name = name.strip() or user.name
    user.search_text = fold(user.name, user.email)
    try:
        password_validation.validate_password(password, user)
    except ValidationError as error:
        raise ValidationError({"password": error.messages}) from error
    user.set_password(password)  # slow, so before the transaction
    with transaction.atomic():
        open_rows = Invitation.objects.filter(pk=invitation.pk, accepted_at=None)
        if not open_rows.update(accepted_at=timezone.now()):
            raise _link_ended()
        user.full_clean()
        user.save(update_fields=["name", "search_text", "password"])
        audit.record(user, Action.USER_JOINED, user)
    return user


def _link_ended() -> RuleBroken:
    return RuleBroken(_("This link has been used or is too old. Ask for a new one."), code="link_ended")


def send_invitation(*, invitation_id: UUID, claim: Claim) -> None:
    """Send the mail of an invitation (a long act); ends as sent or perhaps sent, never sent twice.

    Raises `InvitationNotSent` where it certainly did not leave, so that the job tries again later.
    """
    rows = Invitation.objects.filter(pk=invitation_id)
    begun = rows.filter(mail_state=MailState.WAITING).update(mail_state=MailState.SENDING)
    outcome = hand_over(_message(rows.select_related("user").get())) if begun else MailState.PERHAPS
    if outcome == MailState.NOT_SENT:
        rows.update(mail_state=MailState.WAITING)
        raise InvitationNotSent
    with claim.finish():
        rows.filter(mail_state=MailState.SENDING).update(mail_state=outcome)


def _message(invitation: Invitation) -> EmailMessage:
    with translation.override(invitation.user.language):
        return EmailMessage(
            subject=gettext("Your invitation to the KMOP Resilience Portal"),
            body=render_to_string(
                "accounts/invitation.txt",
                {"user": invitation.user, "link": link_of(invitation), "days": VALID_DAYS},
            ),
            to=[invitation.user.email],
            headers={"Message-ID": f"<{invitation.pk}@portal>", "Auto-Submitted": "auto-generated"},
        )
