"""The alarm of the nightly check: who is told which stored totals are not what the updates give."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, TypeAlias

from django.utils import timezone

from kmop.accounts.choices import PortalRole, UserKind
from kmop.accounts.models import User
from kmop.notifications.models import Notice
from kmop.notifications.services import notify_many
from projects.choices import TOTALS_DIFFER, TOTALS_DIFFER_MORE, ProjectRoleName
from projects.models import ProjectCountry, ProjectRole
from projects.services.recomputation import FIELDS, Difference

log = logging.getLogger(__name__)

TOLD_AT_MOST = 20
KEPT_AT_MOST = 1000
HEARS_ALL = (PortalRole.PORTFOLIO_MANAGER, PortalRole.PORTAL_ADMINISTRATOR)
LINK = "/projects/{project_id}/results/?indicator={indicator_id}&period={period}#explain"
MORE_LINK = "/home/"
Row: TypeAlias = tuple[User, dict[str, Any]]


@dataclass(frozen=True)
class Gathered:
    """The first thousand differences, and how many there are in all."""

    differences: tuple[Difference, ...]
    count: int


def gather(differing: Iterable[Difference]) -> Gathered:
    """Read all differences once, write the first thousand to the log, and keep them."""
    kept: list[Difference] = []
    count = 0
    for count, one in enumerate(differing, start=1):
        if count <= KEPT_AT_MOST:
            kept.append(one)
            stored, computed = _shown(one)
            log.error("total differs: %s %s [%s]: %s, not %s", one.indicator, one.period, one.cell, stored, computed)
    if count > KEPT_AT_MOST:
        log.error("%d totals differ", count)
    return Gathered(tuple(kept), count)


def raise_alarm(found: Gathered, *, day: date) -> int:
    """Tell portfolio managers and portal administrators of all, M&E officers of those of their projects.

    Each total is told once a day to each person; whoever has more than twenty to hear of is told how many more. Gives
    how many notices were written; call it in a transaction.
    """
    if not found.count:
        return 0
    officers = _officers({one.project_id for one in found.differences})
    users = _locked_readers(officers)
    told = _told(day)
    rows: list[Row] = []
    more: list[Row] = []
    for user, hears_all in users:
        mine = [one for one in found.differences if hears_all or one.project_id in officers[user.pk]]
        new = [(user, _params(one)) for one in mine[:TOLD_AT_MOST]]
        rows += [row for row in new if _key(user.pk, row[1]) not in told]
        beyond = (found.count if hears_all else len(mine)) - TOLD_AT_MOST
        if beyond > 0 and _key(user.pk, {"count": beyond}) not in told:
            more.append((user, {"count": beyond}))
    written = notify_many(rows, TOTALS_DIFFER, link=LINK) + notify_many(more, TOTALS_DIFFER_MORE, link=MORE_LINK)
    return len(written)


def _officers(projects: set[int]) -> dict[int, set[int]]:
    """The projects, of those given, in which a person is M&E officer, by project or by country."""
    found: dict[int, set[int]] = {}
    by_country: dict[str, set[int]] = {}
    for project, country in ProjectCountry.objects.filter(project_id__in=projects).values_list("project_id", "country"):
        by_country.setdefault(country, set()).add(project)
    roles = ProjectRole.objects.filter(role=ProjectRoleName.ME_OFFICER)
    for user, project, country in roles.values_list("user_id", "project_id", "country"):
        found.setdefault(user, set()).update(by_country.get(country, ()) if country else {project} & projects)
    return {user: mine for user, mine in found.items() if mine}


def _locked_readers(officers: Iterable[int]) -> list[tuple[User, bool]]:
    """Who hears, and whether of all. Locked in the order of their ids, so that two checks at once tell once."""
    active = User.objects.filter(is_active=True, kind=UserKind.PERSON)
    all_ids = set(active.filter(role_grants__role__in=HEARS_ALL).values_list("pk", flat=True))
    rows = active.filter(pk__in=all_ids.union(officers)).order_by("pk").select_for_update(no_key=True)
    return [(one, one.pk in all_ids) for one in rows]


def _told(day: date) -> set[tuple[Any, ...]]:
    """What has been told since the day began."""
    since = timezone.make_aware(datetime.combine(day, time.min))
    kinds = [TOTALS_DIFFER.name, TOTALS_DIFFER_MORE.name]
    rows = Notice.objects.filter(kind__in=kinds, at__gte=since).order_by().values_list("user_id", "params")
    return {_key(user, params) for user, params in rows}


def _key(user: int, params: dict[str, Any]) -> tuple[Any, ...]:
    return user, *(params.get(name) for name in ("indicator_id", "period", "cell", "count"))


def _params(one: Difference) -> dict[str, Any]:
    stored, computed = _shown(one)
    return {
        "indicator": one.indicator,
        "period": one.period,
        "cell": f" [{one.cell}]" if one.cell else "",
        "stored": stored,
        "computed": computed,
        "project_id": one.project_id,
        "indicator_id": one.indicator_id,
    }


def _shown(one: Difference) -> tuple[str, str]:
    """The fields that differ, as stored and as computed; "no row" where there is none."""
    names: Sequence[str] = [name for name in FIELDS if one.stored[name] != one.computed[name]]
    stored, computed = (
        ", ".join(f"{name} {values[name]}" for name in names if values[name] is not None) or "empty"
        for values in (one.stored, one.computed)
    )
    return "no row" if one.is_missing else stored, "no row" if one.is_superfluous else computed
