"""A framework is copied whole to another project, or kept as a template and made from it; or nothing is."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from pytest_django import DjangoAssertNumQueries

from kmop.accounts.models import User
from kmop.shared.errors import NotAllowed
from projects.choices import ProjectRoleName
from projects.models import Baseline, FrameworkTemplate, Indicator, Period, Project, Result, Target
from projects.services.frameworks import (
    Copied,
    copy_framework,
    make_framework,
    preview_framework,
    save_template,
    shape_of,
)
from tests.factories import (
    Cast,
    fresh,
    make_cast,
    make_dimension,
    make_indicator,
    make_period,
    make_project,
    make_result,
    make_role,
    make_target,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """Result 1 (indicator 1.1: January, a target each, a baseline) with result 1.a below it (1.2 by age)."""
    found = make_cast()
    child = make_result(found.project, "1.a", level="output", parent=Result.objects.get(project=found.project))
    make_indicator(
        found.project, "1.2", result=child, dimensions=[make_dimension("age")], across_partners="maximum", decimals=2
    )
    make_target(found.indicator, 100)
    make_target(found.indicator, 10, found.period)
    make_target(found.indicator, 20, make_period(found.indicator, 2))
    Baseline.objects.create(indicator=found.indicator, numerator=Decimal(5), year=2024)
    return found


@pytest.fixture
def empty(cast: Cast) -> Project:
    """Alice's new project: two quarters from July."""
    project = make_project("NEW-26", starts_on=date(2026, 7, 1), ends_on=date(2026, 12, 31), frequency="quarter")
    make_role(cast.alice, ProjectRoleName.PROJECT_MANAGER, project)
    return project


def test_a_framework_is_copied_with_the_periods_of_its_new_project(cast: Cast, empty: Project) -> None:
    made = copy_framework(source=cast.project, project=empty, by=cast.alice)
    assert made == Copied(["1", "1.a"], ["1.1", "1.2"], 4, 0, 0)
    one, two = Indicator.objects.filter(project=empty).order_by("code")
    assert (two.across_partners, two.decimals, two.result.code, two.result.parent) == ("maximum", 2, "1.a", one.result)
    assert [each.code for each in two.dimensions.all()] == ["age"]
    assert [each.code for each in Period.objects.filter(indicator=one)] == ["2026-07/2026-09", "2026-10/2026-12"]
    assert Target.objects.filter(indicator__project=empty).count() == 0
    assert [each.number for each in one.versions.all()] == [1]


def test_targets_and_baselines_come_along_where_asked_for(cast: Cast, empty: Project) -> None:
    make_target(cast.indicator, 30, make_period(cast.indicator, 3))
    made = copy_framework(source=cast.project, project=empty, with_baselines=True, with_targets=True, by=cast.alice)
    assert (made.baselines, made.targets) == (1, 3)
    rows = Target.objects.filter(indicator__project=empty).order_by("numerator")
    assert [(one.numerator, one.period and one.period.code) for one in rows] == [
        (Decimal(10), "2026-07/2026-09"),
        (Decimal(20), "2026-10/2026-12"),
        (Decimal(100), None),
    ]
    assert Baseline.objects.get(indicator__project=empty).numerator == Decimal(5)


def test_codes_that_clash_and_missing_days_refuse_all_of_it(cast: Cast, empty: Project) -> None:
    make_indicator(empty, "1.2", result=make_result(empty, "1"))
    Project.objects.filter(pk=empty.pk).update(starts_on=None)
    empty.refresh_from_db()
    with pytest.raises(ValidationError) as error:
        copy_framework(source=cast.project, project=empty, by=cast.alice)
    assert error.value.messages == [
        "The project has results of these codes already: 1.",
        "The project has indicators of these codes already: 1.2.",
        "The project has no start and end yet, so its periods can't be made.",
    ]
    shape = shape_of(cast.project)
    looked = preview_framework(shape=shape, project=empty, by=cast.alice)
    assert [str(one) for one in looked.problems] == error.value.messages
    assert Result.objects.filter(project=empty).count() == 1


def test_a_look_makes_nothing(cast: Cast, empty: Project) -> None:
    looked = preview_framework(shape=shape_of(cast.project), project=empty, with_targets=True, by=cast.alice)
    assert looked == Copied(["1", "1.a"], ["1.1", "1.2"], 4, 0, 3)
    assert Result.objects.filter(project=empty).count() == Indicator.objects.filter(project=empty).count() == 0


def test_a_template_keeps_the_framework_as_it_was(cast: Cast, empty: Project) -> None:
    template = save_template(project=cast.project, name=" Shelter ", by=cast.alice)
    assert (template.name, template.results, template.indicators) == ("Shelter", 2, 2)
    Indicator.objects.filter(project=cast.project).update(decimals=5)
    template.refresh_from_db()
    make_framework(shape=template.shape, project=empty, with_targets=True, by=cast.alice)
    decimals = Indicator.objects.filter(project=empty).order_by("code").values_list("decimals", flat=True)
    assert list(decimals) == [0, 2]
    with pytest.raises(ValidationError) as error:
        save_template(project=cast.project, name="Shelter", by=cast.alice)
    assert list(error.value.message_dict) == ["name"]
    with pytest.raises(ValidationError):
        save_template(project=make_project("X"), name="Nothing", by=make_cast_manager(cast))


def make_cast_manager(cast: Cast) -> User:
    """Alice, managing every project."""
    make_role(cast.alice, ProjectRoleName.PROJECT_MANAGER, Project.objects.get(code="X"))
    return fresh(cast.alice)


def test_partners_and_strangers_copy_and_keep_nothing(cast: Cast, empty: Project) -> None:
    for user in (cast.bob, cast.carol, cast.dora):
        with pytest.raises(NotAllowed):
            copy_framework(source=cast.project, project=empty, by=user)
        with pytest.raises(NotAllowed):
            save_template(project=cast.project, name="Mine", by=user)
        assert FrameworkTemplate.objects.visible_to(user).count() == 0
    with pytest.raises(NotAllowed):
        copy_framework(source=cast.other, project=empty, by=cast.alice)


@pytest.mark.parametrize("more", [1, 4])
def test_copying_takes_the_same_statements(
    cast: Cast, empty: Project, more: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(more):
        make_target(make_indicator(cast.project, f"7.{number}"), 10)
    alice = fresh(cast.alice)
    with django_assert_num_queries(52):
        copy_framework(source=cast.project, project=empty, with_baselines=True, with_targets=True, by=alice)
