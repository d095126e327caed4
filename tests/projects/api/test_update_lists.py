"""`/updates/`: what others see, filters, pages, files; statements of reading and entering."""

from decimal import Decimal
from typing import Any

import pytest

from projects.models import Actual
from tests.api_client import Api, counted, problem, signed_in
from tests.factories import (
    Cast,
    make_cast,
    make_dimension,
    make_indicator,
    make_obligation,
    make_partnership,
    make_period,
    make_place,
    make_update,
)
from tests.factories_partners import token_of

pytestmark = pytest.mark.django_db

BROKEN_DOWN = [
    {"value": "42", "disaggregation": {"sex": "female", "age": "18-24"}},
    {"value": "31", "disaggregation": {"sex": "male", "age": "18-24"}},
]


@pytest.fixture
def cast() -> Cast:
    cast = make_cast()
    cast.indicator.dimensions.set([make_dimension("sex"), make_dimension("age")])
    return cast


@pytest.fixture
def api(cast: Cast) -> Api:
    return Api(token_of(cast.a, "updates:write", "projects:read"))


def body(**changes: Any) -> dict[str, Any]:
    return {"indicator": "STR-25/1.1", "period": "2026-01/2026-01", "total": "73", **changes}


def test_carol_sees_nothing_of_a(cast: Cast) -> None:
    hidden = make_update(cast.period, cast.a, 5, state="submitted", narrative="secret of A", external_id="x-1")
    carol = Api(token_of(cast.b, "updates:write", "projects:read"))
    path = f"updates/{hidden.pk}/"
    problem(carol.get(path), 404, "not_found")
    problem(carol.put(path, {"total": "1"}, If_Match='"1"'), 404, "not_found")
    problem(carol.patch(path, {"total": "1"}, If_Match='"1"'), 404, "not_found")
    problem(carol.delete(path, If_Match='"1"'), 404, "not_found")
    for name, given in (("submit", {}), ("approve", {}), ("return", {"note": "x"}), ("revise", {})):
        problem(carol.post(f"{path}{name}/", given, If_Match='"1"'), 404, "not_found")
    problem(carol.get("updates/external/x-1/"), 404, "not_found")
    problem(carol.post("updates/", body()), 422, "does_not_exist")
    for query in ("", "?external_id=x-1", "?organisation=A", f"?id={hidden.pk}", "?indicator=STR-25/1.1"):
        assert carol.get(f"updates/{query}").json()["results"] == []
    assert b"secret" not in b"".join(carol.get("updates/?format=csv").streaming_content)
    hidden.refresh_from_db()
    assert (hidden.state, hidden.version) == ("submitted", 1)


def test_an_officer_sees_what_is_handed_in_and_no_drafts(cast: Cast) -> None:
    handed_in = make_update(cast.period, cast.a, 5, state="submitted")
    draft = make_update(make_period(cast.indicator, 2), cast.a, 6, state="draft")
    officer = signed_in(cast.alice)
    assert [row["id"] for row in officer.get("updates/").json()["results"]] == [handed_in.pk]
    problem(officer.get(f"updates/{draft.pk}/"), 404, "not_found")
    told = problem(officer.patch(f"updates/{handed_in.pk}/", {"total": "1"}, If_Match='"1"'), 403, "not_allowed")
    assert told["detail"] == "This update belongs to another organisation."


FILTERS = {
    "indicator": "STR-25/1.1", "indicator_code": "STR-25/1.1", "period": "2026-01/2026-01",
    "period_code": "2026-01/2026-01", "project": "STR-25", "project_code": "STR-25", "organisation": "A",
    "organisation_code": "A", "place": "GR-I", "place_code": "GR-I", "state": "submitted", "external_id": "x-1",
    "source": "api", "total": "73", "incomplete": "true", "narrative": "words", "narrative_language": "el",
    "warnings_answer": "why",
    "revision": "1", "note": "", "superseded": "false",
}  # fmt: skip


BOTH = ("note", "superseded", "organisation", "organisation_code")


@pytest.mark.parametrize("name", sorted(FILTERS))
def test_every_field_can_be_filtered(cast: Cast, api: Api, name: str) -> None:
    place = make_place("GR-I")
    cast.project.places.add(place)
    given = body(
        place="GR-I", external_id="x-1", narrative="words", language="el", warnings_answer="why", incomplete=True
    )
    made = api.post("updates/", {**given, "state": "submitted"}).json()
    make_partnership(cast.other, cast.a)
    other = make_update(make_period(make_indicator(cast.other), 2), cast.a, 5, state="draft", revision=2)
    found = [row["id"] for row in api.get(f"updates/?{name}={FILTERS[name]}").json()["results"]]
    assert found == ([other.pk, made["id"]] if name in BOTH else [made["id"]])


