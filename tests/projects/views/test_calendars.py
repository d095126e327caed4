"""A grant's own reporting calendar: made of periods of the indicators, refused with the reason, figures told by it."""

from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from kmop.accounts.models import User
from kmop.shared.errors import NotAllowed
from projects.choices import ProjectRoleName
from projects.models import Grant
from projects.queries.calendars import grant_figures
from projects.services.calendars import set_calendar
from projects.services.rollup import roll_up_all
from tests.factories import (
    Cast,
    fresh,
    make_cast,
    make_indicator,
    make_obligation,
    make_period,
    make_role,
    make_target,
    make_update,
    make_user,
)
from tests.factories_parts import make_grant

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)
FIRST, SECOND = (date(2026, 1, 1), date(2026, 2, 28)), (date(2026, 3, 1), date(2026, 4, 30))


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def grant(cast: Cast) -> Grant:
    """A grant to a project whose one indicator is reported by month until April."""
    for month in (2, 3, 4):
        make_period(cast.indicator, month)
    return make_grant(cast.project, starts_on=date(2026, 1, 1), ends_on=date(2026, 4, 30))


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def refused(grant: Grant, by: User, *spans: tuple[date, date], **more: Any) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        set_calendar(grant=grant, spans=spans, by=by, **more)
    assert list(caught.value.error_dict) == ["left_out" if "left_out" in more else "lines"]
    return caught.value.messages


def test_a_period_of_the_grant_is_a_union_of_periods(cast: Cast, grant: Grant) -> None:
    set_calendar(grant=grant, spans=[SECOND, FIRST], by=cast.alice)
    assert [(one.starts_on, one.ends_on) for one in grant.periods.all()] == [FIRST, SECOND]
    assert refused(grant, cast.alice, (date(2026, 1, 1), date(2026, 1, 15))) == [
        "1.1 Indicator 1.1: 1 Jan 2026 – 15 Jan 2026 cuts through its period 1 Jan 2026 – 31 Jan 2026."
    ]
    assert refused(grant, cast.alice, (date(2026, 3, 1), date(2026, 6, 30))) == [
        "1.1 Indicator 1.1: in 1 Mar 2026 – 30 Jun 2026 no period of its own goes on from 1 May 2026."
    ]
    overlap = ["Each period ends after its start, and before the next one begins."]
    assert refused(grant, cast.alice, FIRST, (date(2026, 2, 1), date(2026, 4, 30))) == overlap
    assert refused(grant, cast.alice, (date(2026, 3, 1), date(2026, 2, 1))) == overlap
    assert grant.periods.count() == 2
    for user in (cast.bob, cast.carol, cast.dora):
        with pytest.raises(NotAllowed):
            set_calendar(grant=grant, spans=[FIRST], by=user)


def test_an_indicator_that_the_funder_is_not_told_hinders_nothing(cast: Cast, grant: Grant) -> None:
    yearly = [make_indicator(cast.project, f"Y{number}") for number in range(7)]
    for one in yearly:
        make_period(one, 1, months=12)
    make_indicator(cast.project, "Without periods")
    told = refused(grant, cast.alice, FIRST)
    assert (len(told), told[-1]) == (6, "And 2 more.")
    assert grant.left_out.count() == 0
    set_calendar(grant=grant, spans=[FIRST], left_out=yearly, by=cast.alice)
    assert [one.indicator for one in grant_figures(grant, day=DAY)[1]] == [cast.indicator]
    refused(grant, cast.alice, FIRST, left_out=[make_indicator(cast.other, "9")])


