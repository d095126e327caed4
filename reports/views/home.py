"""Home: what must I do today?"""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kmop.notifications.models import Notice
from kmop.shared import formats
from kmop.shared.access import SIGNED_IN
from kmop.shared.views import PortalView
from projects.models import Project
from reports.queries.home import Task, tasks
from reports.queries.portfolio import own_projects, portfolio_rows, worst_first
from reports.views import wording
from reports.views.portfolio import card

MINE = 4
NOTICES = 6
WEEK = timedelta(days=7)


class HomeView(PortalView):
    """Late, this week, later; one's own projects; what happened since."""

    permission = SIGNED_IN
    template_name = "reports/home/page.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Tasks in three heaps, projects, notices."""
        day = timezone.localdate()
        waiting = tasks(self.me, day=day)
        late = [one for one in waiting if one.due_on and one.due_on < day]
        week = [one for one in waiting if one not in late and (one.due_on is None or one.due_on <= day + WEEK)]
        later = [one for one in waiting if one not in late and one not in week]
        seen = Project.objects.visible_to(self.me).running().filter(pk__in=own_projects(self.me)).order_by("code")
        mine = worst_first(portfolio_rows(list(seen), user=self.me, day=day))
        return super().get_context_data(
            title=_("Today, %(day)s") % {"day": formats.day_long(day)},
            lead=lead(len(late), len(week), len(later)),
            heaps=[
                {"name": _("Late"), "tasks": [task_item(one, day, main=not n) for n, one in enumerate(late)]},
                {
                    "name": _("This week"),
                    "tasks": [task_item(one, day, main=not (late or n)) for n, one in enumerate(week)],
                },
                {"name": _("Later"), "tasks": [task_item(one, day) for one in later]},
            ],
            projects=[card(one, day) for one in mine[:MINE]],
            notices=Notice.objects.visible_to(self.me).shown_by(timezone.now()).unread()[:NOTICES],
            nothing=not waiting,
            **kwargs,
        )


def lead(late: int, week: int, later: int) -> str:
    """The answer in a sentence, before any list."""
    if not (late or week or later):
        return _("Nothing waits for you.")
    parts = [
        ngettext("%(n)d thing is late", "%(n)d things are late", late) % {"n": late} if late else "",
        ngettext("%(n)d is for this week", "%(n)d are for this week", week) % {"n": week} if week else "",
        ngettext("%(n)d can wait", "%(n)d can wait", later) % {"n": later} if later else "",
    ]
    return ", ".join(one for one in parts if one) + "."


def task_item(task: Task, day: Any, *, main: bool = False) -> dict[str, Any]:
    """One row of the list."""
    return {
        "icon": task.icon,
        "voice": task.is_voice,
        "title": task.title,
        "url": task.url,
        "sub": task.sub,
        "badge": wording.late_words(task.due_on, day) if task.due_on else None,
        "act": task.act,
        "main": main,
    }
