"""The signed-in frame's menu: which doors a person has, and how much waits behind each."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from beneficiaries.queries.inbox import inbox_counts
from kmop.accounts.choices import PortalRole
from kmop.notifications.queries.notices import unread_count
from kmop.shared.access import ask
from partners.models import Membership
from projects.choices import ProjectRoleName
from projects.queries.review import review_counts
from projects.rules import held_by

if TYPE_CHECKING:
    from django.http import HttpRequest


@dataclass(frozen=True)
class Door:
    """One line of the menu. `rule` is asked; without a yes the line is not there."""

    url: str
    label: str | Promise
    icon: str
    rule: str = "shared.signed_in"
    counted: str = ""


GROUPS: tuple[tuple[Door, ...], ...] = (
    (
        Door("/home/", _("Home"), "house"),
        Door("/projects/", _("Portfolio"), "layout-grid"),
        Door("/review/", _("Review"), "clipboard-check", "projects.review", "review"),
        Door("/voices/", _("Voices"), "message-circle", "beneficiaries.read_voices", "voices"),
        Door("/sensitive/", _("Protected"), "shield-alert", "beneficiaries.open_sensitive"),
        Door("/enter/", _("Enter"), "pencil-line", "projects.enter_update"),
        Door("/enter/sent/", _("What we sent"), "history", "projects.enter_update"),
    ),
    (
        Door("/partners/", _("Partners"), "handshake"),
        Door("/corporate/", _("Across projects"), "sigma"),
        Door("/library/", _("Indicator library"), "book-open"),
        Door("/reports/", _("Reports"), "file-text", "reports.see"),
        Door("/notices/", _("Notices"), "bell", "shared.signed_in", "notices"),
        Door("/imports/", _("Imports"), "file-up", "projects.import_iati"),
    ),
    (
        Door("/", _("Public pages"), "globe"),
        Door("/styleguide/", _("Style guide"), "swatch-book", "partners.see_staff_pages"),
    ),
    (
        Door("/administration/focus-areas/", _("Focus areas"), "list-tree", "projects.manage_lists"),
        Door("/administration/users/", _("Users"), "users", "accounts.manage_users"),
        Door("/administration/jobs/", _("Jobs"), "server-cog", "audit.manage_jobs"),
        Door("/administration/audit/", _("Audit trail"), "list-checks", "audit.read"),
        Door("/administration/mail/", _("Mail"), "mail", "notifications.read_mails"),
    ),
)


def menu(request: "HttpRequest") -> dict[str, Any]:
    """Context for `templates/base.html`, read only where the page shows it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"menu": []}
    return {
        "menu": SimpleLazyObject(lambda: doors(user, request.path)),
        "role_line": SimpleLazyObject(lambda: role_line(user)),
    }


def doors(user: Any, path: str) -> list[list[dict[str, Any]]]:
    """The groups of lines this person has, each with what waits behind it."""
    shown = [[door for door in group if ask(user, door.rule)] for group in GROUPS]
    counts = _counts(user, {door.counted for group in shown for door in group if door.counted})
    matching = [door.url for group in shown for door in group if door.url != "/" and path.startswith(door.url)]
    current = max(matching, key=len, default="")
    return [
        [
            {
                "url": door.url,
                "label": door.label,
                "icon": door.icon,
                "count": counts.get(door.counted, 0),
                "current": door.url == current,
            }
            for door in group
        ]
        for group in shown
        if group
    ]


def _counts(user: Any, wanted: set[str]) -> dict[str, int]:
    day = timezone.localdate()
    read = {
        "review": lambda: review_counts(user).waiting,
        "voices": lambda: inbox_counts(user, day=day).new,
        "notices": lambda: unread_count(user),
    }
    return {name: read[name]() for name in wanted}


def role_line(user: Any) -> str:
    """What this person is here, in a word or two."""
    for role in PortalRole:
        if role in user.portal_roles:
            return str(role.label)
    held = held_by(user)
    for name in ProjectRoleName:
        if held.has_any((name,)):
            return str(name.label)
    own = Membership.objects.filter(user_id=user.pk).select_related("organisation").first()
    return own.organisation.name if own else ""