def test_figures_are_told_by_the_periods_of_the_grant(cast: Cast, grant: Grant) -> None:
    running = make_indicator(cast.project, "R", is_cumulative=True, across_time="latest")
    months = {month: cast.indicator.periods.get(starts_on__month=month) for month in (1, 2, 3, 4)}
    for month, number in ((1, 10), (2, 5), (3, 0)):
        make_update(months[month], cast.a, number)
        make_target(cast.indicator, 8, months[month])
        make_update(make_period(running, month), cast.a, 10 * month)
    make_period(running, 4)
    make_obligation(months[4], cast.a)
    set_calendar(grant=grant, spans=[FIRST, SECOND], by=cast.alice)
    roll_up_all()
    calendar, rows = grant_figures(grant, day=DAY)
    told = {row.indicator.code: [one.told for one in row.cells if one.told] for row in rows}
    assert [(one.actual.value, one.target.value, one.missing) for one in told["1.1"]] == [
        (D(15), D(16), 0),
        (D(0), D(8), 1),
    ]
    assert [one.actual.value for one in told["R"]] == [D(20), D(30)]
    later = make_indicator(cast.project, "L")
    make_period(later, 1, months=4)
    cells = grant_figures(grant, day=DAY)[1][-1].cells
    assert [one.why_not for one in cells] == [
        "L Indicator L: 1 Jan 2026 – 28 Feb 2026 cuts through its period 1 Jan 2026 – 30 Apr 2026.",
        "L Indicator L: 1 Mar 2026 – 30 Apr 2026 cuts through its period 1 Jan 2026 – 30 Apr 2026.",
    ]
    assert len(calendar) == 2


def test_the_page_and_its_files(cast: Cast, grant: Grant, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    make_update(cast.period, cast.a, 10)
    set_calendar(grant=grant, spans=[FIRST, SECOND], by=cast.alice)
    roll_up_all()
    client, url = as_user(cast.alice), f"/projects/{cast.project.pk}/money/grants/{grant.pk}/"
    client.get(url)
    for count in (0, 3):
        for number in range(count):
            make_period(make_indicator(cast.project, f"9.{number}"), 1, months=2)
        with django_assert_num_queries(20):
            page = client.get(url)
    assert [one["actual"] for one in page.context["rows"][0]["cells"]] == ["10", "Not reported"]
    assert "no period of its own goes on from" in page.content.decode()
    text = b"".join(client.get(url, {"format": "csv"}).streaming_content).decode()
    assert "1.1,Indicator 1.1,,2026-01-01,2026-02-28,,10,reported,0," in text
    assert b"".join(client.get(url, {"format": "xlsx"}).streaming_content)[:2] == b"PK"
    assert client.get(url, {"format": "pdf"}).status_code == 404
    funder = make_user("Fay")
    make_role(funder, ProjectRoleName.FUNDER_VIEWER, cast.project)
    assert as_user(fresh(funder)).get(url).status_code == 200
    assert as_user(cast.bob).get(url).status_code == 403
    for user in (cast.carol, cast.dora):
        assert (as_user(user).get(url).status_code, as_user(user).get(f"{url}calendar/").status_code) == (404, 404)


def test_the_calendar_is_written_or_made_by_a_frequency(cast: Cast, grant: Grant) -> None:
    client, url = as_user(cast.alice), f"/projects/{cast.project.pk}/money/grants/{grant.pk}/calendar/"
    assert client.get(url).status_code == 200
    for wrong in ("2026-01-01", "2026-13-01 / 2026-14-01", "2026-01-01 / 2026-01-15"):
        assert client.post(url, {"lines": wrong}).status_code == 422
    assert client.post(url, {"lines": "2026-01-01 / 2026-02-28\n2026-03-01 – 2026-04-30"}).status_code == 302
    assert [(one.starts_on, one.ends_on) for one in grant.periods.all()] == [FIRST, SECOND]
    assert client.get(url).context["form"].initial["lines"] == "2026-01-01 / 2026-02-28\n2026-03-01 / 2026-04-30"
    assert client.post(url, {"frequency": "month"}).status_code == 302
    assert grant.periods.count() == 4
    assert as_user(cast.bob).get(url).status_code == 403
    Grant.objects.update(ends_on=None)
    assert client.post(url, {"frequency": "month"}).status_code == 422
