"""Project > Overview: figures and voices, pair by pair."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from beneficiaries.calculation.drift import Drift
from beneficiaries.choices import Channel
from beneficiaries.queries.quotes import Quote
from kmop.shared import charts, formats
from kmop.shared.access import ask
from kmop.shared.charts import Line
from kmop.shared.tables import Badge
from kmop.shared.text import in_language
from kmop.shared.views import PortalView
from projects.models import Project
from projects.queries.course import course_words
from projects.queries.figures import IndicatorFacts
from projects.queries.money import MoneySummary, time_passed
from reports.queries.overview import Overview, overview
from reports.views import wording

SHOWN = 6
HALF = Decimal("0.5")


class ProjectOverviewView(PortalView):
    """Is it on course, and is it what people say they need?"""

    permission = "projects.view"
    template_name = "reports/overview/page.html"

    @cached_property
    def project(self) -> Project:
        """The project of the address, if this person may know that it exists."""
        seen = Project.objects.visible_to(self.me)
        found: Project = get_object_or_404(seen, pk=self.kwargs["pk"])
        return found

    def permission_object(self) -> Project:
        """The project."""
        return self.project

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Everything the template shows, shaped."""
        day = timezone.localdate()
        seen = overview(self.project, user=self.me, day=day)
        return super().get_context_data(
            title=seen.frame.title,
            frame=seen.frame,
            acts=self._acts(),
            note=drift_note(seen),
            verdicts=[figures_verdict(seen, day), voices_verdict(seen)],
            plan_items=[plan_item(one, self.project) for one in seen.outcomes[:SHOWN]],
            needs=need_items(seen),
            money=money_card(seen, day),
            waits=wait_stats(seen),
            quotes=[quote_of(one) for one in seen.voices.quotes],
            risks=list(risk_items(seen, day)),
            ledger=list(ledger_items(seen)),
            project=self.project,
            messages_waiting=seen.voices.summary.messages.open,
            **kwargs,
        )

    def _acts(self) -> list[dict[str, Any]]:
        may_decide = ask(self.me, "beneficiaries.manage_needs", self.project)
        make = {
            "label": _("Make a report"),
            "url": f"/reports/make/project-progress/?project={self.project.code}",
            "icon": "file-text",
        }
        decide = {
            "label": _("Record a decision"),
            "url": f"/projects/{self.project.pk}/voices/#decide",
            "kind": "main",
            "refused": "" if may_decide else str(may_decide.reason),
        }
        return [make, decide]


def drift_note(seen: Overview) -> dict[str, Any] | None:
    """The flag that the plan and the people's own account part."""
    summary = seen.voices.summary
    share = wording.share_shown(summary.people.shares.met.value)
    titles = {
        Drift.DRIFT: _("Drift: this project is being paced by its targets."),
        Drift.LATE_AND_UNHEARD: _("Late and unheard."),
    }
    if summary.drift not in titles:
        return None
    text = _("%(course)s But only %(share)s of people say that their first need is met.")
    return {
        "title": titles[summary.drift],
        "text": text % {"course": course_words(seen.tree.verdict), "share": share},
        "more": _("See the needs"),
        "more_url": f"/projects/{seen.frame.project.pk}/voices/",
    }


def figures_verdict(seen: Overview, day: date) -> dict[str, Any]:
    """How many outcome indicators keep their plan, and whose figures are missing."""
    verdict, project = seen.tree.verdict, seen.frame.project
    days = [one.plan.day for one in seen.outcomes if one.plan.day]
    text = course_words(verdict)
    if days:
        text += " " + _("The plan is that for %(day)s.") % {"day": formats.day(max(days))}
    links = [{"label": _("Explain this number"), "url": f"/projects/{project.pk}/results/"}]
    if seen.missing:
        count = len(seen.missing)
        words = ngettext("%(n)d partner has not reported", "%(n)d partners have not reported", count)
        links.append({"label": words % {"n": count}, "url": "#missing"})
    scale = [
        {"label": _("At or above plan"), "figure": verdict.at_or_above},
        {"label": _("A partner is missing"), "figure": verdict.incomplete},
    ]
    passed = time_passed(project, day)
    if passed is not None:
        scale.append(
            {"label": _("%(share)s of the time has passed") % {"share": formats.percent(passed)}, "figure": None}
        )
    return {
        "kind": "figure",
        "question": _("Is it on course?"),
        "big": str(verdict.at_or_above),
        "of": " " + _("of %(m)d") % {"m": verdict.of},
        "answer": wording.ANSWERS[verdict.answer],
        "text": text,
        "drawing": charts.segments(verdict.at_or_above, verdict.incomplete, verdict.of),
        "scale": scale,
        "links": links,
    }


