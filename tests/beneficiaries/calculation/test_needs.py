from decimal import Decimal as D

import pytest

from beneficiaries.calculation.drift import Drift, drift
from beneficiaries.calculation.needs import NeedOfPeople, NeedShares, NeedState, is_met, need_shares
from beneficiaries.calculation.shares import Share
from projects.calculation.progress import PlanAnswer


def need(people: int, state: NeedState) -> NeedOfPeople:
    return NeedOfPeople(people, state)


@pytest.mark.parametrize(
    "needs, answered, met",
    [
        ([], Share(0, 0), Share(0, 0)),
        ([need(10, NeedState.VOICED)], Share(0, 10), Share(0, 10)),
        ([need(10, NeedState.CONFIRMED)], Share(0, 10), Share(0, 10)),
        ([need(10, NeedState.REFUSED)], Share(0, 10), Share(0, 10)),
        ([need(10, NeedState.ANSWERED)], Share(10, 10), Share(0, 10)),
        ([need(10, NeedState.MET)], Share(10, 10), Share(10, 10)),
        (
            [need(60, NeedState.MET), need(20, NeedState.ANSWERED), need(120, NeedState.VOICED)],
            Share(80, 200),
            Share(60, 200),
        ),
        ([need(0, NeedState.MET)], Share(0, 0), Share(0, 0)),
    ],
)
def test_both_shares_stand_beside_each_other(needs: list[NeedOfPeople], answered: Share, met: Share) -> None:
    assert need_shares(needs) == NeedShares(answered=answered, met=met)


def test_a_share_of_nobody_is_no_number() -> None:
    assert (Share(0, 0).value, Share(0, 4).value, Share(3, 4).value) == (None, D(0), D("0.75"))


@pytest.mark.parametrize("confirming, met", [(0, False), (4, False), (5, True), (9, True)])
def test_five_people_make_a_need_met(confirming: int, met: bool) -> None:
    assert is_met(confirming) is met


def test_how_many_people_it_needs_is_a_setting() -> None:
    assert is_met(3, needed=3)


@pytest.mark.parametrize(
    "answer, people, expected",
    [
        (PlanAnswer.YES, "0.49", Drift.DRIFT),
        (PlanAnswer.YES, "0", Drift.DRIFT),
        (PlanAnswer.YES, "0.5", Drift.NONE),
        (PlanAnswer.YES, None, Drift.NONE),
        (PlanAnswer.PARTLY, "0.49", Drift.LATE_AND_UNHEARD),
        (PlanAnswer.NO, "0.49", Drift.LATE_AND_UNHEARD),
        (PlanAnswer.NO, "0.5", Drift.NONE),
        (PlanAnswer.INCOMPLETE, "0.1", Drift.NONE),
        (PlanAnswer.NO_PLAN, "0.1", Drift.NONE),
    ],
)
def test_where_plan_and_people_part(answer: PlanAnswer, people: str | None, expected: Drift) -> None:
    assert drift(answer, None if people is None else D(people)) is expected