def test_ids_moments_and_relations_are_filtered_exactly(cast: Cast, api: Api) -> None:
    owed = make_obligation(cast.period, cast.a)
    made = api.post("updates/", body(state="submitted")).json()
    make_update(make_period(cast.indicator, 2), cast.a, 5, state="draft")
    for query in (
        f"id={made['id']}", f"obligation={owed.pk}", f"submitted_at={made['submitted_at']}",
        f"updated_at={made['updated_at']}", f"period={cast.period.pk}",
    ):  # fmt: skip
        assert [row["id"] for row in api.get(f"updates/?{query}").json()["results"]] == [made["id"]], query
    for query in ("period=nonsense", "indicator=nonsense", f"indicator={'9' * 30}", "revises=1", "place=GR-Z"):
        assert api.get(f"updates/?{query}").json()["results"] == [], query
    problem(api.get("updates/?colour=red"), 400, "unknown_parameter")
    problem(api.get("updates/?state=red"), 400, "invalid_choice")
    problem(api.get("updates/?ordering=place"), 400, "unknown_ordering")


def test_pages_fields_orderings_and_files(cast: Cast, api: Api) -> None:
    rows = [make_update(make_period(cast.indicator, month), cast.a, month) for month in (2, 3, 4)]
    first = api.get("updates/?page_size=2&fields=id,total").json()
    assert first["results"] == [{"id": rows[2].pk, "total": "4"}, {"id": rows[1].pk, "total": "3"}]
    path = first["next"].removeprefix("http://testserver")
    assert api.get(path).json()["results"] == [{"id": rows[0].pk, "total": "2"}]
    assert [row["id"] for row in api.get("updates/?ordering=created_at").json()["results"]] == [one.pk for one in rows]
    text = b"".join(api.get("updates/?format=csv&fields=indicator_code,total").streaming_content).decode()
    assert text.splitlines() == ["indicator_code,total", "STR-25/1.1,4", "STR-25/1.1,3", "STR-25/1.1,2"]
    assert b"".join(api.get("updates/?format=xlsx").streaming_content)[:2] == b"PK"
    problem(api.get("updates/?fields=colour"), 400, "unknown_field")


def test_a_breakdown_is_told_in_files(cast: Cast, api: Api) -> None:
    make_update(cast.period, cast.a, {"": 3, "sex:female": 3})
    text = b"".join(api.get("updates/?format=csv&fields=values").streaming_content).decode()
    assert text.splitlines() == ["values", '"value=3, disaggregation=sex=female"']


def test_a_protected_place_is_named_to_its_own_partner_and_in_no_file(cast: Cast) -> None:
    region = make_place("GR-I", level="region")
    shelter = make_place("SHELTER-1", is_protected=True, parent=region)
    cast.project.partnerships.get(organisation=cast.a).places.add(shelter)
    api = Api(token_of(cast.a, "updates:write"))
    made = api.post("updates/", body(place="SHELTER-1", state="submitted"))
    assert (made.status_code, made.json()["place_code"]) == (201, "SHELTER-1")
    text = b"".join(api.get("updates/?format=csv&fields=place,place_code").streaming_content).decode()
    assert text.splitlines()[1] == f"{region.pk},GR-I"
    officer = signed_in(cast.alice)
    assert officer.get("updates/").json()["results"][0]["place_code"] == "GR-I"
    assert officer.get("updates/?place=SHELTER-1").json()["results"] == []
    other = Api(token_of(cast.b, "updates:write"))
    problem(other.post("updates/", body(place="SHELTER-1")), 422, "invalid")


SAID = [
    ("total=73", ["late"]),
    ("total=73.0", ["late"]),
    ("total=80/200", ["parts"]),
    ("total=40", []),
    ("total=not_applicable", ["none"]),
    ("values=sex:female", ["late", "parts"]),
    ("values=sex:female=42", ["late"]),
    ("values=sex:female=1/3", ["parts"]),
    ("values=sex:female=1", []),
    ("values=sex:female|age:18-24", ["crossed"]),
    ("values=age:18-24|sex:female=0", ["crossed"]),
    ("warnings=late", ["late"]),
    ("warnings=jump", []),
    ("warnings=lat", []),
    ("warnings=%22", []),
]


