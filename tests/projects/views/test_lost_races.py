"""Two people change the same thing by its form: the second is told, loses nothing typed, and overwrites nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from kmop.accounts.models import User
from kmop.shared.views.changing import LOST
from partners.choices import MembershipRole
from partners.models import Membership, Offer
from projects.models import FocusArea
from tests.factories import Cast, make_cast, make_dimension
from tests.factories_parts import make_activity, make_grant, make_owed

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Race:
    """A form: who sends it, where it is, the row it changes, the field typed into, and what the row says then."""

    who: User
    path: str
    row: Any
    field: str
    typed: str
    said: Callable[[Any], Any]


def project_data(cast: Cast) -> Race:
    path = f"/projects/{cast.project.pk}/settings/data/"
    return Race(cast.alice, path, cast.project, "titles_en", "Ours", lambda row: row.titles.get("en"))


def organisation(cast: Cast) -> Race:
    Membership.objects.filter(user=cast.bob).update(role=MembershipRole.ADMINISTRATOR)
    return Race(cast.bob, f"/partners/{cast.a.pk}/change/", cast.a, "description", "Ours", lambda row: row.description)


def offer(cast: Cast) -> Race:
    row = Offer.objects.create(organisation=cast.a, title="Beds")
    return Race(cast.bob, f"/partners/offers/{row.pk}/change/", row, "title", "Ours", lambda row: row.title)


def focus_area(cast: Cast) -> Race:
    row = FocusArea.objects.create(code="x", titles={"en": "Before"})
    path = f"/administration/focus-areas/{row.pk}/"
    return Race(cast.alice, path, row, "titles_en", "Ours", lambda row: row.titles["en"])


def owed_to_a_funder(cast: Cast) -> Race:
    row = make_owed(make_grant(cast.project))
    path = f"/projects/{cast.project.pk}/money/owed/{row.pk}/"
    return Race(cast.alice, path, row, "state", "sent", lambda row: row.state)


def activity(cast: Cast) -> Race:
    row = make_activity(cast.project)
    path = f"/projects/{cast.project.pk}/workplan/activities/{row.pk}/"
    return Race(cast.alice, path, row, "titles_en", "Ours", lambda row: row.titles.get("en"))


def dimension(cast: Cast) -> Race:
    row = make_dimension("ward", "north", "south")
    return Race(cast.alice, f"/library/dimensions/{row.pk}/", row, "titles_en", "Ours", lambda row: row.titles["en"])


RACES = (project_data, organisation, offer, focus_area, owed_to_a_funder, activity, dimension)


def sent_from(form: Any) -> dict[str, Any]:
    """What a browser would send of this form, unchanged."""
    values = {field.html_name: field.value() for field in form}
    return {
        name: [str(getattr(one, "pk", one)) for one in value] if isinstance(value, list | tuple) else value
        for name, value in values.items()
        if value is not None and value is not False
    }


@pytest.mark.parametrize("made", RACES, ids=lambda made: made.__name__)
def test_a_lost_race_says_so_keeps_what_was_typed_and_overwrites_nothing(made: Callable[[Cast], Race]) -> None:
    race = made(make_cast())
    client = Client()
    client.force_login(race.who)
    sent = {**sent_from(client.get(race.path).context["form"]), race.field: race.typed}
    before = race.said(race.row)
    type(race.row).objects.filter(pk=race.row.pk).update(version=race.row.version + 3)  # somebody else saved

    lost = client.post(race.path, sent)

    form = lost.context["form"]
    assert (lost.status_code, list(form.non_field_errors())) == (422, [str(LOST)])
    assert (str(form[race.field].value()), form["version"].value()) == (race.typed, race.row.version + 3)
    race.row.refresh_from_db()
    assert race.said(race.row) == before

    again = client.post(race.path, sent_from(form))
    race.row.refresh_from_db()
    assert (again.status_code, race.said(race.row)) == (302, race.typed)
