"""Pages: a framework copied after a look, kept as a template, the list of templates, the exceptions from locks."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from kmop.accounts.models import User
from projects.choices import ProjectRoleName
from projects.models import FrameworkTemplate, Indicator, LockException, Period, Project
from projects.services.periods import except_from_lock, lock_periods
from tests.factories import Cast, make_cast, make_organisation, make_partnership, make_project, make_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def empty(cast: Cast) -> Project:
    project = make_project("NEW-26", starts_on=date(2026, 7, 1), ends_on=date(2026, 12, 31), frequency="quarter")
    make_role(cast.alice, ProjectRoleName.PROJECT_MANAGER, project)
    return project


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_framework_is_copied_after_a_look(cast: Cast, empty: Project) -> None:
    client, url = as_user(cast.alice), f"/projects/{empty.pk}/results/copy/"
    groups = dict(client.get(url).context["form"].fields["origin"].choices)
    assert [key for key, _word in groups["Projects"]] == [f"project:{cast.project.pk}"]
    sent = {"origin": f"project:{cast.project.pk}", "with_targets": "on"}
    looked = client.post(url, sent)
    assert (looked.status_code, looked.context["found"].indicators, looked.context["found"].periods) == (
        200,
        ["1.1"],
        2,
    )
    assert Indicator.objects.filter(project=empty).count() == 0
    saved = client.post(url, {**dict(looked.context["kept"]), "step": "save"})
    assert (saved.status_code, saved["Location"]) == (302, f"/projects/{empty.pk}/results/")
    assert Indicator.objects.get(project=empty).code == "1.1"
    again = client.post(url, sent)
    assert (again.status_code, [str(one) for one in again.context["found"].problems]) == (
        422,
        [
            "The project has results of these codes already: 1.",
            "The project has indicators of these codes already: 1.1.",
        ],
    )
    assert client.post(url, {**sent, "step": "save"}).status_code == 422
    assert client.post(url, {"origin": f"project:{cast.other.pk}"}).status_code == 422


def test_a_template_is_kept_listed_and_made_from(cast: Cast, empty: Project) -> None:
    client = as_user(cast.alice)
    answer = client.post(f"/projects/{cast.project.pk}/settings/template/", {"name": "Shelter"})
    assert (answer.status_code, answer["Location"]) == (302, "/library/templates/")
    template = FrameworkTemplate.objects.get()
    assert [row.source for row in client.get("/library/templates/").context["rows"]] == [template]
    assert [len(client.get("/library/templates/", {"search": text}).context["rows"]) for text in ("SHEL", "x")] == [
        1,
        0,
    ]
    sent = {"origin": f"template:{template.pk}", "step": "save"}
    assert client.post(f"/projects/{empty.pk}/results/copy/", sent).status_code == 302
    assert Indicator.objects.filter(project=empty).count() == 1
    again = client.post(f"/projects/{cast.project.pk}/settings/template/", {"name": "Shelter"})
    assert (again.status_code, list(again.context["form"].errors)) == (422, ["name"])


@pytest.mark.parametrize("path", ["results/copy/", "settings/template/"])
def test_partners_copy_and_keep_nothing(cast: Cast, path: str) -> None:
    url = f"/projects/{cast.project.pk}/{path}"
    assert [as_user(user).get(url).status_code for user in (cast.bob, cast.carol, cast.dora)] == [403, 404, 404]
    assert [as_user(user).get("/library/templates/").status_code for user in (cast.bob, cast.carol)] == [403, 403]


def given(cast: Cast, organisation: object = None, days: int = 3) -> LockException:
    lock_periods(periods=[cast.period], by=cast.alice)
    return except_from_lock(
        period=Period.objects.get(pk=cast.period.pk),
        organisation=organisation or cast.a,  # type: ignore[arg-type]
        until=timezone.localdate() + timedelta(days=days),
        reason="Flood in the region",
        by=cast.alice,
    )


def test_exceptions_are_listed_narrowed_and_a_partner_sees_its_own(cast: Cast) -> None:
    c = make_organisation("C")
    make_partnership(cast.project, c)
    mine, other = given(cast), given(cast, c)
    LockException.objects.filter(pk=other.pk).update(until=date(2026, 1, 1))
    url = f"/projects/{cast.project.pk}/periods/exceptions/"

    def found(user: User, **asked: str) -> list[object]:
        return [row.source for row in as_user(user).get(url, asked).context["rows"]]

    assert found(cast.alice) == [other, mine]
    assert found(cast.alice, state="open") == [mine]
    assert found(cast.alice, state="past") == [other]
    assert found(cast.alice, partner=str(c.pk)) == [other]
    assert found(cast.alice, search="FLOOD") == [other, mine]
    assert found(cast.bob) == [mine]
    assert as_user(cast.carol).get(url).status_code == 404


def test_the_lists_take_the_same_statements(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    client, url = as_user(cast.alice), f"/projects/{cast.project.pk}/periods/exceptions/"
    client.get(url)
    for more in (1, 3):
        for _number in range(more):
            given(cast)
            FrameworkTemplate.objects.create(name=f"T{_number}{more}", shape={}, made_by=cast.alice)
        with django_assert_num_queries(16):
            client.get(url)
        with django_assert_num_queries(11):
            client.get("/library/templates/")
