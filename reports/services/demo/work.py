"""Time, money, risks and legacy of the demo portfolio."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from projects.choices import DonorObligationState, FundingForm, LegacyKind, LegacyResult, WorkState
from projects.models import Activity, BudgetLine, Deliverable, DonorObligation, Expense, LegacyCheck, Milestone, Risk
from projects.services.legacy import add_legacy, record_check
from projects.services.money import add_grant, add_money
from projects.services.projects import close_project
from projects.services.workplan import add_work
from reports.services.demo.content import Stage, texts
from reports.services.demo.people import Cast
from reports.services.demo.projects import Planned

CENT = Decimal("0.01")


def add_workplan(planned: Planned, cast: Cast, stage: Stage, by: Any) -> list[Activity]:
    """Activities, deliverables, milestones and risks, with what is done by the day; one deliverable is late."""
    shared, project = texts("shared_texts"), planned.project
    activities = [
        _activity(planned, number, one, cast, stage.day) for number, one in enumerate(shared["activities"], 1)
    ]
    dated = [
        *[_dated(Deliverable, planned, f"D{n}", one, stage.day) for n, one in enumerate(shared["deliverables"], 1)],
        *[_dated(Milestone, planned, f"M{n}", one, stage.day) for n, one in enumerate(shared["milestones"], 1)],
    ]
    chance = stage.chance(f"risks {project.code}")
    risks = [
        Risk(
            project=project,
            title=one["title"],
            mitigation=one["mitigation"],
            likelihood=one["likelihood"],
            impact=one["impact"],
            owner=chance.choice([cast.manager, cast.officer]),
            review_on=stage.day + timedelta(days=chance.randrange(-6, 40)),
        )
        for one in chance.sample(shared["risks"], k=3)
    ]
    add_work(project=project, rows=[*activities, *dated, *risks], by=by)
    return activities


def _activity(planned: Planned, number: int, one: dict[str, Any], cast: Cast, day: date) -> Activity:
    starts_on, ends_on = planned.day_at(one["from"]), planned.day_at(one["to"])
    done = (day - starts_on).days / max((ends_on - starts_on).days, 1)
    state = WorkState.PLANNED if done <= 0 else WorkState.DONE if done >= 1 else WorkState.RUNNING
    return Activity(
        project=planned.project,
        organisation=planned.reporting[number % len(planned.reporting)],
        owner=cast.manager,
        package=one["package"],
        code=f"A{number}",
        titles={"en": one["en"], "el": one["el"]},
        starts_on=starts_on,
        ends_on=ends_on,
        started_on=starts_on if done > 0 else None,
        ended_on=ends_on if done >= 1 else None,
        progress=min(max(int(done * 96), 0), 100) if done < 1 else 100,
        state=state,
    )


def _dated(kind: type[Any], planned: Planned, code: str, one: dict[str, Any], day: date) -> Any:
    ends_on = planned.day_at(one["at"])
    is_done = ends_on < day - timedelta(days=30)
    return kind(
        project=planned.project,
        code=code,
        titles={"en": one["en"], "el": one["el"]},
        ends_on=ends_on,
        ended_on=ends_on - timedelta(days=3) if is_done else None,
        state=WorkState.DONE if is_done else WorkState.PLANNED,
    )


def add_budget(planned: Planned, cast: Cast, stage: Stage, by: Any) -> None:
    """Grant with what is owed to the funder, budget lines, and monthly expenses up to the day."""
    project, text = planned.project, planned.text
    grant = add_grant(
        project=project,
        funder=cast.organisations[text["funder"]],
        reference=text["grant"],
        form=FundingForm.ACTUAL_COST,
        rate=Decimal(90),
        amount=Decimal(text["budget"]),
        currency="EUR",
        starts_on=planned.starts_on,
        ends_on=planned.ends_on,
        by=by,
    )
    obligations = [
        DonorObligation(
            grant=grant,
            title=title,
            due_on=planned.day_at(share),
            owner=cast.manager,
            state=DonorObligationState.ACCEPTED if planned.day_at(share) < stage.day else DonorObligationState.DRAFT,
        )
        for title, share in (("Periodic report", 0.5), ("Final report", 1.0))
    ]
    lines = [
        BudgetLine(
            project=project,
            code=one["code"],
            titles={"en": one["en"], "el": one["el"]},
            starts_on=planned.starts_on,
            ends_on=planned.ends_on,
            amount=Decimal(text["budget"]) * Decimal(str(one["share"])),
            currency="EUR",
        )
        for one in texts("shared_texts")["budget"]
    ]
    add_money(project=project, rows=[*obligations, *lines], by=by)
    add_money(project=project, rows=[one for line in lines for one in _expenses(planned, line, stage)], by=by)


def _expenses(planned: Planned, line: BudgetLine, stage: Stage) -> list[Expense]:
    chance = stage.chance(f"money {planned.project.code} {line.code}")
    last = min(planned.ends_on, stage.day)
    months = max(round((planned.ends_on - planned.starts_on).days / 30.4), 1)
    monthly = (line.amount or Decimal(0)) / months
    days = [planned.starts_on + timedelta(days=27 + 30 * number) for number in range(2 * months)]
    return [
        Expense(
            line=line,
            organisation=planned.reporting[number % len(planned.reporting)],
            on=day,
            title="",
            amount=(monthly * Decimal(str(round(chance.uniform(0.82, 1.04), 3)))).quantize(CENT),
            currency="EUR",
            rate=Decimal(1),
        )
        for number, day in enumerate(days)
        if day <= last
    ]


def close_and_follow(planned: Planned, cast: Cast, stage: Stage) -> None:
    """Close the project that is over, with what it leaves behind and the checks that came due since."""
    for one in planned.text["legacy"]:
        add_legacy(
            project=planned.project,
            kind=LegacyKind(one["kind"]),
            titles=one["t"],
            future_owner=cast.organisations[one["owner"]] if one["owner"] else None,
            handover_on=planned.ends_on if one["owner"] else None,
            by=cast.manager,
        )
    close_project(project=planned.project, on=planned.ends_on + timedelta(days=15), by=cast.manager)
    checks = LegacyCheck.objects.filter(legacy__project=planned.project, due_on__lte=stage.day, months=6)
    results = {one["t"]["en"]: one["checked"] for one in planned.text["legacy"]}
    for check in checks.select_related("legacy"):
        found = results.get(check.legacy.titles["en"])
        if found:
            record_check(
                check=check,
                result=LegacyResult(found),
                note="Visited; the people in charge were met.",
                on=check.due_on,
                by=cast.manager,
            )
