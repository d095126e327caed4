"""The log of the protected door, for those who may open it."""

from typing import Any

from beneficiaries.models import SensitiveOpening, SensitiveReport

MOST = 50


def openings(user: Any, report: SensitiveReport | None = None) -> list[SensitiveOpening]:
    """The newest openings of one protected message, or of all that `user` may see: who, when, for which reason."""
    seen = SensitiveReport.objects.visible_to(user)
    rows = SensitiveOpening.objects.filter(report__in=seen.filter(pk=report.pk) if report else seen)
    return list(rows.select_related("by").order_by("-at", "-pk")[:MOST])
