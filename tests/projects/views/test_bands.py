"""Donors' bands told from ours: proposed, checked with the band that doesn't fit, listed, changed, removed."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from kmop.accounts.models import User
from kmop.shared.errors import NotAllowed, Stale
from projects.models import Category, Dimension, DimensionMapping
from projects.services.bands import add_mapping, change_mapping, remove_mapping
from tests.factories import Cast, make_cast, make_dimension

pytestmark = pytest.mark.django_db
LIST = "/library/bands/"
PAIRS = {
    "0-5": "0-17", "6-14": "0-17", "15-17": "0-17", "18-24": "18+", "25-29": "18+", "30-54": "18+", "55-59": "18+",
    "60-64": "18+", "65+": "18+", "not_stated": "not_stated",
}  # fmt: skip


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def age() -> Dimension:
    """The finest bands, as they are there from the first day."""
    return Dimension.objects.get(code="age")


@pytest.fixture
def donor() -> Dimension:
    return make_dimension("donor", "0-17", "18+", "not_stated")


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def refused(source: Dimension, target: Dimension, pairs: dict[str, str], by: User) -> list[str]:
    with pytest.raises(ValidationError) as error:
        add_mapping(source=source, target=target, pairs=pairs, by=by)
    assert not DimensionMapping.objects.exists()
    return error.value.message_dict["pairs"]


def test_bands_are_put_together_from_ages_and_like_codes(cast: Cast, age: Dimension, donor: Dimension) -> None:
    row = add_mapping(source=age, target=donor, pairs={}, by=cast.alice)
    assert (row.pairs, list(row.pairs)) == (PAIRS, [one.code for one in age.categories.all()])
    assert str(row) == "Age > donor"


@pytest.mark.parametrize(
    "bands, said",
    [
        (["0-14", "15-24", "25+"], "0-17 can’t be told from these categories: 15-24 lies only partly in it."),
        (["0-5", "15-17", "18+"], "0-17 can’t be told from these categories: none of them tells the ages 6-14."),
    ],
)
def test_an_impossible_band_is_told_at_design(cast: Cast, donor: Dimension, bands: list[str], said: str) -> None:
    assert said in refused(make_dimension("coarse", *bands, "not_stated"), donor, {}, cast.alice)


@pytest.mark.parametrize(
    "pairs, said",
    [
        (
            {**PAIRS, "18-24": "0-17"},
            [
                "18-24 doesn’t belong to 0-17.",
                "18+ can’t be told from these categories: none of them tells the ages 18-24.",
            ],
        ),
        ({code: one for code, one in PAIRS.items() if code != "65+"}, ["Say what these become: 65+."]),
        ({**PAIRS, "x": "y"}, ["There is no category x, y."]),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(
    cast: Cast, age: Dimension, donor: Dimension, pairs: dict[str, str], said: list[str]
) -> None:
    assert refused(age, donor, pairs, cast.alice) == said


def test_categories_that_are_no_ages_may_become_any(cast: Cast) -> None:
    source, target = make_dimension("fine", "a", "b", "c"), make_dimension("rough", "x", "y")
    row = add_mapping(source=source, target=target, pairs={"a": "x", "b": "x", "c": "y"}, by=cast.alice)
    change_mapping(mapping=row, pairs={"a": "y", "b": "x", "c": "y"}, expected_version=row.version, by=cast.alice)
    assert DimensionMapping.objects.get().pairs == {"a": "y", "b": "x", "c": "y"}
    with pytest.raises(Stale):
        change_mapping(mapping=row, pairs={"a": "x", "b": "x", "c": "x"}, expected_version=99, by=cast.alice)
    with pytest.raises(ValidationError):
        add_mapping(source=source, target=target, pairs={"a": "x", "b": "x", "c": "y"}, by=cast.alice)
    with pytest.raises(ValidationError):
        add_mapping(source=source, target=source, pairs={}, by=cast.alice)


def test_only_who_keeps_lists_may(cast: Cast, age: Dimension, donor: Dimension) -> None:
    row = add_mapping(source=age, target=donor, pairs={}, by=cast.alice)
    for user in (cast.bob, cast.carol):
        with pytest.raises(NotAllowed):
            add_mapping(source=donor, target=age, pairs={}, by=user)
        with pytest.raises(NotAllowed):
            change_mapping(mapping=row, pairs={}, by=user)
        with pytest.raises(NotAllowed):
            remove_mapping(mapping=row, by=user)
        client = as_user(user)
        assert [client.get(path).status_code for path in (f"{LIST}new/", f"{LIST}{row.pk}/")] == [403, 403]
        assert client.post(f"{LIST}{row.pk}/remove/").status_code == 403
        assert client.get(LIST).status_code == 200
    assert DimensionMapping.objects.count() == 1


def test_the_pages_add_change_and_remove(cast: Cast, age: Dimension, donor: Dimension) -> None:
    client = as_user(cast.alice)
    assert "No donor’s band" in client.get(LIST).content.decode()
    chosen = {"source": age.pk, "target": donor.pk}
    for text, said in (
        ("0-5", "Write each line as “code | code”."),
        ("0-5 | 0-17\n0-5 | 18+", "The code “0-5” is there twice."),
        ("0-5 | 0-17", "Say what these become: 6-14, 15-17, 18-24, 25-29, 30-54, 55-59, 60-64, 65+, not_stated."),
    ):
        answer = client.post(f"{LIST}new/", {**chosen, "pairs": text})
        assert (answer.status_code, answer.context["form"].errors["pairs"]) == (422, [said])
    assert client.post(f"{LIST}new/", {**chosen, "pairs": ""})["Location"] == LIST
    row = DimensionMapping.objects.get()
    html = client.get(LIST).content.decode()
    assert ("0-17: 0-5, 6-14, 15-17; 18+:" in html, "Complete" in html) == (True, True)
    assert client.get(f"{LIST}?search=nothing").context["page_obj"].paginator.count == 0
    shown = client.get(f"{LIST}{row.pk}/").context["form"].initial["pairs"]
    assert shown.splitlines()[0] == "0-5 | 0-17"
    Category.objects.create(dimension=age, code="unknown", titles={"en": "Unknown"}, order=99)
    assert "Lacks unknown" in client.get(LIST).content.decode()
    client.post(f"{LIST}{row.pk}/", {"pairs": f"{shown}\nunknown | not_stated", "version": row.version})
    row.refresh_from_db()
    assert row.pairs["unknown"] == "not_stated"
    assert client.post(f"{LIST}{row.pk}/remove/")["Location"] == LIST
    assert not DimensionMapping.objects.exists()


def test_the_list_takes_the_same_statements_at_any_length(
    cast: Cast, donor: Dimension, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_user(cast.alice)
    client.get(LIST)
    for count in (1, 3):
        for number in range(count):
            source = make_dimension(f"own-{count}-{number}", "0-17", "18+", "not_stated")
            add_mapping(source=source, target=donor, pairs={}, by=cast.alice)
        with django_assert_num_queries(12):
            assert client.get(LIST).status_code == 200
