"""Portal-wide roles, deactivation with handing over of open work, service accounts."""

from collections.abc import Iterator

from django.apps import apps
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from kmop.accounts.choices import Action, PortalRole, UserKind
from kmop.accounts.models import RoleGrant, User
from kmop.audit import services as audit
from kmop.shared.access import require
from kmop.shared.errors import RuleBroken

OPEN_WORK = ("owner", "assigned_to")
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


def _open_work(user: User) -> Iterator[tuple[type[models.Model], str]]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if field.name in OPEN_WORK and field.related_model is User:
                yield model, field.name


@transaction.atomic
def deactivate(*, user: User, to: User | None, by: User) -> int:
    """End an account: it can't sign in any more, and what it owns goes to `to`. Returns how many rows went over.

    Raises `RuleBroken` when open work is left and nobody is named, or for the last portal administrator.
    """
    require(by, "accounts.manage_users", user)
    if user.has_role(PortalRole.PORTAL_ADMINISTRATOR) and not _other_administrators(user):
        raise RuleBroken(_("The last portal administrator can't be deactivated."))
    owned = [(model, name, model._base_manager.filter(**{name: user})) for model, name in _open_work(user)]
    if to is None and any(rows.exists() for _model, _name, rows in owned):
        raise RuleBroken(_("Name the person who takes over the open work."), code="successor_missing")
    moved = sum(rows.update(**{name: to}) for _model, name, rows in owned) if to else 0
    user.is_active = False
    user.save(update_fields=["is_active"])
    audit.record(by, Action.USER_DEACTIVATED, user, successor=to.pk if to else None, moved=moved)
    return moved


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
    user, made = User.objects.get_or_create(
        email=f"{name}@{SERVICE_DOMAIN}", defaults={"name": name, "kind": UserKind.SERVICE, "password": "!"}
    )
    for role in roles:
        grant_role_row(user, role)
    if made and name != COMMAND_LINE:
        audit.record(user, Action.USER_CHANGED, user, service=name)
    return user


def command_line() -> User:
    """Who acts when somebody with a shell runs a command: a service account that administers the portal."""
    return service_account(COMMAND_LINE, PortalRole.PORTAL_ADMINISTRATOR, PortalRole.PORTFOLIO_MANAGER)
