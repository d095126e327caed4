"""Portal-wide roles, deactivation with handing over of open work, service accounts."""

from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kmop.accounts.choices import Action, PortalRole, UserKind
from kmop.accounts.models import RoleGrant, User
from kmop.audit import services as audit
from kmop.shared.access import require
from kmop.shared.errors import RuleBroken
from kmop.shared.models import Versioned
from kmop.shared.text import fold

OPEN_WORK = ("owner", "assigned_to")  # fields by which any app says for whom a row waits
SERVICE_DOMAIN = "service.invalid"
COMMAND_LINE = "command-line"


def clear_role_cache(user: User) -> None:
    """Forget the roles read before."""
    user.__dict__.pop("portal_roles", None)


def grant_role_row(user: User, role: PortalRole) -> bool:
    """The row itself; True when it is new."""
    _row, made = RoleGrant.objects.get_or_create(user=user, role=role)
    return made


@transaction.atomic
def grant_role(*, user: User, role: PortalRole, by: User) -> None:
    """Give a portal-wide role. Granting twice changes nothing."""
    require(by, "accounts.manage_users", user)
    if grant_role_row(user, role):
        clear_role_cache(user)
        audit.record(by, Action.ROLE_GRANTED, user, role=str(role))


@transaction.atomic
def withdraw_role(*, user: User, role: PortalRole, by: User) -> None:
    """Take a portal-wide role away. The last portal administrator stays one (`RuleBroken`)."""
    require(by, "accounts.manage_users", user)
    if role == PortalRole.PORTAL_ADMINISTRATOR and not _other_administrators(user):
        raise RuleBroken(_("The last portal administrator can't be withdrawn."))
    if RoleGrant.objects.filter(user=user, role=role).delete()[0]:
        clear_role_cache(user)
        audit.record(by, Action.ROLE_WITHDRAWN, user, role=str(role))


def _other_administrators(user: User) -> bool:
    return (
        RoleGrant.objects.select_for_update()
        .filter(role=PortalRole.PORTAL_ADMINISTRATOR, user__is_active=True, user__kind=UserKind.PERSON)
        .exclude(user=user)
        .exists()
    )


def _open_work(user: User) -> list[tuple[models.QuerySet[Any], str]]:
    """The rows that wait for `user` in every app, with the field that names her; what is done stays with her."""
    fields = [
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.name in OPEN_WORK and field.related_model is User
    ]
    return [(_still_open(model._default_manager.filter(**{name: user})), name) for model, name in fields]


def _still_open(rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """Those still to be done, by the adjective `open` where the queryset has it."""
    adjective = getattr(rows, "open", None)
    found: models.QuerySet[Any] = adjective() if adjective else rows
    return found


def _hand_over(rows: models.QuerySet[Any], name: str, to: User) -> int:
    changes: dict[str, Any] = {name: to}
    if issubclass(rows.model, Versioned):
        changes |= {"version": F("version") + 1, "updated_at": timezone.now()}
    return rows.update(**changes)


@transaction.atomic
def deactivate(*, user: User, to: User | None, by: User) -> int:
    """End an account: it can't sign in any more, and the work that waits for it goes to `to`. Returns how many rows.

    Raises `RuleBroken` when the account has ended already ("wrong_state"), when open work is left and nobody is named
    ("successor_missing"), when who is named can't take it ("successor_unfit"), and for the last portal administrator.
    """
    require(by, "accounts.manage_users", user)
    if not user.is_active:
        raise RuleBroken(_("This account has ended already."), code="wrong_state")
    if user.has_role(PortalRole.PORTAL_ADMINISTRATOR) and not _other_administrators(user):
        raise RuleBroken(_("The last portal administrator can't be deactivated."))
    moved = _hand_over_all(user, to)
    user.is_active = False
    user.save(update_fields=["is_active"])
    audit.record(by, Action.USER_DEACTIVATED, user, successor=to.pk if to else None, moved=moved)
    return moved


def _hand_over_all(user: User, to: User | None) -> int:
    waiting = _open_work(user)
    if to is None:
        if any(rows.exists() for rows, _name in waiting):
            raise RuleBroken(_("Name the person who takes over the open work."), code="successor_missing")
        return 0
    if to == user or not to.is_active or to.is_service:
        raise RuleBroken(_("Open work goes to another person whose account is active."), code="successor_unfit")
    return sum(_hand_over(rows, name, to) for rows, name in waiting)


@transaction.atomic
def reactivate(*, user: User, by: User) -> None:
    """Let a deactivated person sign in again."""
    require(by, "accounts.manage_users", user)
    user.is_active = True
    user.save(update_fields=["is_active"])
    audit.record(by, Action.USER_CHANGED, user, active=True)


def change_language(*, language: str, by: User) -> None:
    """A person's own choice of language; no audit entry, as nothing of the field changes."""
    User.objects.filter(pk=by.pk).update(language=language)


@transaction.atomic
def service_account(name: str, *roles: PortalRole) -> User:
    """The named account that acts for the portal itself (importer, public form, jobs); made at first use."""
    email = f"{name}@{SERVICE_DOMAIN}"
    facts = {"name": name, "kind": UserKind.SERVICE, "password": "!", "search_text": fold(name, email)}
    user, made = User.objects.get_or_create(email=email, defaults=facts)
    for role in roles:
        grant_role_row(user, role)
    if made and name != COMMAND_LINE:
        audit.record(user, Action.USER_CHANGED, user, service=name)
    return user


def command_line() -> User:
    """Who acts when somebody with a shell runs a command: a service account that administers the portal."""
    return service_account(COMMAND_LINE, PortalRole.PORTAL_ADMINISTRATOR, PortalRole.PORTFOLIO_MANAGER)
