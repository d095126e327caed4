"""The library of ways to break down: what is there from the first day, what is added and changed, and by whom."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from kmop.accounts.models import User
from kmop.shared.errors import NotAllowed
from projects.models import Category, Dimension
from projects.services.results import change_dimension
from tests.factories import Cast, make_cast, make_dimension, make_indicator

pytestmark = pytest.mark.django_db
LIST = "/library/dimensions/"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def categories(code: str) -> list[str]:
    return list(Category.objects.filter(dimension__code=code).values_list("code", flat=True))


def test_what_is_there_from_the_first_day() -> None:
    assert list(Dimension.objects.values_list("code", "is_exclusive")) == [
        ("age", True),
        ("area", True),
        ("difficulty", True),
        ("difficulty_domain", False),
        ("disability", True),
        ("migration", True),
        ("sex", True),
    ]
    assert categories("difficulty") == ["none", "some", "a_lot", "cannot", "not_stated"]
    assert Category.objects.filter(code="not_stated").count() == Dimension.objects.count()


def test_the_list_takes_the_same_statements_at_any_length(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_user(cast.alice)
    client.get(LIST)
    for more in (0, 3):
        for number in range(more):
            make_indicator(cast.project, f"7.{number}", dimensions=[make_dimension(f"own-{number}", "a", "b")])
        with django_assert_num_queries(12):
            assert client.get(LIST).status_code == 200


def test_use_is_counted_in_visible_projects_alone(cast: Cast) -> None:
    make_indicator(cast.project, "7", dimensions=[make_dimension("sex")])
    used = {
        user.name: [row.source.used for row in as_user(user).get(LIST, {"search": "φύλο"}).context["rows"]]
        for user in (cast.alice, cast.bob, cast.carol)
    }
    assert used == {"Alice": [1], "Bob": [1], "Carol": [0]}
    assert [row.source.code for row in as_user(cast.bob).get(LIST, {"used": "true"}).context["rows"]] == ["sex"]
    assert as_user(cast.carol).get(LIST, {"used": "true"}).context["rows"] == []


def test_a_dimension_is_added_and_changed(cast: Cast) -> None:
    client = as_user(cast.alice)
    said = {"code": "work", "titles_en": "Work", "is_exclusive": "on", "categories": "in | In work\nout | Out | Εκτός"}
    assert client.get(f"{LIST}new/").status_code == 200
    for wrong in ("in", "in | a | b | c", "in | a\nin | b", "| a", "in |"):
        assert client.post(f"{LIST}new/", {**said, "categories": wrong}).status_code == 422
    assert client.post(f"{LIST}new/", {**said, "code": "a:b"}).status_code == 422
    assert client.post(f"{LIST}new/", said).status_code == 302
    row = Dimension.objects.get(code="work")
    url = f"{LIST}{row.pk}/"
    assert client.get(url).context["form"].initial["categories"] == "in | In work | \nout | Out | Εκτός"
    less = {**said, "version": "1", "categories": "out | Out"}
    assert client.post(url, less).status_code == 422
    more = {**said, "version": "1", "titles_en": "Job", "categories": "new | New\nout | Outside\nin | In work"}
    assert client.post(url, more).status_code == 302
    row.refresh_from_db()
    assert (row.titles["en"], row.version, categories("work")) == ("Job", 2, ["new", "out", "in"])
    assert Category.objects.get(dimension=row, code="out").titles == {"en": "Outside"}
    assert client.post(url, more).status_code == 422


def test_others_read_but_do_not_change(cast: Cast) -> None:
    row = make_dimension("sex")
    for user in (cast.bob, cast.carol, cast.dora):
        client = as_user(user)
        assert (client.get(LIST).status_code, client.get(LIST).context["rows"][0].url) == (200, "")
        for path in ("new/", f"{row.pk}/"):
            assert (client.get(f"{LIST}{path}").status_code, client.post(f"{LIST}{path}").status_code) == (403, 403)
        with pytest.raises(NotAllowed):
            change_dimension(dimension=row, titles={"en": "x"}, categories={}, is_exclusive=True, by=user)
    with pytest.raises(ValidationError):
        change_dimension(dimension=row, titles={"en": "x"}, categories={"a|b": {}}, is_exclusive=True, by=cast.alice)
