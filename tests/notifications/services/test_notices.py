"""Telling people in the portal: kinds, parameters, held-back notices, reading."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from kmop.notifications.choices import kind, kind_named, mailed_kinds
from kmop.notifications.models import Notice
from kmop.notifications.queries.notices import unread_count
from kmop.notifications.services import mark_read, notify, notify_many, take_back
from kmop.shared.access import ask
from kmop.shared.errors import RuleBroken
from tests.factories_basement import person

DUE = kind("tests.due", "%(indicator)s is due on %(day)s.")
QUIET = kind("tests.quiet", _("English"), is_mailed=False)


def test_kinds_are_registered_once() -> None:
    assert kind("tests.due", "%(indicator)s is due on %(day)s.") == DUE == kind_named("tests.due")
    assert str(DUE) == "tests.due"
    assert [name in mailed_kinds() for name in ("tests.due", "tests.quiet")] == [True, False]
    with pytest.raises(LookupError, match="Two kinds of notices are named tests.due"):
        kind("tests.due", "Another text")
    with pytest.raises(LookupError, match="No kind of notice is named tests.none"):
        kind_named("tests.none")


@pytest.mark.django_db
def test_text_is_made_when_it_is_read() -> None:
    notice = notify(person(), DUE, params={"indicator": "I-1", "day": date(2026, 11, 24)}, link="/projects/1/")
    notice.refresh_from_db()
    assert (notice.params, notice.link) == ({"indicator": "I-1", "day": {"date": "2026-11-24"}}, "/projects/1/")
    with translation.override("en"):
        assert notice.text == "I-1 is due on 24 Nov 2026."
    with translation.override("el"):
        assert notice.text == "I-1 is due on 24 Νοε 2026."
    assert Notice(kind="gone.kind").text == "gone.kind"
    assert str(notice) == f"tests.due {notice.pk}"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "given, kept",
    [
        (Decimal("1.50"), "1.50"),
        (3, 3),
        (True, True),
        (datetime(2026, 11, 24, 23, tzinfo=UTC), {"date": "2026-11-25"}),
        (_("English"), "English"),
        ("x" * 201, "x" * 199 + "…"),
    ],
)
def test_parameters_as_kept(given: Any, kept: Any) -> None:
    notice = notify(person(), DUE, params={"indicator": given, "day": ""}, link="")
    assert notice.params["indicator"] == kept


@pytest.mark.django_db
def test_a_missing_parameter_or_kind_is_told_at_once() -> None:
    with pytest.raises(KeyError, match="day"):
        notify(person(), DUE, params={"indicator": "I-1"}, link="")
    with pytest.raises(LookupError):
        notify(person(), "tests.none", params={}, link="")


@pytest.mark.django_db
def test_many_in_one_statement(django_assert_num_queries: Any) -> None:
    alice = person()
    for size in (1, 4):
        with django_assert_num_queries(1):
            notify_many([(alice, {}) for _number in range(size)], QUIET, link="/")
    assert unread_count(alice) == 5


@pytest.mark.django_db
def test_a_held_back_notice_can_be_taken_back() -> None:
    alice = person()
    held = notify(alice, QUIET, params={}, link="", at=timezone.now() + timedelta(seconds=30))
    shown = notify(alice, QUIET, params={}, link="")
    assert unread_count(alice) == 1
    take_back(held)
    with pytest.raises(RuleBroken):
        take_back(shown)
    assert list(Notice.objects.all()) == [shown]


@pytest.mark.django_db
def test_one_reads_ones_own() -> None:
    alice, bob = person("Alice"), person("Bob")
    mine, other, his = (notify(one, QUIET, params={}, link="") for one in (alice, alice, bob))
    assert [ask(alice, "notifications.read", one).allowed for one in (mine, his)] == [True, False]
    assert mark_read(notices=[mine, his], by=alice) == 1
    assert (unread_count(alice), unread_count(bob)) == (1, 1)
    assert mark_read(notices=None, by=alice) == 1
    assert list(Notice.objects.unread()) == [his]
    other.refresh_from_db()
    assert other.read_at is not None
