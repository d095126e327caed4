"""The review: the queue, one update beside the one before it, deciding, taking back."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from kmop.accounts.choices import PortalRole
from kmop.accounts.models import RoleGrant, User
from kmop.notifications.models import Notice
from projects.choices import UpdateState
from projects.models import Actual, Update
from projects.services.updates import revise_update, submit_update
from tests.factories import (
    Cast,
    fresh,
    make_cast,
    make_dimension,
    make_indicator,
    make_obligation,
    make_partnership,
    make_period,
    make_role,
    make_target,
    make_update,
)

pytestmark = pytest.mark.django_db
REVIEW = "/review/"
JUMP = {"code": "jump", "params": {"value": "138", "previous": "40"}, "cell": ""}


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def waiting(cast: Cast, code: str = "1.1", values: Any = 5, **fields: Any) -> Update:
    """An update of A, sent by Bob, in a month of its own indicator."""
    indicator = cast.indicator if code == "1.1" else make_indicator(cast.project, code)
    period = cast.period if code == "1.1" else make_period(indicator)
    fields.setdefault("state", UpdateState.SUBMITTED)
    return make_update(period, cast.a, values, by=cast.bob, **fields)


def titles(page: Any) -> list[tuple[str, list[str]]]:
    return [(one["title"], [row["title"] for row in one["rows"]]) for one in page.context["groups"]]


def said(answer: Any) -> list[str]:
    return [str(one) for one in get_messages(answer.wsgi_request)]


# ---------------------------------------------------------------- the queue
def test_flags_first_then_what_is_clean(cast: Cast) -> None:
    waiting(cast, "1.2")
    waiting(cast, flags=[JUMP])
    page = as_user(cast.alice).get(REVIEW)
    assert titles(page) == [("With flags", ["Indicator 1.1"]), ("Clean", ["Indicator 1.2"])]
    assert (page.context["waiting"], page.context["flagged"], page.context["at"]) == (2, 1, "list")
    assert page.context["update"].indicator.code == "1.1"
    assert str(page.context["groups"][0]["rows"][0]["badge"]) == "Jump"


def test_an_empty_queue_says_so(cast: Cast) -> None:
    page = as_user(cast.alice).get(REVIEW)
    assert "Nothing waits." in page.content.decode()


@pytest.mark.parametrize("who", ["bob", "carol", "dora"])
def test_who_does_not_review_is_told_who_does(cast: Cast, who: str) -> None:
    update = waiting(cast, values=77)
    client = as_user(getattr(cast, who))
    page = client.get(REVIEW)
    assert page.status_code == 403
    assert "Updates are reviewed by the project" in page.content.decode()
    assert client.get(f"{REVIEW}{update.pk}/").status_code == (403 if who == "bob" else 404)
    assert client.post(f"{REVIEW}{update.pk}/approve/").status_code == (403 if who == "bob" else 404)
    update.refresh_from_db()
    assert update.state == UpdateState.SUBMITTED


def test_an_officer_of_another_project_sees_nothing_of_a(cast: Cast) -> None:
    update = waiting(cast, values=77)
    make_role(cast.carol, "me_officer", cast.other)
    client = as_user(fresh(cast.carol))
    page = client.get(REVIEW)
    assert (page.status_code, page.context["waiting"]) == (200, 0)
    assert client.get(f"{REVIEW}{update.pk}/").status_code == 404
    assert client.post(f"{REVIEW}{update.pk}/return/", {"note": "no"}).status_code == 404
    ticked = client.post(f"{REVIEW}approve/", {"ticked": [update.pk]})
    assert ticked.status_code == 302
    update.refresh_from_db()
    assert update.state == UpdateState.SUBMITTED


def test_the_queue_is_narrowed_and_keeps_its_filters_in_the_rows(cast: Cast) -> None:
    waiting(cast, "1.2")
    waiting(cast, flags=[JUMP])
    client = as_user(cast.alice)
    flagged = client.get(REVIEW, {"flagged": "true"})
    assert titles(flagged) == [("With flags", ["Indicator 1.1"])]
    assert flagged.context["groups"][0]["rows"][0]["url"].endswith("/?flagged=true")
    assert titles(client.get(REVIEW, {"flagged": "false"})) == [("Clean", ["Indicator 1.2"])]
    assert client.get(REVIEW, {"search": "1.2"}).context["waiting"] == 1
    assert client.get(REVIEW, {"partner": cast.a.pk, "project": cast.project.pk}).context["waiting"] == 2
    none = client.get(REVIEW, {"search": "nothing"})
    assert "Nothing fits these filters." in none.content.decode()


def test_the_queue_has_pages(cast: Cast) -> None:
    for month in range(1, 13):
        for year in (2023, 2024, 2025):
            make_update(
                make_period(cast.indicator, month, year=year), cast.a, 1, by=cast.bob, state=UpdateState.SUBMITTED
            )
    page = as_user(cast.alice).get(REVIEW, {"page": "2"})
    assert (page.context["waiting"], len(page.context["groups"][0]["rows"])) == (36, 11)
    assert [one.current for one in page.context["pages"]] == [False, True]


def test_the_review_costs_the_same_at_one_and_at_four(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_user(cast.alice)
    first = compared(cast, "2.0")
    client.get(f"{REVIEW}{first.pk}/")
    with django_assert_num_queries(STATEMENTS):
        client.get(f"{REVIEW}{first.pk}/")
    for number in range(1, 4):
        compared(cast, f"2.{number}")
    with django_assert_num_queries(STATEMENTS):
        client.get(f"{REVIEW}{first.pk}/")


STATEMENTS = 37


# ---------------------------------------------------------------- one update
def compared(cast: Cast, code: str = "1.2") -> Update:
    """An update by gender with one before it."""
    indicator = make_indicator(cast.project, code, dimensions=[make_dimension("gender", "women", "men", "unsaid")])
    make_update(make_period(indicator, 1), cast.a, {"": 90, "gender:women": 47, "gender:men": 43}, by=cast.bob)
    make_target(indicator, 440)
    return make_update(
        make_period(indicator, 2),
        cast.a,
        {"": 138, "gender:women": 91, "gender:men": 45},
        by=cast.bob,
        state=UpdateState.SUBMITTED,
    )


def test_side_by_side_with_the_period_before(cast: Cast) -> None:
    update = compared(cast)
    context = as_user(cast.alice).get(f"{REVIEW}{update.pk}/").context
    [group] = context["compared"]["groups"]
    assert [(one["words"], one["before"], one["now"], one["change"]) for one in group["rows"]] == [
        ("Women", "47", "91", "+44"),
        ("Men", "43", "45", "+2"),
    ]
    total = context["compared"]["total"]
    assert (total["before"], total["now"], total["change"]) == ("90", "138", "+48")
    assert (context["running_before"], context["running"], context["target"]) == ("90", "228", "440")
    assert (context["before_period"], context["period"]) == ("Jan 2026", "Feb 2026")
    assert context["chart"]["lines"][0].values == [Decimal(90), None]
    assert context["at"] == "detail"


def test_the_first_figure_has_nothing_to_compare_with(cast: Cast) -> None:
    update = waiting(cast)
    page = as_user(cast.alice).get(f"{REVIEW}{update.pk}/")
    assert "nothing to compare with yet" in page.content.decode()
    assert page.context["compared"]["total"]["change"] == ""


def test_flags_and_the_partners_answer(cast: Cast) -> None:
    outlier = {"code": "outlier", "params": {"value": "9", "median": "4", "lowest": "-2", "highest": "7"}, "cell": ""}
    make_update(make_period(cast.indicator, 12, year=2025), cast.a, 4, by=cast.bob)
    update = waiting(cast, values=9, flags=[outlier], flag_answer="Two classes")
    page = as_user(cast.alice).get(f"{REVIEW}{update.pk}/")
    assert "The partner says: “Two classes”" in page.content.decode()
    assert page.context["chart"]["usual"] == (Decimal(0), Decimal(7))
    assert page.context["good"] == ["parts add up", "no unusual jump", "on time"]


def test_a_running_total_is_watched(cast: Cast) -> None:
    cast.indicator.is_cumulative = True
    cast.indicator.save()
    update = waiting(cast)
    page = as_user(cast.alice).get(f"{REVIEW}{update.pk}/")
    assert "total does not fall" in page.context["good"]


def test_who_sent_it_may_not_approve_it_and_reads_why(cast: Cast) -> None:
    make_partnership(cast.project, cast.kmop)
    update = make_update(cast.period, cast.kmop, 5, by=cast.alice, state=UpdateState.SUBMITTED)
    client = as_user(cast.alice)
    page = client.get(f"{REVIEW}{update.pk}/")
    assert "You submitted this update yourself; somebody else decides about it." in page.content.decode()
    assert [row["tick"] for one in page.context["groups"] for row in one["rows"]] == [""]
    assert client.post(f"{REVIEW}{update.pk}/approve/").status_code == 403


def test_a_portfolio_manager_looks_and_is_told_who_decides(cast: Cast) -> None:
    update = waiting(cast)
    RoleGrant.objects.create(user=cast.dora, role=PortalRole.PORTFOLIO_MANAGER)
    page = as_user(fresh(cast.dora)).get(f"{REVIEW}{update.pk}/")
    assert page.status_code == 200
    assert "Updates are decided by the project&#x27;s manager or M&amp;E officer." in page.content.decode()


def test_what_is_decided_already_leads_to_its_own_page(cast: Cast) -> None:
    update = waiting(cast, state=UpdateState.APPROVED)
    assert as_user(cast.alice).get(f"{REVIEW}{update.pk}/").headers["Location"] == f"/updates/{update.pk}/"


# ---------------------------------------------------------------- deciding
def test_approving_counts_and_leads_to_the_next(cast: Cast) -> None:
    update, other = waiting(cast, values=5), waiting(cast, "1.2")
    client = as_user(cast.alice)
    page = client.get(f"{REVIEW}{update.pk}/")
    assert page.context["following"] == f"{REVIEW}{other.pk}/"
    sent = {"version": update.version, "following": page.context["following"], "note": ""}
    assert client.post(f"{REVIEW}{update.pk}/approve/", sent).headers["Location"] == f"{REVIEW}{other.pk}/"
    assert Actual.objects.get(period=cast.period, cell="").numerator == 5
    toast = client.get(REVIEW).context["toast"]
    assert toast["text"] == "Approved: Indicator 1.1, Organisation A, 5."
    assert Notice.objects.get(user=cast.bob).at > timezone.now()


def test_an_approval_is_taken_back_before_the_partner_is_told(cast: Cast) -> None:
    update = waiting(cast)
    client = as_user(cast.alice)
    client.post(f"{REVIEW}{update.pk}/approve/", {"version": update.version})
    toast = client.get(REVIEW).context["toast"]
    answer = client.post(toast["action"], {"update": toast["ids"]})
    assert said(answer) == ["1 approval is taken back."]
    update.refresh_from_db()
    assert (update.state, Notice.objects.count(), Actual.objects.count()) == (UpdateState.SUBMITTED, 0, 0)
    assert client.get(REVIEW).context["toast"] is None


def test_after_that_nothing_is_taken_back(cast: Cast) -> None:
    update = waiting(cast)
    client = as_user(cast.alice)
    client.post(f"{REVIEW}{update.pk}/approve/", {"version": update.version})
    Update.objects.update(decided_at=timezone.now() - timedelta(seconds=31))
    assert client.get(REVIEW).context["toast"] is None
    answer = client.post(f"{REVIEW}take-back/", {"update": [update.pk]})
    assert said(answer) == ["An approval is taken back within 30 seconds, by who gave it."]


def test_returning_needs_a_note_and_tells_the_partner(cast: Cast) -> None:
    update = waiting(cast)
    client = as_user(cast.alice)
    silent = client.post(f"{REVIEW}{update.pk}/return/", {"version": update.version, "note": " "})
    assert (silent.headers["Location"], said(silent)) == (f"{REVIEW}{update.pk}/", ["Say what is to be corrected."])
    client.post(f"{REVIEW}{update.pk}/return/", {"version": update.version, "note": "Which town?", "following": "//x"})
    update.refresh_from_db()
    assert (update.state, update.note) == (UpdateState.RETURNED, "Which town?")
    assert Notice.objects.get(user=cast.bob).link == f"/updates/{update.pk}/"


def test_an_update_changed_since_it_was_looked_at_is_not_decided(cast: Cast) -> None:
    update = waiting(cast)
    Update.objects.update(version=9)
    answer = as_user(cast.alice).post(f"{REVIEW}{update.pk}/approve/", {"version": update.version})
    assert said(answer) == ["Somebody changed this update in the meantime. Load it again and repeat your change."]
    update.refresh_from_db()
    assert update.state == UpdateState.SUBMITTED


def test_a_correction_is_approved_for_good(cast: Cast) -> None:
    update = waiting(cast, state=UpdateState.APPROVED)
    revision = revise_update(update=update, reason="Two were counted twice", by=cast.bob)
    submit_update(update=revision, by=cast.bob)
    client = as_user(cast.alice)
    page = client.get(f"{REVIEW}{revision.pk}/")
    assert "Revision 2: Two were counted twice" in page.context["sentence"]
    answer = client.post(f"{REVIEW}{revision.pk}/approve/", {})
    assert said(answer) == ["1.1: the correction is approved and counts from now on."]
    assert client.get(REVIEW).context["toast"] is None


def test_ticked_clean_rows_are_approved_together(cast: Cast) -> None:
    one, two = waiting(cast), waiting(cast, "1.2")
    client = as_user(cast.alice)
    client.post(f"{REVIEW}approve/", {"ticked": [one.pk, two.pk], "next": REVIEW})
    assert set(Update.objects.values_list("state", flat=True)) == {UpdateState.APPROVED}
    assert client.get(REVIEW).context["toast"]["text"] == "Approved: 2 updates."


def test_a_flagged_row_is_never_approved_in_bulk_and_nothing_ticked_is_told(cast: Cast) -> None:
    one, two = waiting(cast, flags=[JUMP]), waiting(cast, "1.2")
    client = as_user(cast.alice)
    answer = client.post(f"{REVIEW}approve/", {"ticked": [one.pk, two.pk]})
    assert said(answer) == ["A row with a flag is approved by itself, after a look at it."]
    assert set(Update.objects.values_list("state", flat=True)) == {UpdateState.SUBMITTED}
    assert said(client.post(f"{REVIEW}approve/", {})) == [
        "A row with a flag is approved by itself, after a look at it.",
        "Tick at least one row.",
    ]


def test_corrections_approved_together_are_told(cast: Cast) -> None:
    update = waiting(cast, state=UpdateState.APPROVED)
    revision = revise_update(update=update, reason="Two were counted twice", by=cast.bob)
    submit_update(update=revision, by=cast.bob)
    Update.objects.filter(pk=revision.pk).update(flags=[])
    answer = as_user(cast.alice).post(f"{REVIEW}approve/", {"ticked": [revision.pk]})
    assert said(answer) == ["1 correction is approved."]


def test_the_day_it_was_due_is_named(cast: Cast) -> None:
    update = waiting(cast)
    make_obligation(cast.period, cast.a, update=update)
    page = as_user(cast.alice).get(f"{REVIEW}{update.pk}/")
    assert "Due 2 Mar 2026." in page.content.decode()
