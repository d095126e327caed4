"""`/updates/`: entering, replacing, changing, deleting; every status with its problem."""

from typing import Any

import pytest

from kmop.audit.models import Entry
from partners.choices import MembershipRole
from projects.models import Obligation, Update, UpdateValue
from tests.api_client import Api, problem, signed_in
from tests.factories import (
    Cast,
    make_cast,
    make_dimension,
    make_indicator,
    make_member,
    make_obligation,
    make_period,
    make_place,
    make_update,
    make_user,
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


def test_the_example_of_the_contract(cast: Cast, api: Api) -> None:
    place = make_place("GR-I")
    cast.project.places.add(place)
    owed = make_obligation(cast.period, cast.a, place=place)
    given = {
        "indicator": cast.indicator.pk,
        "period": cast.period.pk,
        "place": "GR-I",
        "external_id": "mis-2026-0042",
        "state": "submitted",
        "narrative": "Δύο ομάδες",
        "language": "el",
        "values": BROKEN_DOWN,
        "total": "73",
        "incomplete": False,
    }
    made = api.post("updates/", given, Idempotency_Key="7c1e")
    assert made.status_code == 201, made.content
    told = made.json()
    row = Update.objects.get()
    assert made["ETag"] == f'"{row.version}"'
    assert made["Location"] == f"http://testserver/api/v1/updates/{row.pk}/"
    echoed = ("indicator", "period", "external_id", "state", "narrative", "language", "values", "total", "incomplete")
    assert {name: told[name] for name in echoed} == {name: given[name] for name in echoed}
    assert (told["indicator_code"], told["period_code"], told["organisation_code"], told["place_code"]) == (
        "STR-25/1.1", "2026-01/2026-01", "A", "GR-I",
    )  # fmt: skip
    assert (told["place"], told["project"], told["project_code"]) == (place.pk, cast.project.pk, "STR-25")
    assert told["obligation"] == {"id": owed.pk, "due_date": "2026-03-02", "state": "submitted"}
    assert [one["code"] for one in told["warnings"]] == ["late"]
    assert (told["source"], told["revision"], told["revises"], told["evidence"]) == ("api", 1, None, [])
    assert told["submitted_at"].endswith("Z")
    values = dict(UpdateValue.objects.filter(update=row).values_list("cell", "numerator"))
    assert values == {"": 73, "age:18-24|sex:female": 42, "age:18-24|sex:male": 31}
    entries = Entry.objects.filter(action__startswith="update.", object_id=str(row.pk))
    assert sorted(entries.values_list("action", flat=True)) == ["update.created", "update.submitted"]


def test_without_a_state_it_is_a_draft_and_a_sum_is_made_where_it_is_certain(cast: Cast, api: Api) -> None:
    told = api.post("updates/", body(total=None, values=BROKEN_DOWN)).json()
    assert (told["state"], told["total"], told["warnings"], told["obligation"]) == ("draft", "73", [], None)


@pytest.mark.parametrize(
    "measure,given,total",
    [
        ("percentage", {"total": {"numerator": "80", "denominator": "200"}}, {"numerator": "80", "denominator": "200"}),
        ("ratio", {"total": {"numerator": "1", "denominator": "3"}}, {"numerator": "1", "denominator": "3"}),
        ("percentage", {"total": "40.5"}, "40.5"),
        ("count", {"total": 12}, "12"),
        ("amount", {"total": {"value": "12.50"}}, "12.5"),
        ("count", {"total": {"value": None, "reason": "not_applicable"}}, {"value": None, "reason": "not_applicable"}),
        ("qualitative", {"total": {"text": "Two laws"}}, {"value": None, "text": "Two laws"}),
        ("count", {"values": [{"value": "5"}], "total": None}, "5"),
        ("count", {"total": {"value": None}}, None),
    ],
)
def test_totals_of_each_kind(cast: Cast, api: Api, measure: str, given: dict[str, Any], total: Any) -> None:
    cast.indicator.measure = measure
    cast.indicator.save()
    made = api.post("updates/", body(**given))
    assert (made.status_code, made.json()["total"]) == (201, total)


def test_what_is_read_can_be_put_back(cast: Cast, api: Api) -> None:
    cast.indicator.measure = "percentage"
    cast.indicator.save()
    values = [
        {"numerator": "1", "denominator": "3", "disaggregation": {"sex": "female"}},
        {"value": None, "reason": "not_applicable", "disaggregation": {"sex": "other"}},
    ]
    made = api.post("updates/", body(values=values, total={"numerator": "2", "denominator": "9"}))
    told = made.json()
    again = api.put(f"updates/{told['id']}/", {**told, "external_id": "x"}, If_Match=made["ETag"])
    assert again.status_code == 200, again.content
    same = ("values", "total", "incomplete", "narrative", "state")
    assert {name: again.json()[name] for name in same} == {name: told[name] for name in same}
    assert again["ETag"] == '"2"'


@pytest.mark.parametrize("way", ["id", "code", "text id"])
def test_ids_and_codes_are_taken_alike(cast: Cast, api: Api, way: str) -> None:
    pairs: dict[str, tuple[Any, Any]] = {
        "id": (cast.indicator.pk, cast.period.pk),
        "code": ("STR-25/1.1", "2026-01/2026-01"),
        "text id": (str(cast.indicator.pk), str(cast.period.pk)),
    }
    indicator, period = pairs[way]
    told = api.post("updates/", body(indicator=indicator, period=period)).json()
    assert (told["indicator"], told["period"]) == (cast.indicator.pk, cast.period.pk)


@pytest.mark.parametrize(
    "changes,status,code,pointers",
    [
        ({"indicator": None}, 400, "null", ["/indicator"]),
        ({"indicator": []}, 400, "incorrect_type", ["/indicator"]),
        ({"period": True}, 400, "incorrect_type", ["/period"]),
        ({"total": "many"}, 400, "invalid", ["/total"]),
        ({"total": True}, 400, "invalid", ["/total"]),
        ({"total": {"numerator": "x", "denominator": 2}}, 400, "invalid", ["/total/numerator"]),
        ({"values": {}}, 400, "not_a_list", ["/values"]),
        ({"values": [{}]}, 400, "required", ["/values/0/value"]),
        ({"values": [{"value": "1"}, {"value": "x"}]}, 400, "invalid", ["/values/1/value"]),
        ({"values": [{"value": "1", "numerator": "1"}]}, 400, "two_ways", ["/values/0/value"]),
        ({"values": [{"value": None, "reason": "tired"}]}, 400, "invalid_choice", ["/values/0/reason"]),
        ({"values": [{"value": "1", "disaggregation": "f"}]}, 400, "not_a_dict", ["/values/0/disaggregation"]),
        ({"state": "approved"}, 400, "invalid_choice", ["/state"]),
        ({"external_id": "no spaces"}, 400, "invalid", ["/external_id"]),
        ({"external_id": "x" * 101}, 400, "invalid", ["/external_id"]),
        ({"incomplete": "perhaps"}, 400, "invalid", ["/incomplete"]),
        ({"language": "x" * 11}, 400, "max_length", ["/language"]),
        ({"language": "Greek!"}, 422, "unknown_language", ["/language"]),
        ({"language": "xx"}, 422, "unknown_language", ["/language"]),
        ({"indicator": "STR-25/9.9"}, 422, "does_not_exist", ["/indicator"]),
        ({"period": "2031-01/2031-01"}, 422, "does_not_exist", ["/period"]),
        ({"place": "nowhere"}, 422, "does_not_exist", ["/place"]),
        ({"organisation": "B"}, 422, "does_not_exist", ["/organisation"]),
        ({"total": "-1"}, 422, "negative", ["/total"]),
        ({"total": "5.5"}, 422, "not_whole", ["/total"]),
        ({"total": {"value": 0.5}}, 422, "not_whole", ["/total"]),
        ({"values": [{"value": "5.5", "disaggregation": {"sex": "female"}}]}, 422, "not_whole", ["/values/0/value"]),
        ({"total": {"numerator": "1", "denominator": "2"}}, 422, "denominator_unexpected", ["/total"]),
        (
            {"values": [{"value": "1", "disaggregation": {"sex": "female", "age": "99+"}}]},
            422,
            "unknown_category",
            ["/values/0/disaggregation/age"],
        ),
        (
            {"values": [{"value": "1", "disaggregation": {"colour": "red"}}]},
            422,
            "unknown_dimension",
            ["/values/0/disaggregation/colour"],
        ),
        ({"values": BROKEN_DOWN, "total": "10"}, 422, "parts_above_total", ["/total"]),
        ({"values": [BROKEN_DOWN[0], BROKEN_DOWN[0]]}, 422, "given_twice", ["/values/1"]),
        ({"total": None, "state": "submitted"}, 422, "required", ["/total"]),
    ],
)
def test_what_is_refused_is_told_with_its_pointer(
    api: Api, changes: dict[str, Any], status: int, code: str, pointers: list[str]
) -> None:
    told = problem(api.post("updates/", body(**changes)), status, code)
    assert [fault["pointer"] for fault in told["errors"]] == pointers
    assert Update.objects.count() == 0


def test_an_unknown_category_is_told_with_those_allowed(cast: Cast, api: Api) -> None:
    allowed = ", ".join(cast.indicator.dimensions.get(code="sex").categories.values_list("code", flat=True))
    told = problem(
        api.post("updates/", body(values=[{"value": "1", "disaggregation": {"sex": "f"}}])), 422, "unknown_category"
    )
    assert told["detail"] == f"There is no such category. Allowed: {allowed}."


def test_a_body_is_needed_and_must_be_json(api: Api) -> None:
    problem(api.post("updates/"), 400, "no_body")
    problem(api.post("updates/", b"{"), 400, "parse_error")
    problem(
        api.post("updates/", b"a=b", Content_Type="application/x-www-form-urlencoded"), 415, "unsupported_media_type"
    )
    told = problem(api.post("updates/", {"total": "1"}), 400, "invalid")
    assert [fault["pointer"] for fault in told["errors"]] == ["/indicator", "/period"]


def test_nobody_signed_in_is_401_and_a_missing_scope_403_before_any_look(cast: Cast) -> None:
    row = make_update(cast.period, cast.a, 5, state="draft")
    reader = Api(token_of(cast.a, "updates:read"))
    stranger = Api(token_of(cast.a, "offers:write"))
    for path in (
        "updates/",
        f"updates/{row.pk}/",
        "updates/999/",
        "updates/external/x/",
        f"updates/{row.pk}/evidence/",
    ):
        problem(Api().get(path), 401, "not_authenticated")
        problem(Api("kmop_wrong").get(path), 401, "bad_token")
        problem(stranger.get(path), 403, "scope_missing")
    problem(reader.post("updates/", body()), 403, "scope_missing")
    problem(reader.post("updates/999/submit/", If_Match='"1"'), 403, "scope_missing")
    problem(reader.delete(f"updates/{row.pk}/", If_Match='"1"'), 403, "scope_missing")
    assert Update.objects.get() == row


def test_who_does_not_report_is_refused_in_words(cast: Cast) -> None:
    viewer = make_user("Vera")
    make_member(viewer, cast.a, MembershipRole.VIEWER)
    for person in (viewer, cast.alice, cast.dora):
        told = problem(signed_in(person).post("updates/", body(indicator="nothing")), 403, "not_allowed")
        assert told["detail"] == "Figures are entered by contributors of an organisation that reports in this project."
    assert Update.objects.count() == 0


def test_a_locked_period_is_423_and_a_second_update_409(cast: Cast, api: Api) -> None:
    assert api.post("updates/", body()).status_code == 201
    problem(api.post("updates/", body()), 409, "duplicate")
    cast.period.is_locked = True
    cast.period.save()
    problem(api.post("updates/", body()), 423, "locked")
    row = Update.objects.get()
    problem(api.patch(f"updates/{row.pk}/", {"total": "1"}, If_Match='"1"'), 423, "locked")
    problem(api.post(f"updates/{row.pk}/submit/", If_Match='"1"'), 423, "locked")
    assert Update.objects.values_list("version", "state").get() == (1, "draft")


def test_somebody_of_two_organisations_names_the_one_that_reports(cast: Cast) -> None:
    make_member(cast.bob, cast.b)
    bob = signed_in(cast.bob)
    told = problem(bob.post("updates/", body()), 422, "required")
    assert [fault["pointer"] for fault in told["errors"]] == ["/organisation"]
    made = bob.post("updates/", body(organisation="A"))
    assert (made.status_code, made.json()["organisation_code"]) == (201, "A")
    assert Update.objects.get().client is None


def test_a_dry_run_says_everything_and_saves_nothing(cast: Cast, api: Api) -> None:
    told = api.post("updates/?dry_run=true", body(state="submitted"), Idempotency_Key="k")
    assert (told.status_code, told.json()["dry_run"], told.json()["id"], told.json()["total"]) == (
        200,
        True,
        None,
        "73",
    )
    problem(api.post("updates/?dry_run=true", body(total="-1")), 422, "negative")
    assert Update.objects.count() == 0
    assert Entry.objects.filter(action__startswith="update.").count() == 0
    assert api.post("updates/", body(), Idempotency_Key="k").status_code == 201


def test_the_same_key_gives_the_same_answer_and_another_body_is_422(api: Api) -> None:
    first = api.post("updates/", body(), Idempotency_Key="k")
    again = api.post("updates/", body(), Idempotency_Key="k")
    assert (again.status_code, again.json(), again["ETag"]) == (201, first.json(), first["ETag"])
    assert (again["Location"], again["Idempotency-Replayed"]) == (first["Location"], "true")
    problem(api.post("updates/", body(total="9"), Idempotency_Key="k"), 422, "key_used")
    assert Update.objects.count() == 1


def test_patch_changes_what_is_given(cast: Cast, api: Api) -> None:
    made = api.post("updates/", body(values=BROKEN_DOWN, narrative="before", incomplete=True)).json()
    path = f"updates/{made['id']}/"
    problem(api.patch(path, {"narrative": "x"}), 428, "if_match_required")
    problem(api.patch(path, {"narrative": "x"}, If_Match='"9"'), 412, "stale")
    changed = api.patch(path, {"narrative": "after", "warnings_answer": "A fair"}, If_Match='"1"').json()
    kept = ("values", "total", "incomplete", "state")
    assert {name: changed[name] for name in kept} == {name: made[name] for name in kept}
    assert (changed["narrative"], changed["warnings_answer"]) == ("after", "A fair")
    fewer = api.patch(path, {"values": BROKEN_DOWN[:1]}, If_Match='"2"').json()
    assert (fewer["values"], fewer["total"]) == (BROKEN_DOWN[:1], "42")
    sent = api.patch(path, {"total": "50", "state": "submitted"}, If_Match='"3"').json()
    assert (sent["values"], sent["total"], sent["state"]) == (BROKEN_DOWN[:1], "50", "submitted")
    problem(api.patch(path, {"total": "51"}, If_Match="*"), 409, "wrong_state")


def test_put_empties_what_is_not_given(cast: Cast, api: Api) -> None:
    made = api.post("updates/", body(values=BROKEN_DOWN, narrative="before", incomplete=True, external_id="x")).json()
    path = f"updates/{made['id']}/"
    put = api.put(path, {"total": "7"}, If_Match='"1"').json()
    assert (put["total"], put["values"], put["narrative"], put["incomplete"], put["external_id"]) == (
        "7", [], "", False, "",
    )  # fmt: skip
    problem(api.put(path, {"total": "7"}), 428, "if_match_required")
    problem(api.put(path, {"total": "7"}, If_Match='"1"'), 412, "stale")


@pytest.mark.parametrize("name", ["indicator", "period", "place"])
def test_for_what_it_is_cannot_be_changed(cast: Cast, api: Api, name: str) -> None:
    other = make_indicator(cast.project, "1.2")
    make_period(cast.indicator, 2)
    make_place("GR-I")
    made = api.post("updates/", body()).json()
    path = f"updates/{made['id']}/"
    same = {"indicator": "STR-25/1.1", "period": "2026-01/2026-01", "place": None}
    changed = {"indicator": other.pk, "period": "2026-02/2026-02", "place": "GR-I"}
    assert api.put(path, {"total": "7", **same}, If_Match='"1"').status_code == 200
    for send in (api.put, api.patch):
        told = problem(send(path, {"total": "8", name: changed[name]}, If_Match='"2"'), 422, "unchangeable")
        assert [fault["pointer"] for fault in told["errors"]] == [f"/{name}"]


def test_a_draft_is_deleted_and_told_as_deleted(cast: Cast, api: Api) -> None:
    make_obligation(cast.period, cast.a)
    made = api.post("updates/", body()).json()
    path = f"updates/{made['id']}/"
    problem(api.delete(path), 428, "if_match_required")
    assert api.delete(f"{path}?dry_run=true", If_Match='"1"').status_code == 200
    assert api.delete(path, If_Match='"1"').status_code == 204
    problem(api.get(path), 404, "not_found")
    gone = {"id": made["id"], "deleted": True}
    assert api.get("updates/?updated_since=2026-01-01T00:00:00Z").json()["results"] == [gone]
    carol = Api(token_of(cast.b, "updates:read"))
    assert carol.get("updates/?updated_since=2026-01-01T00:00:00Z").json()["results"] == []
    assert Obligation.objects.get().update is None


def test_what_is_handed_in_is_not_deleted(cast: Cast, api: Api) -> None:
    made = api.post("updates/", body(state="submitted")).json()
    problem(api.delete(f"updates/{made['id']}/", If_Match="*"), 409, "wrong_state")