@pytest.mark.parametrize("query, names", SAID)
def test_what_an_update_says_is_filtered_exactly(cast: Cast, api: Api, query: str, names: list[str]) -> None:
    late = [{"code": "late", "params": {"days": 3}, "cell": ""}]
    rows = {
        "late": make_update(make_period(cast.indicator, 2), cast.a, {"": 73, "sex:female": 42}, flags=late),
        "parts": make_update(make_period(cast.indicator, 3), cast.a, 5),
        "none": make_update(make_period(cast.indicator, 4), cast.a, None),
        "crossed": make_update(make_period(cast.indicator, 5), cast.a, {"age:18-24|sex:female": 0}),
    }
    rows["parts"].values.update(numerator=80, denominator=200)
    rows["parts"].values.create(cell="sex:female", numerator=1, denominator=3)
    rows["none"].values.all().delete()
    rows["none"].values.create(cell="", state="not_applicable")
    found = [row["id"] for row in api.get(f"updates/?{query}&ordering=id").json()["results"]]
    assert found == [rows[name].pk for name in names]


def test_a_warning_about_another_partner_is_found_by_officers_only(cast: Cast, api: Api) -> None:
    double = [{"code": "double", "params": {"count": 1, "value": "5"}, "cell": ""}]
    open_one = make_update(cast.period, cast.a, 5, state="submitted", flags=double)
    answered = make_update(make_period(cast.indicator, 2), cast.a, 6, state="submitted", answered_flags=double)
    path = "updates/?warnings=double&ordering=id"
    assert [row["id"] for row in signed_in(cast.alice).get(path).json()["results"]] == [open_one.pk, answered.pk]
    assert api.get(path).json()["results"] == []


@pytest.mark.parametrize("query", ["total=many", "total=1/x", "values=sex", "values=sex:f|sex:m", "values=sex:f=x"])
def test_what_names_no_figure_is_refused(api: Api, query: str) -> None:
    told = problem(api.get(f"updates/?{query}"), 400, "invalid")
    assert [one["pointer"] for one in told["errors"]] == ["/" + query.split("=")[0]]


def test_evidence_and_obligation_find_their_update_and_its_revision(cast: Cast, api: Api) -> None:
    owed = make_obligation(cast.period, cast.a)
    made = make_update(cast.period, cast.a, 5, state="approved")
    make_update(make_period(cast.indicator, 2), cast.a, 6, state="approved")
    owed.update = made
    owed.save()
    revised = api.post(f"updates/{made.pk}/revise/", {}, If_Match='"1"').json()
    file = api.upload(f"updates/{revised['id']}/evidence/", "a.txt", b"words").json()
    assert revised["obligation"]["id"] == owed.pk
    assert [row["id"] for row in api.get(f"updates/?obligation={owed.pk}").json()["results"]] == [
        revised["id"],
        made.pk,
    ]
    assert [row["id"] for row in api.get(f"updates/?evidence={file['id']}").json()["results"]] == [revised["id"]]


LIST, CREATE = 6, 35


@pytest.mark.parametrize("number", [1, 4])
def test_the_list_has_a_fixed_number_of_statements(cast: Cast, api: Api, number: int) -> None:
    for month in range(2, 2 + number):
        period = make_period(cast.indicator, month)
        update = make_update(period, cast.a, {"": 3, "sex:female": 3}, state="submitted")
        make_obligation(period, cast.a, update=update)
    api.get("updates/")
    count, answer = counted(lambda: api.get("updates/"))
    assert (count, len(answer.json()["results"])) == (LIST, number)


@pytest.mark.parametrize("number", [1, 4])
def test_entering_has_a_fixed_number_of_statements(cast: Cast, api: Api, number: int) -> None:
    make_dimension("ward", "a", "b", "c", "d")
    cast.indicator.dimensions.add(make_dimension("ward"))
    values = [{"value": "1", "disaggregation": {"ward": code}} for code in "abcd"[:number]]
    api.get("me/")
    count, answer = counted(lambda: api.post("updates/", body(values=values, total=None, state="submitted")))
    assert (count, answer.status_code, answer.json()["total"]) == (CREATE, 201, str(number))


def test_a_figure_moves_by_exactly_what_was_approved(cast: Cast, api: Api) -> None:
    made = api.post("updates/", body(state="submitted", values=BROKEN_DOWN))
    officer = signed_in(cast.alice)
    approved = officer.post(f"updates/{made.json()['id']}/approve/", {}, If_Match=made["ETag"])
    assert (approved.status_code, approved.json()["state"], approved["ETag"]) == (200, "approved", '"3"')
    assert Actual.objects.get(period=cast.period, cell="").numerator == Decimal(73)