def voices_verdict(seen: Overview) -> dict[str, Any]:
    """The share of people whose first need is met, beside the share that has an answer."""
    people = seen.voices.summary.people
    met, answered = people.shares.met, people.shares.answered
    url = f"/projects/{seen.frame.project.pk}/voices/"
    if not met.whole:
        return {
            "kind": "voice",
            "question": _("Is it what people say they need?"),
            "big": "–",
            "answer": _("Nobody has been asked yet."),
            "text": _("A round in which people rank their needs themselves answers this."),
            "drawing": charts.bar(None, kind="voice", size="l"),
            "scale": [],
            "links": [{"label": _("Hold a round"), "url": url}],
        }
    share = met.value or Decimal(0)
    words = _("%(met)s of %(people)s people say that their first need is met; for %(answered)s an activity answers it.")
    return {
        "kind": "voice",
        "question": _("Is it what people say they need?"),
        "big": formats.percent(share).removesuffix("%"),
        "of": "%",
        "answer": _("For less than half.") if share < HALF else _("For half of them or more."),
        "text": words
        % {
            "met": formats.number(met.part),
            "people": formats.number(met.whole),
            "answered": formats.number(answered.part),
        },
        "drawing": charts.bar(share, HALF, kind="voice", soft=answered.value, size="l"),
        "scale": [
            {"label": _("Met"), "figure": wording.share_shown(met.value)},
            {"label": _("Answered"), "figure": wording.share_shown(answered.value)},
            {"label": _("Flag below 50% met"), "figure": None},
            {
                "label": _("Round of %(day)s") % {"day": formats.day(people.round_on)} if people.round_on else "",
                "figure": None,
            },
        ],
        "links": [{"label": _("How people ranked"), "url": url}],
    }


def plan_item(facts: IndicatorFacts, project: Project) -> dict[str, Any]:
    """One outcome indicator with its bar, its plan mark and its word."""
    actual, target, plan = facts.actual, facts.target, facts.plan.target
    is_share = actual.per == 100
    unit = in_language(facts.indicator.units)
    scale = Decimal(100) if is_share else Decimal(1)
    plan_text = _("No plan yet")
    if facts.plan.day and plan.value is not None:
        figure = formats.percent(plan.value / 100) if is_share else f"{formats.number(plan.value)} {unit}"
        plan_text = _("Plan for %(day)s: %(figure)s") % {"day": formats.day(facts.plan.day), "figure": figure}
    return {
        "name": in_language(facts.indicator.titles),
        "actual": None if actual.value is None else actual.value / scale,
        "state": actual.state.value,
        "href": f"/projects/{project.pk}/results/?indicator={facts.indicator.pk}",
        "target": None if target.value is None else target.value / scale,
        "is_share": is_share,
        "share": facts.progress.value,
        "plan_share": facts.plan_share,
        "plan_text": plan_text,
        "badge": wording.plan_badge(facts),
    }


def need_items(seen: Overview) -> list[dict[str, Any]]:
    """The first six needs as people ranked them."""
    largest = max((one.people for one in seen.voices.needs), default=0)
    return [
        {
            "rank": one.rank,
            "name": in_language(one.need.titles),
            "url": f"/projects/{seen.frame.project.pk}/voices/#need-{one.need.pk}",
            "share": Decimal(one.people) / largest if largest else None,
            "people": one.people,
            "badge": wording.need_badge(one.need.state),
        }
        for one in seen.voices.needs[:SHOWN]
    ]


def money_card(seen: Overview, day: date) -> dict[str, Any] | None:
    """Spent against budget and time; None where this person may not see the money."""
    if seen.money is None:
        return None
    money, project = seen.money, seen.frame.project
    passed = time_passed(project, day)
    against = _against_plan(money)
    shown = partial(formats.money, currency=money.currency)
    return {
        "stats": [
            {
                "label": _("Spent"),
                "shown": wording.share_shown(money.share),
                "under": _("of %(budget)s") % {"budget": shown(money.budget)} if money.budget is not None else "",
            },
            {
                "label": _("Against an even plan"),
                "shown": "–" if against is None else formats.money_short(against, money.currency),
                "under": _("to date"),
            },
            {"label": _("Time"), "shown": wording.share_shown(passed), "under": _("has passed")},
        ],
        "chart": burn_chart(seen, day),
        "without_rate": money.without_rate,
    }


def _against_plan(money: MoneySummary) -> Decimal | None:
    """Spent less the part of the budget whose time has passed; None where one of them is not known."""
    if money.spent is None or money.planned is None or money.budget is None:
        return None
    return money.spent - money.planned * money.budget


