"""Badges and short sentences that several pages say alike: states of needs and of the plan."""

from datetime import date
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from beneficiaries.calculation.drift import Drift
from beneficiaries.choices import NEED_BADGES, OUTCOME_BADGES, NeedState, Outcome
from kmop.shared import formats
from kmop.shared.tables import Badge
from projects.calculation.progress import PlanAnswer, ProjectVerdict, Verdict
from projects.queries.figures import IndicatorFacts

ANSWERS: dict[PlanAnswer, str | Promise] = {
    PlanAnswer.YES: _("Yes, so far."),
    PlanAnswer.PARTLY: _("Partly."),
    PlanAnswer.NO: _("No."),
    PlanAnswer.INCOMPLETE: _("It can't be said yet."),
    PlanAnswer.NO_PLAN: _("There is no plan to compare with."),
}


def need_badge(state: str) -> Badge:
    """The state of a need."""
    return NEED_BADGES[NeedState(state)]


def outcome_badge(outcome: str) -> Badge:
    """What was decided."""
    return OUTCOME_BADGES[Outcome(outcome)]


def plan_badge(facts: IndicatorFacts) -> Badge | None:
    """How an indicator stands to its plan: "109% of plan"; None where there is no plan or nothing to compare."""
    share = facts.plan.progress.value
    if facts.verdict == Verdict.INCOMPLETE:
        missing = ngettext("%(count)d partner missing", "%(count)d partners missing", facts.plan.missing)
        return Badge(missing % {"count": facts.plan.missing}, "warn", "hourglass")
    if share is None:
        return None
    kept = facts.verdict == Verdict.AT_OR_ABOVE
    words = _("%(share)s of plan") % {"share": formats.percent(share)}
    return Badge(words, "ok" if kept else "warn", "check" if kept else "triangle-alert")


def course_badge(verdict: ProjectVerdict, drift: Drift) -> Badge | None:
    """The one word of a project's card: drift first, then the plan."""
    if drift == Drift.DRIFT:
        return Badge(_("Drift"), "warn", "flag")
    if drift == Drift.LATE_AND_UNHEARD:
        return Badge(_("Late and unheard"), "bad", "flag")
    return {
        PlanAnswer.YES: Badge(_("On course"), "ok", "check"),
        PlanAnswer.PARTLY: Badge(_("Partly behind"), "warn", "trending-down"),
        PlanAnswer.NO: Badge(_("Behind plan"), "bad", "trending-down"),
        PlanAnswer.INCOMPLETE: Badge(_("Incomplete"), "", "hourglass"),
    }.get(verdict.answer)


def late_words(due: date, day: date) -> Badge:
    """How late, or when it is due."""
    if due < day:
        days = (day - due).days
        return Badge(ngettext("%(n)d day late", "%(n)d days late", days) % {"n": days}, "bad", "calendar-x")
    if due == day:
        return Badge(_("today"), "warn", "clock")
    return Badge(_("by %(day)s") % {"day": formats.day_short(due)}, "", "clock")


def share_shown(share: Decimal | None) -> str:
    """A share of people or money as whole per cent; a dash where there is nobody to count."""
    return "–" if share is None else formats.percent(share)
