"""Lists: pages by cursor, orderings, search, what changed since, sparse fields, files."""

import csv
import io
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from openpyxl import load_workbook

from kmop.shared.api.pagination import ordered
from kmop.shared.models import Tombstone
from partners.models import Offer
from tests.api_client import Api, problem
from tests.factories_partners import alice, offer, organisation, token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def api() -> Api:
    return Api(token_of(organisation("A")))


def pages(api: Api, path: str, link: str = "next") -> list[list[Any]]:
    """The ids of all pages, following a link."""
    found = []
    address: str | None = path
    while address:
        body = api.get(address).json()
        found.append([row["id"] for row in body["results"]])
        parts = urlsplit(body[link] or "")
        address = f"{parts.path}?{parts.query}" if body[link] else None
    return found


@pytest.mark.parametrize("ordering", ["title", "-title", "id", "-id", "created_at", "-state"])
def test_pages_hold_every_row_once_in_order_there_and_back(api: Api, ordering: str) -> None:
    ours = organisation("A")
    rows = [offer(ours, title=title) for title in "cabbacbba"]
    wanted = [row.pk for row in ordered(Offer.objects.all(), ordering)]
    there = pages(api, f"offers/?ordering={ordering}&page_size=2")
    assert [pk for page in there for pk in page] == wanted
    assert [len(page) for page in there] == [2, 2, 2, 2, 1]
    assert len(rows) == 9
    last = api.get(f"offers/?ordering={ordering}&page_size=2").json()
    while last["next"]:
        last = api.get("/" + last["next"].split("/", 3)[3]).json()
    back = pages(api, "/" + last["previous"].split("/", 3)[3], "previous")
    assert back == there[-2::-1]


def test_rows_made_while_paging_are_not_shown_twice(api: Api) -> None:
    ours = organisation("A")
    for title in "bdf":
        offer(ours, title=title)
    first = api.get("offers/?ordering=title&page_size=2").json()
    offer(ours, title="a")
    offer(ours, title="e")
    second = api.get("/" + first["next"].split("/", 3)[3]).json()
    assert [row["title"] for row in first["results"] + second["results"]] == ["b", "d", "e", "f"]


def test_a_cursor_of_another_ordering_or_filter_is_400(api: Api) -> None:
    for title in "abc":
        offer(organisation("A"), title=title)
    cursor = api.get("offers/?ordering=title&page_size=1").json()["next"].split("cursor=")[1].split("&")[0]
    problem(api.get(f"offers/?ordering=-title&page_size=1&cursor={cursor}"), 400, "other_cursor")
    problem(api.get(f"offers/?ordering=title&page_size=1&state=draft&cursor={cursor}"), 400, "other_cursor")
    assert api.get(f"offers/?ordering=title&page_size=2&fields=id&cursor={cursor}").status_code == 200


def test_a_list_has_no_etag_and_an_empty_one_no_links(api: Api) -> None:
    response = api.get("offers/")
    assert response.json() == {"next": None, "previous": None, "results": []}
    assert not response.has_header("ETag")


def test_a_nullable_column_is_no_ordering() -> None:
    with pytest.raises(ImproperlyConfigured):
        ordered(Offer.objects.all(), "starts_on")
    with pytest.raises(ImproperlyConfigured):
        ordered(Offer.objects.all(), "organisation__name")


def test_search_knows_neither_case_nor_accents(api: Api) -> None:
    found = offer(organisation("A"), title="Κρεβάτια για οικογένειες")
    offer(organisation("A"), title="Vans")
    assert pages(api, "offers/?search=ΚΡΕΒΑΤΙΑ οικογενειες") == [[found.pk]]


def test_sparse_fields(api: Api) -> None:
    row = offer(organisation("A"))
    assert api.get("offers/?fields=id,title").json()["results"] == [{"id": row.pk, "title": "Beds"}]
    one = api.get(f"offers/{row.pk}/?fields=title")
    assert (one.json(), one["ETag"]) == ({"title": "Beds"}, '"1"')


