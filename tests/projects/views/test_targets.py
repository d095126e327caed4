"""Targets: for all, for a category, a place, a partner, of a period or the whole time; and what was reached of each."""

from decimal import Decimal as D
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from kmop.accounts.models import User
from kmop.shared.errors import NotAllowed
from projects.choices import ProjectRoleName
from projects.models import Target
from projects.services.rollup import roll_up_all
from projects.services.targets import remove_target, set_target
from tests.factories import (
    Cast,
    fresh,
    make_cast,
    make_dimension,
    make_indicator,
    make_partnership,
    make_period,
    make_place,
    make_role,
    make_target,
    make_update,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(cast: Cast, path: str = "") -> str:
    return f"/projects/{cast.project.pk}/results/targets/{path}"


def rows(cast: Cast, user: User, **asked: str) -> list[tuple[str, ...]]:
    """When, category, place, partner, target, reached of each row."""
    found = as_user(user).get(url(cast), asked).context["rows"]
    return [tuple(str(cell.value) for cell in row.cells[1:]) for row in found]


def refused(**facts: Any) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        set_target(**facts)
    return list(caught.value.error_dict)


def test_each_target_stands_beside_what_was_reached_of_just_that(cast: Cast) -> None:
    indicator = make_indicator(cast.project, "7", dimensions=[make_dimension("sex")])
    make_partnership(cast.project, cast.b)
    here, there = make_place("HERE"), make_place("SHELTER", is_protected=True)
    cast.project.places.set([here, there])
    january, february = make_period(indicator, 1), make_period(indicator, 2)
    make_update(january, cast.a, {"": 10, "sex:female": 6}, place=here)
    make_update(february, cast.a, {"": 5, "sex:female": 5}, place=there)
    make_update(february, cast.b, {"": 2, "sex:female": 1})
    make_update(january, cast.b, 99, state="submitted")
    for facts in (
        {"numerator": D(40)},
        {"numerator": D(20), "period": february},
        {"numerator": D(30), "cell": "sex:female"},
        {"numerator": D(9), "place": here},
        {"numerator": D(8), "place": there},
        {"numerator": D(3), "organisation": cast.b},
        {"numerator": D(4), "organisation": cast.b, "cell": "sex:female", "period": february},
    ):
        set_target(indicator=indicator, by=cast.alice, **facts)
    all_time = "The whole time"
    of_b = [(all_time, "", "", "Organisation B", "3", "2"), ("Feb 2026", "Female", "", "Organisation B", "4", "1")]
    shared = [
        (all_time, "", "", "", "40", "17"),
        ("Feb 2026", "", "", "", "20", "7"),
        (all_time, "Female", "", "", "30", "12"),
        (all_time, "", "HERE", "", "9", "10"),
        (all_time, "", "A protected place", "", "8", "5"),
    ]
    assert sorted(rows(cast, cast.alice)) == sorted([*shared, *of_b])
    assert sorted(rows(cast, cast.bob)) == sorted(shared)
    assert sorted(rows(cast, cast.carol)) == sorted([*shared, *of_b])
    funder = make_user("Fay")
    make_role(funder, ProjectRoleName.FUNDER_VIEWER, cast.project)
    assert sorted(rows(cast, fresh(funder))) == sorted(shared)
    for asked, count in (
        ({"of": "all"}, 2), ({"of": "cell"}, 2), ({"of": "place"}, 2), ({"of": "organisation"}, 2),
        ({"when": "life"}, 5), ({"when": "period"}, 2), ({"indicator": str(indicator.pk)}, 7), ({"search": "no"}, 0),
    ):  # fmt: skip
        assert len(rows(cast, cast.alice, **asked)) == count, asked


def test_targets_of_categories_stand_beside_them_on_results(cast: Cast) -> None:
    indicator = make_indicator(cast.project, "7", dimensions=[make_dimension("sex")])
    january, february = make_period(indicator, 1), make_period(indicator, 2)
    make_update(january, cast.a, {"": 10, "sex:female": 6})
    for cell, number, period in (
        ("sex:female", 5, january), ("sex:female", 7, february), ("sex:male", 4, january), ("sex:male", 30, None),
    ):  # fmt: skip
        make_target(indicator, number, period, cell=cell)
    roll_up_all()

    def parts(**asked: str) -> list[tuple[Any, ...]]:
        page = as_user(cast.bob).get(url(cast).replace("targets/", ""), {"indicator": str(indicator.pk), **asked})
        rows = [row for card in page.context["cards"] for row in card["indicators"] if row.get("id") == indicator.pk]
        return [(one["label"], one["value"], one["aim"]) for one in rows[0]["parts"][0]["rows"]]

    assert parts() == [("Female", D(6), D(12)), ("Male", None, D(30))]
    assert parts(period="2026-01/2026-01") == [("Female", D(6), D(5)), ("Male", None, D(4))]


def test_running_totals_are_taken_from_the_newest_of_each_partner_and_place(cast: Cast) -> None:
    indicator = make_indicator(cast.project, "7", is_cumulative=True, across_time="latest")
    make_update(make_period(indicator, 1), cast.a, 10)
    make_update(make_period(indicator, 2), cast.a, 25)
    march = make_period(indicator, 3)
    set_target(indicator=indicator, organisation=cast.a, period=march, numerator=D(50), by=cast.alice)
    set_target(indicator=indicator, organisation=cast.a, numerator=D(90), by=cast.alice)
    assert sorted(row[-2:] for row in rows(cast, cast.bob)) == [("50", "25"), ("90", "25")]


def test_a_target_takes_the_place_of_its_like(cast: Cast) -> None:
    first = set_target(indicator=cast.indicator, numerator=D(40), by=cast.alice)
    other = set_target(indicator=cast.indicator, numerator=D(9), organisation=cast.a, by=cast.alice)
    second = set_target(indicator=cast.indicator, numerator=D(50), by=cast.alice)
    assert set(Target.objects.all()) == {other, second}
    assert not Target.objects.filter(pk=first.pk).exists()
    remove_target(target=second, by=cast.alice)
    assert list(Target.objects.all()) == [other]


@pytest.mark.parametrize(
    "facts, field",
    [
        ({"numerator": None}, "numerator"),
        ({"numerator": D(-1)}, "numerator"),
        ({"denominator": D(2)}, "denominator"),
        ({"cell": "sex:female"}, "cell/disaggregation/sex"),
        ({"cell": "nonsense"}, "cell/disaggregation"),
    ],
)
def test_what_the_indicator_does_not_take_is_told(cast: Cast, facts: dict[str, Any], field: str) -> None:
    assert refused(indicator=cast.indicator, by=cast.alice, **{"numerator": D(1), **facts}) == [field]


def test_what_is_of_another_project_is_told(cast: Cast) -> None:
    foreign = make_period(make_indicator(cast.other, "9"))
    wrong = {"period": foreign, "organisation": cast.b, "place": make_place("FAR")}
    for name, one in wrong.items():
        assert refused(indicator=cast.indicator, numerator=D(1), by=cast.alice, **{name: one}) == [name]
    target = make_target(cast.indicator, 1)
    for user in (cast.bob, cast.carol, cast.dora):
        with pytest.raises(NotAllowed):
            set_target(indicator=cast.indicator, numerator=D(1), by=user)
        with pytest.raises(NotAllowed):
            remove_target(target=target, by=user)


def test_a_target_is_set_changed_and_taken_away(cast: Cast) -> None:
    client = as_user(cast.alice)
    indicator = make_indicator(
        cast.project, "7", measure="percentage", across_partners="weighted_ratio", dimensions=[make_dimension("sex")]
    )
    period = make_period(indicator, 1)
    assert client.get(url(cast, "new/")).status_code == 200
    to_form = client.post(url(cast, "new/"), {"indicator": indicator.pk})
    path = f"new/{indicator.pk}/"
    assert (to_form.status_code, to_form["Location"]) == (302, url(cast, path))
    assert client.get(url(cast, path)).status_code == 200
    said = {"period": period.pk, "dimension.sex": "female", "numerator": "40", "comment": "By law"}
    for wrong in ({"numerator": ""}, {"numerator": "x"}, {"dimension.sex": "x"}, {"denominator": "0"}):
        assert client.post(url(cast, path), {**said, **wrong}).status_code == 422
    assert client.post(url(cast, path), said).status_code == 302
    row = Target.objects.get(indicator=indicator)
    assert (row.period, row.cell, row.numerator, row.comment) == (period, "sex:female", D(40), {"en": "By law"})
    form = client.get(url(cast, f"{row.pk}/")).context["form"]
    assert (form.initial["dimension.sex"], form.initial["numerator"]) == ("female", "40")
    changed = {"numerator": "45", "dimension.sex": "male", "period": ""}
    assert client.post(url(cast, f"{row.pk}/"), changed).status_code == 302
    row = Target.objects.get(indicator=indicator)
    assert (row.period, row.cell, row.numerator) == (period, "sex:female", D(45))
    assert client.post(url(cast, f"{row.pk}/remove/")).status_code == 302
    assert Target.objects.filter(indicator=indicator).count() == 0


def test_partners_read_and_strangers_do_not(cast: Cast) -> None:
    row = make_target(cast.indicator, 1)
    paths = ("new/", f"new/{cast.indicator.pk}/", f"{row.pk}/")
    for path in paths:
        assert as_user(cast.bob).get(url(cast, path)).status_code == 403
    assert as_user(cast.bob).post(url(cast, f"{row.pk}/remove/")).status_code == 403
    assert as_user(cast.bob).get(url(cast)).context["rows"][0].url == ""
    for path in ("", *paths):
        assert as_user(cast.carol).get(url(cast, path)).status_code == 404
    assert as_user(cast.carol).post(url(cast, f"{row.pk}/remove/")).status_code == 404
    foreign = make_indicator(cast.other, "9")
    assert as_user(cast.alice).get(url(cast, f"new/{foreign.pk}/")).status_code == 404
