"""Quality flags: computed when an update is submitted, kept with it, refusing nothing."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from projects.choices import UpdateState
from projects.models import Obligation, Update
from projects.services.updates import UpdateInput, ValueInput, check_update, create_update, submit_update
from tests.factories import Cast, make_cast, make_dimension, make_indicator, make_period, make_update

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def total(number: Any) -> UpdateInput:
    """A content that says only a total."""
    return UpdateInput(total=ValueInput(numerator=Decimal(number)))


def create(cast: Cast, content: UpdateInput, **fields: Any) -> Update:
    """Bob's update."""
    return create_update(
        content=content, **{"indicator": cast.indicator, "organisation": cast.a, "by": cast.bob, **fields}
    )


def test_flags_are_kept_on_submission(cast: Cast) -> None:
    cast.indicator.dimensions.add(make_dimension("sex"))
    for month, number in enumerate((10, 11, 12, 10, 11), 1):
        period = cast.period if month == 1 else make_period(cast.indicator, month)
        make_update(period, cast.a, number)
    june = make_period(cast.indicator, 6, due_on=date(2026, 7, 30))
    content = UpdateInput(values=(ValueInput({"sex": "female"}, Decimal(30)),), total=ValueInput(numerator=Decimal(90)))
    update = create(cast, content, period=june)
    submitted = submit_update(update=update, expected_version=1, by=cast.bob)
    assert [one["code"] for one in submitted.flags] == ["late", "outlier", "jump", "breakdown_does_not_add_up"]
    assert submitted.flags[2] == {"code": "jump", "params": {"value": "90", "previous": "11"}, "cell": ""}
    submitted.refresh_from_db()
    assert (submitted.version, len(submitted.flags)) == (2, 4)


def test_without_a_number_only_lateness_is_looked_at(cast: Cast) -> None:
    indicator = make_indicator(cast.project, "Q", measure="percentage")
    make_update(make_period(indicator, 1), cast.a, {"": (40, 80)})
    make_update(make_period(indicator, 2), cast.a, "not_applicable")
    silent = make_update(make_period(indicator, 3, due_on=None), cast.a, "not_applicable", state=UpdateState.DRAFT)
    assert check_update(silent) == []
    higher = make_update(make_period(indicator, 4, due_on=date(2026, 6, 1)), cast.a, {"": (80, 80)}, state="draft")
    assert check_update(higher, submitted_on=date(2026, 6, 1)) == []
    assert [one["params"] for one in check_update(higher, submitted_on=date(2026, 6, 3))] == [{"days": 2}]


def test_a_falling_running_total_is_flagged(cast: Cast) -> None:
    indicator = make_indicator(cast.project, "C", is_cumulative=True, across_time="latest")
    make_update(make_period(indicator, 1), cast.a, 20)
    update = create(cast, total(15), indicator=indicator, period=make_period(indicator, 2, due_on=None), submit=True)
    assert [one["code"] for one in update.flags] == ["running_total_falls"]
    assert Obligation.objects.count() == 0