def test_updated_since_begins_sixty_seconds_earlier_and_tells_what_was_deleted() -> None:
    now = timezone.now()
    ours = organisation("KMOP")
    api = Api(token_of(ours))
    old = offer(ours, title="old", updated_at=now - timedelta(seconds=61))
    new = offer(ours, title="new", updated_at=now - timedelta(seconds=59))
    stones = [
        Tombstone.objects.create(kind="partners.offer", object_id=str(number), scope=str(ours.pk), deleted_at=moment)
        for number, moment in [(901, now), (902, now - timedelta(seconds=61)), (903, now)]
    ]
    Tombstone.objects.create(kind="partners.other", object_id="904", scope=str(ours.pk))
    since = now.isoformat().replace("+00:00", "Z")
    assert pages(api, f"offers/?updated_since={since}&page_size=2&ordering=id") == [[new.pk, 901], [903]]
    assert pages(api, f"offers/?updated_since={since}&page_size=1&ordering=id") == [[new.pk], [901], [903]]
    assert api.get(f"offers/?updated_since={since}").json()["results"][1:] == [
        {"id": 901, "deleted": True},
        {"id": 903, "deleted": True},
    ]
    assert old.pk not in [row["id"] for row in api.get(f"offers/?updated_since={since}").json()["results"]]
    assert len(stones) == 3
    assert [row["id"] for row in api.get("offers/?ordering=id").json()["results"]] == [old.pk, new.pk]


def test_nobody_is_told_what_others_deleted() -> None:
    ours, theirs = organisation("A"), organisation("B")
    Tombstone.objects.create(kind="partners.offer", object_id="901", scope=str(theirs.pk))
    Tombstone.objects.create(kind="partners.offer", object_id="902", scope=str(ours.pk))
    api = Api(token_of(ours))
    assert api.get("offers/?updated_since=2026-01-01T00:00:00Z").json()["results"] == [{"id": 902, "deleted": True}]


def test_csv_holds_the_filtered_list_and_no_formula(api: Api) -> None:
    ours = organisation("A")
    offer(ours, title="=1+1", quantity="-5.5", unit="@beds", state="open")
    offer(ours, title="Βοήθεια", group="a;b", state="open")
    offer(ours, title="left out")
    response = api.get("offers/?format=csv&state=open&ordering=id&fields=title,group,quantity,state,from")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="offer-')
    text = b"".join(response.streaming_content).decode()
    assert list(csv.reader(io.StringIO(text))) == [
        ["title", "group", "quantity.value", "quantity.unit", "state", "from"],
        ["'=1+1", "", "-5.5", "'@beds", "open", ""],
        ["Βοήθεια", "a;b", "", "", "open", ""],
    ]


def test_xlsx_holds_real_numbers_and_dates_and_no_formula(api: Api) -> None:
    offer(organisation("A"), title="=1+1", quantity="12.5", unit="beds", starts_on="2026-11-24")
    response = api.get("offers/?format=xlsx&fields=title,quantity,from,places")
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("title", "places", "quantity.value", "quantity.unit", "from")
    assert (rows[1][0], rows[1][2], rows[1][3]) == ("=1+1", 12.5, "beds")
    assert rows[1][4].date().isoformat() == "2026-11-24"
    assert sheet.freeze_panes == "A2"
    assert sheet["A2"].data_type == "s"


def test_accept_chooses_a_file_too_and_what_nothing_fits_gets_json(api: Api) -> None:
    assert api.get("offers/", Accept="text/csv")["Content-Type"] == "text/csv; charset=utf-8"
    assert api.get("offers/", Accept="text/html")["Content-Type"] == "application/json"
    problem(api.get("offers/?nothing=1", Accept="text/csv"), 400, "unknown_parameter")


@pytest.mark.parametrize("size", [1, 4])
@pytest.mark.parametrize("path, statements", [("offers/", 5), ("offers/?format=csv", 5), ("organisations/", 5)])
def test_statements_do_not_grow_with_rows(
    django_assert_num_queries: Any, size: int, path: str, statements: int
) -> None:
    ours = organisation("A")
    api = Api(token_of(ours))
    api.get("offers/")
    for number in range(size):
        offer(ours, title=f"offer {number}")
    with django_assert_num_queries(statements):
        response = api.get(path)
        b"".join(response) if response.streaming else response.json()


def test_kmop_sees_open_offers_of_all() -> None:
    alice()
    offer(organisation("A"), state="open")
    offer(organisation("B"))
    assert len(Api(token_of(organisation("KMOP"))).get("offers/").json()["results"]) == 1
