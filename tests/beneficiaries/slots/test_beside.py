"""The Enter, Review and Results pages say what people need and said: to staff with words, to partners without."""

import pytest
from django.test import Client

from kmop.accounts.models import User
from tests.factories import Cast, make_cast, make_obligation, make_result, make_update
from tests.factories_voices import make_activity, make_feedback, make_need, make_round

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def _page(user: User, url: str) -> str:
    client = Client()
    client.force_login(user)
    return client.get(url).content.decode()


def _speak(cast: Cast) -> str:
    """A ranked need of A's indicator with a quote; its address."""
    need = make_need(cast.project, "Care for children")
    need.indicators.add(cast.indicator)
    make_round(cast.project, (need, 60, 46))
    make_feedback(cast.project, "My boy was sick.", need=need, may_quote=True, kind="request")
    return f"/projects/{cast.project.pk}/voices/#need-{need.pk}"


def test_a_partner_who_enters_sees_the_need_with_its_people_but_no_words(cast: Cast) -> None:
    url = _speak(cast)
    page = _page(cast.bob, f"/enter/figures/{make_obligation(cast.period, cast.a).pk}/")
    assert [one in page for one in (url, "Care for children", "60 people", "My boy was sick.")] == [
        True,
        True,
        True,
        False,
    ]


def test_an_officer_who_reviews_reads_the_words_too(cast: Cast) -> None:
    url = _speak(cast)
    update = make_update(cast.period, cast.a, 3, state="submitted", by=cast.bob)
    page = _page(cast.alice, f"/review/{update.pk}/")
    wanted = (url, "Care for children", "My boy was sick.", "1 message about these needs", "Request 1")
    assert [one for one in wanted if one not in page] == []


def test_results_name_the_needs_that_each_indicator_and_result_answers(cast: Cast) -> None:
    url = _speak(cast)
    unranked = make_need(cast.project, "A bus")
    unranked.activity = make_activity(cast.project, "A1", result=make_result(cast.project))
    unranked.save()
    page = _page(cast.bob, f"/projects/{cast.project.pk}/results/")
    assert [page.count(one) for one in (url, "Need 1", "answers 2 needs")] == [2, 1, 1]


def test_needs_that_nobody_ranked_are_counted(cast: Cast) -> None:
    for title in ("A bus", "Shoes"):
        make_need(cast.project, title).indicators.add(cast.indicator)
    page = _page(cast.bob, f"/projects/{cast.project.pk}/results/")
    assert [page.count(one) for one in ("Need 1", "2 needs")] == [0, 2]


@pytest.mark.parametrize("who", ["carol", "dora"])
def test_carol_and_a_stranger_see_nothing_of_a(cast: Cast, who: str) -> None:
    _speak(cast)
    owed = make_obligation(cast.period, cast.a)
    client = Client()
    client.force_login(getattr(cast, who))
    urls = (f"/enter/figures/{owed.pk}/", f"/projects/{cast.project.pk}/results/")
    assert [client.get(one).status_code in (403, 404) for one in urls] == [True, True]