def burn_chart(seen: Overview, day: date) -> str:
    """Planned and spent by month as one drawing; empty without dates or budget. One month in twelve is named."""
    points = seen.burn
    if len(points) < 2 or seen.money is None:
        return ""
    spent = [one.spent for one in points]
    told = [one for one in spent if one is not None]
    months = [one.until for one in points]
    ahead = sum(1 for one in months if one <= day)
    title = _("Spent and planned by month: %(spent)s spent by now.") % {
        "spent": formats.money(told[-1] if told else 0, seen.money.currency)
    }
    return charts.line_chart(
        [Line([one.planned for one in points], _("planned"), "l5"), Line(spent, _("spent"), "l1")],
        [formats.month(one) if n % 12 == 0 else "" for n, one in enumerate(months)],
        title=title,
        shown=partial(formats.money_short, currency=seen.money.currency),
        now=(ahead - 1, _("today")) if 0 < ahead <= len(points) else None,
    )


def wait_stats(seen: Overview) -> list[dict[str, str]]:
    """How long people wait for an answer."""
    waits = seen.voices.summary.waits
    times = waits.all
    return [
        {
            "label": ngettext("Answered within %(n)d day", "Answered within %(n)d days", waits.promised_days)
            % {"n": waits.promised_days},
            "shown": wording.share_shown(times.within.value),
            "under": "",
        },
        {"label": _("Median answer"), "shown": _days(times.median), "under": _("days")},
        {"label": _("9 in 10 within"), "shown": _days(times.p90), "under": _("days")},
    ]


def _days(days: Decimal | None) -> str:
    return "–" if days is None else formats.number(days)


def quote_of(quote: Quote) -> dict[str, Any]:
    """A quote for the page: words, original, and what may be said of who said it."""
    who = ", ".join(str(one) for one in (quote.sex, quote.age_band) if one)
    return {
        "text": quote.text,
        "language": quote.language,
        "original": quote.original,
        "original_language": quote.original_language,
        "facts": [
            who,
            quote.place,
            _("in our words") if quote.is_paraphrase else "",
            str(Channel(quote.channel).label),
            formats.day_short(quote.received_on),
        ],
    }


def risk_items(seen: Overview, day: date) -> Iterator[dict[str, Any]]:
    """The worst risks, partners that have not reported, what is late, and legacy without an owner."""
    url = f"/projects/{seen.frame.project.pk}/"
    for risk in seen.work.risks[:3]:
        review = _("review %(day)s") % {"day": formats.day_short(risk.review_on)} if risk.review_on else ""
        said = _("likely %(likelihood)d × impact %(impact)d") % {"likelihood": risk.likelihood, "impact": risk.impact}
        yield {
            "badge": risk.score_badge,
            "title": risk.title,
            "url": f"{url}workplan/#risks",
            "sub": " · ".join(one for one in (said, str(risk.owner or ""), review) if one),
        }
    for missing in seen.missing[:2]:
        words = ngettext("%(name)s: %(n)d figure not reported", "%(name)s: %(n)d figures not reported", missing.figures)
        yield {
            "badge": Badge(str(missing.figures), "", "hourglass"),
            "title": words % {"name": missing.name, "n": missing.figures},
            "url": f"{url}partners/",
            "sub": _("due %(day)s") % {"day": formats.day(missing.due_on)},
        }
    for late in seen.work.late[:2]:
        yield {
            "badge": Badge(str((day - late.ends_on).days), "warn", "calendar-x"),
            "title": in_language(late.titles),
            "url": f"{url}workplan/",
            "sub": _("planned for %(day)s, days late") % {"day": formats.day(late.ends_on)},
        }
    if seen.legacy_without_owner:
        words = ngettext(
            "%(n)d thing that is to remain has no future owner",
            "%(n)d things that are to remain have no future owner",
            seen.legacy_without_owner,
        )
        yield {
            "badge": Badge(str(seen.legacy_without_owner), "", "sprout"),
            "title": words % {"n": seen.legacy_without_owner},
            "url": f"{url}legacy/",
            "sub": "",
        }


def ledger_items(seen: Overview) -> Iterator[dict[str, Any]]:
    """You said, we decided, we changed."""
    for line in seen.voices.ledger:
        changed = [{"label": line.changed, "url": ""}] if line.changed else []
        yield {
            "said": line.said,
            "people": line.people,
            "badge": wording.outcome_badge(line.outcome),
            "decided": f"{formats.day_short(line.decided_on)}, {line.decided_by}",
            "changed": changed,
            "reason": "",
        }
