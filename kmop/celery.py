"""The Celery app and the one timetable of the portal.

Beat sends a single message a minute, `shared.tasks.tick`; the tick makes the jobs of these lines and wakes what waits.
Times are the portal's own (settings.TIME_ZONE). Nothing stands between 03:00 and 04:00, which the clock change skips.
"""

import os

from celery import Celery
from django.utils.translation import gettext_lazy as _
from kombu.transport import TRANSPORT_ALIASES

from kmop.shared.bells import SCHEME
from kmop.shared.timetable import Line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kmop.settings")

TRANSPORT_ALIASES[SCHEME] = "kmop.shared.bells:Transport"
app = Celery("kmop")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

TIMETABLE = (
    Line(
        "expire_offers",
        "5 0 * * *",
        "partners.tasks.expire_offers",
        _("Lets offers expire whose last day is over."),
    ),
    Line(
        "open_periods",
        "10 1 * * *",
        "projects.tasks.open_periods",
        _("Opens the reporting periods that begin, and asks every partner for the figures it owes."),
    ),
    Line(
        "recompute_check",
        "30 1 * * *",
        "projects.tasks.recompute_check",
        _("Computes every total again by another way and raises an alarm with the rows that differ."),
    ),
    Line(
        "sweep",
        "30 2 * * *",
        "shared.tasks.sweep",
        _("Clears away old idempotency keys, finished jobs, sessions, stored mails and files that nothing points to."),
    ),
    Line(
        "remind",
        "0 6 * * *",
        "projects.tasks.remind",
        _("Reminds partners of figures that are due in 14 days, in 3 days, today, or are late."),
    ),
    Line(
        "overdue_feedback",
        "15 6 * * *",
        "beneficiaries.tasks.overdue_feedback",
        _("Escalates messages that were not answered within the promised days."),
    ),
    Line(
        "digests",
        "0 7 * * *",
        "notifications.tasks.build_digests",
        _("Gathers what is new for each person into one mail a day, in the person's language."),
    ),
    Line(
        "refresh_standings",
        "*/10 * * * *",
        "reports.tasks.refresh_standings",
        _("Works out again which projects need a look first, where figures changed or a day began."),
    ),
    Line(
        "run_schedules",
        "5 * * * *",
        "reports.tasks.run_schedules",
        _("Makes the reports whose schedule says that they are due."),
    ),
)
app.conf.timetable = TIMETABLE
