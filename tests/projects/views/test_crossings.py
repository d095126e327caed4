"""Crossed or side by side: one table for each group of dimensions, asked for, checked and told apart."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from kmop.accounts.models import User
from kmop.shared.errors import NotAllowed, Stale
from projects.calculation.cells import Adding, breakdowns, format_groups, grouped, parse_groups
from projects.calculation.values import Measure
from projects.models import Indicator
from projects.services.crossings import set_crossings
from projects.services.frameworks.shapes import shape_of
from projects.services.inputs import UpdateInput, ValueInput
from projects.services.updates import create_update
from tests.api_client import Api
from tests.factories import Cast, make_cast, make_dimension, make_indicator, make_obligation, make_period
from tests.factories_calculation import counted
from tests.factories_partners import token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def indicator(cast: Cast) -> Indicator:
    """By sex x age, and by disability beside it."""
    dimensions = [
        make_dimension("sx", "f", "m"),
        make_dimension("ag", "young", "old"),
        make_dimension("di", "with", "without", "not_stated"),
    ]
    row = make_indicator(cast.project, "7", dimensions=dimensions, groups="ag|sx:di")
    make_period(row)
    return row


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    "text, expected",
    [
        ("", (("a", "b", "c"),)),
        ("a|b:c", (("a", "b"), ("c",))),
        ("c|a", (("a", "c"), ("b",))),
        ("a:b:c", (("a",), ("b",), ("c",))),
        ("a|gone:lost", (("a",), ("b",), ("c",))),
    ],
)
def test_dimensions_stand_in_groups(text: str, expected: tuple[tuple[str, ...], ...]) -> None:
    assert grouped(["a", "b", "c"], parse_groups(text)) == expected


def test_groups_have_a_short_form() -> None:
    assert format_groups([["b", "a"], [], ["c"]]) == "a|b:c"
    assert grouped([], []) == ()


def said(indicator: Indicator, cast: Cast, values: dict[str, int], total: int | None = None) -> Any:
    """Bob's draft of the first period."""
    content = UpdateInput(
        values=tuple(ValueInput(cell, Decimal(number)) for cell, number in values.items()),
        total=None if total is None else ValueInput("", Decimal(total)),
    )
    period = indicator.periods.get()
    return create_update(indicator=indicator, period=period, organisation=cast.a, content=content, by=cast.bob)


def test_each_group_is_checked_by_itself(cast: Cast, indicator: Indicator) -> None:
    values = {"ag:young|sx:f": 3, "ag:old|sx:m": 4, "di:with": 2}
    update = said(indicator, cast, values, 7)
    cells = dict(zip(sorted(update.values.values_list("cell", flat=True)), counted(7, 4, 3, 2), strict=True))
    told = breakdowns(cells, measure=Measure.COUNT, exclusive={"ag", "sx", "di"})
    assert [(one.dimensions, one.adding) for one in told] == [
        (("ag", "sx"), Adding.COMPLETE),
        (("di",), Adding.INCOMPLETE),
    ]


@pytest.mark.parametrize(
    "values, total, field",
    [
        ({"di:with|sx:f": 1}, 7, "values/0/disaggregation"),
        ({"ag:old|di:with|sx:f": 1}, 7, "values/0/disaggregation"),
        ({"di:with": 8}, 7, "total"),
        ({"ag:old|sx:f": 8, "di:with": 1}, 7, "total"),
    ],
)
def test_what_stands_in_no_group_or_above_the_total_is_refused(
    cast: Cast, indicator: Indicator, values: dict[str, int], total: int, field: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        said(indicator, cast, values, total)
    assert list(caught.value.error_dict) == [field]


def test_without_groups_all_may_be_crossed(cast: Cast, indicator: Indicator) -> None:
    Indicator.objects.update(groups="")
    indicator.refresh_from_db()
    assert said(indicator, cast, {"ag:old|di:with|sx:f": 1}, 7).values.count() == 2


def test_the_page_to_enter_shows_a_table_for_each_group(cast: Cast, indicator: Indicator) -> None:
    owed = make_obligation(indicator.periods.get(), cast.a)
    client, url = as_user(cast.bob), f"/enter/figures/{owed.pk}/"
    page = client.get(url)
    assert [(one["caption"], one["is_matrix"]) for one in page.context["breakdowns"]] == [
        ("Indicator 7, by ag, sx", True),
        ("Indicator 7, by di", False),
    ]
    assert page.content.decode().count("data-matrix") == 2
    form = {"version": "0", "kind": "number", "n.": "7", "n.ag:young|sx:f": "3", "n.di:with": "9", "go": "save"}
    assert "parts by di add up to 9" in client.post(url, form).content.decode()
    assert client.post(url, {**form, "n.di:with": "2"}).status_code == 302
    cells = indicator.updates.get().values.values_list("cell", flat=True)
    assert sorted(cells) == ["", "ag:young|sx:f", "di:with"]


def test_what_is_crossed_is_said_on_the_page(cast: Cast, indicator: Indicator) -> None:
    client, url = as_user(cast.alice), f"/projects/{cast.project.pk}/results/{indicator.pk}/breakdown/"
    form = client.get(url).context["form"]
    assert {name: form[name].value() for name in form.fields} == {"ag": "1", "di": "2", "sx": "1", "version": 1}
    results = client.get(f"/projects/{cast.project.pk}/results/", {"indicator": indicator.pk})
    assert url in results.content.decode()
    assert client.post(url, {"ag": "1", "di": "1", "sx": "", "version": 1}).status_code == 302
    indicator.refresh_from_db()
    assert (indicator.groups, indicator.version) == ("ag|di:sx", 2)
    for wrong in ({"ag": "9", "version": 2}, {"ag": "1", "version": 1}):
        assert client.post(url, wrong).status_code == 422
    assert as_user(cast.bob).get(url).status_code == 403
    assert as_user(cast.carol).get(url).status_code == 404


def test_programs_are_told_what_is_crossed(cast: Cast, indicator: Indicator) -> None:
    api = Api(token_of(cast.a, "projects:read"))
    assert api.get(f"indicators/{indicator.pk}/").json()["crossed"] == [["ag", "sx"], ["di"]]
    assert api.get(f"indicators/{cast.indicator.pk}/").json()["crossed"] == []


def test_a_copied_framework_keeps_what_is_crossed(cast: Cast, indicator: Indicator) -> None:
    [told] = [one for one in shape_of(cast.project)["indicators"] if one["code"] == indicator.code]
    assert told["own"]["groups"] == "ag|sx:di"


def test_groups_that_make_no_sense_are_refused(cast: Cast, indicator: Indicator) -> None:
    for groups in ([["ag", "ag"]], [["ag"], ["ag", "sx"]], [["nothing"]]):
        with pytest.raises(ValidationError):
            set_crossings(indicator=indicator, groups=groups, by=cast.alice)
    with pytest.raises(Stale):
        set_crossings(indicator=indicator, groups=[], expected_version=7, by=cast.alice)
    for user in (cast.bob, cast.carol, cast.dora):
        with pytest.raises(NotAllowed):
            set_crossings(indicator=indicator, groups=[], by=user)
    assert set_crossings(indicator=indicator, groups=[], expected_version=1, by=cast.alice).groups == ""
