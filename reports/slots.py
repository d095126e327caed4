"""What acts of lower floors bring about in reports, and what pages of projects show of them."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from kmop.shared import formats
from kmop.shared.slots import fills
from kmop.shared.tables import Link
from projects.models import Project
from reports.catalogue.registry import reports
from reports.models import Run
from reports.services.erasing import forget_quotes


@fills("beneficiaries.feedback_deleted")
def feedback_deleted(*, feedback_id: UUID) -> None:
    """Its words leave the reports that quote it."""
    forget_quotes(feedback_id)


@fills("projects.frozen_figures")
def frozen_figures(*, project: Project, codes: Sequence[str], user: Any) -> list[Link]:
    """The frozen reports of a project that tell any of these indicators, newest first, as far as `user` may see them.

    In the frozen data a row of figures begins with the indicator's code, and so does the name of its breakdown.
    """
    told = Q()
    for code in codes:
        said = json.dumps(code, ensure_ascii=False)
        told |= Q(frozen__contains=f"[{said},") | Q(frozen__contains=f'"name":{said[:-1]} ')
    rows = Run.objects.visible_to(user).done().filter(told, project=project).order_by("-done_at", "-pk")
    words = _("%(report)s, made %(day)s")
    known = reports()
    return [
        Link(
            words % {"report": known[one.report].title if one.report in known else one.report, "day": _day(one)},
            f"/reports/runs/{one.pk}/",
        )
        for one in rows.defer("frozen")
    ]


def _day(run: Run) -> str:
    return formats.day(run.done_at) if run.done_at else ""
