"""Opening periods: what begins is asked of every partner that reports. Safe to run twice and at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from kmop.accounts.models import User
from kmop.audit import services as audit
from projects.choices import Action, Measure
from projects.models import Period, Project

# What is owed: indicator x period x partner that reports, x place where the partnership names any; never for formulas,
# which are computed. An update that is there already answers it. A constraint keeps each once, whoever else runs this
# at the same moment.
_OWED = """
INSERT INTO projects_obligation (version, created_at, updated_at, indicator_id, period_id, organisation_id, place_id,
    due_on, update_id)
SELECT 1, %s, %s, p.indicator_id, p.id, s.organisation_id, pp.place_id, COALESCE(p.due_on, p.ends_on),
    (SELECT u.id FROM projects_update u WHERE u.period_id = p.id AND u.organisation_id = s.organisation_id
        AND COALESCE(u.place_id, 0) = COALESCE(pp.place_id, 0) AND u.superseded_at IS NULL
        ORDER BY u.revision LIMIT 1)
FROM projects_period p
JOIN projects_indicator i ON i.id = p.indicator_id AND i.is_active AND i.measure <> 'formula'
JOIN (SELECT DISTINCT project_id, organisation_id FROM projects_partnership WHERE reports) s
    ON s.project_id = i.project_id
LEFT JOIN (
    SELECT DISTINCT r.project_id, r.organisation_id, n.place_id FROM projects_partnership r
    JOIN projects_partnership_places n ON n.partnership_id = r.id WHERE r.reports
) pp ON pp.project_id = s.project_id AND pp.organisation_id = s.organisation_id
WHERE p.starts_on <= %s AND i.project_id IN ({projects})
ON CONFLICT DO NOTHING"""


@dataclass(frozen=True)
class Opened:
    """How many periods began and how many figures are owed newly."""

    periods: int
    obligations: int


@transaction.atomic
def open_periods(*, day: date, by: User) -> Opened:
    """Open the periods that have begun by `day` in all running projects. `by` is the timetable's service account."""
    return _open(Project.objects.running(), day=day, by=by)


@transaction.atomic
def open_project_periods(*, projects: Collection[Project], day: date, by: User) -> Opened:
    """The same for these projects, whatever their status (a demo or an import that tells the past)."""
    return _open(Project.objects.filter(pk__in=[one.pk for one in projects]), day=day, by=by)


def _open(projects: QuerySet[Project], *, day: date, by: User) -> Opened:
    rows = list(projects.order_by("pk"))
    if not rows:
        return Opened(0, 0)
    ids = [one.pk for one in rows]
    now = timezone.now()
    unopened = Q(indicators__periods__opened_at=None, indicators__periods__starts_on__lte=day)
    unopened &= Q(indicators__measure__in=[one for one in Measure if one != Measure.FORMULA])
    counts = dict(
        Project.objects.filter(pk__in=ids)
        .values_list("pk")
        .annotate(opened=Count("indicators__periods", filter=unopened))
        .order_by()
    )
    begun = Period.objects.filter(indicator__project_id__in=ids, opened_at=None, starts_on__lte=day)
    begun = begun.exclude(indicator__measure=Measure.FORMULA)
    periods = begun.update(opened_at=now)
    with connection.cursor() as cursor:
        moment = connection.ops.adapt_datetimefield_value(now)
        cursor.execute(
            _OWED.format(projects=", ".join(["%s"] * len(ids))),
            [moment, moment, connection.ops.adapt_datefield_value(day), *ids],
        )
        obligations = max(cursor.rowcount, 0)
    if periods:
        facts = [(one, {"day": day, "periods": counts[one.pk]}) for one in rows if counts.get(one.pk)]
        audit.record_many(by, Action.PERIODS_OPENED, facts)
    return Opened(periods, obligations)
