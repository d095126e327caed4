"""Rows for the benchmarks: a project of any size, made by bare inserts, and the people who look at it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from projects.calculation.calendar import ONE_DAY, months_later

PARTNERS = 3
CELLS = ("sex:female", "sex:male", "age:0-5", "age:18-24", "age:65+", "age:not_stated")
MOMENT = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass
class Made:
    """A project with its officer, who may approve, and its partners, of whom the first has a contributor."""

    project: Any
    officer: Any
    contributor: Any
    partners: list[Any]
    indicators: list[Any]
    periods: list[Any]


def make_portfolio(code: str, *, indicators: int, periods: int, results: int = 1) -> Made:
    """A project with indicators broken down by sex and age, each with monthly periods and targets; no updates yet."""
    from projects import models
    from tests import factories

    project = factories.make_project(code, starts_on=date(2020, 1, 1))
    partners = [factories.make_organisation(f"{code}-{number}") for number in range(PARTNERS)]
    for one in partners:
        factories.make_partnership(project, one)
    officer, contributor = factories.make_user(f"officer-{code}"), factories.make_user(f"contributor-{code}")
    factories.make_role(officer, "me_officer", project)
    factories.make_member(contributor, partners[0])
    dimensions = [factories.make_dimension(one) for one in ("sex", "age")]
    held = [factories.make_result(project, str(number + 1)) for number in range(results)]
    rows = [
        models.Indicator(
            project=project, result=held[one % results], code=f"1.{one}", titles={"en": f"Indicator {one}"}, order=one
        )
        for one in range(indicators)
    ]
    models.Indicator.objects.bulk_create(rows)
    through = models.Indicator.dimensions.through
    through.objects.bulk_create(
        [through(indicator_id=row.pk, dimension_id=one.pk) for row in rows for one in dimensions]
    )
    months = [months_later(date(2020, 1, 1), number) for number in range(periods + 1)]
    stretches = [
        models.Period(indicator=row, starts_on=first, ends_on=after - ONE_DAY, due_on=after)
        for row in rows
        for first, after in zip(months, months[1:], strict=False)
    ]
    models.Period.objects.bulk_create(stretches, batch_size=1000)
    targets = [models.Target(indicator=one.indicator, period=one, numerator=Decimal(30)) for one in stretches]
    models.Target.objects.bulk_create(targets, batch_size=1000)
    return Made(project, officer, contributor, partners, rows, stretches)


def report(made: Made, *, state: str, periods: list[Any] | None = None, partners: list[Any] | None = None) -> list[Any]:
    """One update of each partner for each period, in this state, with a total and six cells; nothing is rolled up."""
    from projects import models

    updates = [
        models.Update(
            indicator=period.indicator,
            period=period,
            organisation=partner,
            state=state,
            created_by=made.contributor,
            submitted_by=made.contributor,
            submitted_at=MOMENT,
            decided_at=MOMENT if state == "approved" else None,
        )
        for period in (made.periods if periods is None else periods)
        for partner in (made.partners if partners is None else partners)
    ]
    models.Update.objects.bulk_create(updates, batch_size=1000)
    values = [
        models.UpdateValue(update=one, cell=cell, numerator=Decimal(number + 2))
        for one in updates
        for number, cell in enumerate(("", *CELLS))
    ]
    models.UpdateValue.objects.bulk_create(values, batch_size=2000)
    models.Obligation.objects.bulk_create(
        [
            models.Obligation(
                indicator=one.indicator,
                period=one.period,
                organisation=one.organisation,
                due_on=one.period.due_on,
                update=one,
            )
            for one in updates
        ],
        batch_size=1000,
    )
    return updates
