"""Every refusal is a problem, in the order of the conventions."""

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation, ValidationError
from django.db import IntegrityError, OperationalError
from django.http import Http404
from django.test import Client, RequestFactory, override_settings
from rest_framework.exceptions import NotFound

from kmop.shared.api.problems import faults_in, pointer_to, problem_of
from kmop.shared.api.roots import csrf_failure
from kmop.shared.errors import NotAllowed, RuleBroken, Stale
from partners.choices import MembershipRole
from tests.api_client import Api, problem
from tests.factories_partners import member, offer, organisation, token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def api() -> Api:
    return Api(token_of(organisation("A")))


@pytest.mark.parametrize("path", ["/api/", "/api/v1/", "/api/v1/nothing/", "/api/v2/offers/", "/api/v1/offers"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_unknown_address_is_a_404_problem(path: str, method: str) -> None:
    body = problem(Api().send(method, path), 404, "not_found")
    assert body == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "There is nothing at this address.",
        "instance": path,
        "code": "not_found",
        "errors": [],
    }


def test_nobody_signed_in_gets_401_with_its_challenge() -> None:
    response = Api().get("offers/")
    problem(response, 401, "not_authenticated")
    assert response["WWW-Authenticate"] == 'Bearer realm="KMOP Resilience Portal"'


def test_a_wrong_token_gets_401_even_at_a_public_address() -> None:
    problem(Api("kmop_wrong").get("offers/"), 401, "bad_token")
    problem(Api("kmop_wrong").get("schema/"), 401, "bad_token")


def test_a_missing_scope_is_told_before_any_look_at_the_object() -> None:
    reader = Api(token_of(organisation("A"), "updates:write", "offers:read"))
    assert reader.get("offers/").status_code == 200
    body = problem(reader.patch("offers/999999/", {"title": "x"}), 403, "scope_missing")
    assert body["detail"] == "This token does not have the scope offers:write."
    problem(reader.get("organisations/"), 403, "scope_missing")


def test_write_includes_read() -> None:
    assert Api(token_of(organisation("A"), "offers:write")).get("offers/").status_code == 200


def test_scope_stands_before_415_and_400() -> None:
    reader = Api(token_of(organisation("A"), "offers:read"))
    problem(reader.post("offers/", b"{", Content_Type="text/plain"), 403, "scope_missing")


@pytest.mark.parametrize("media_type", ["text/plain", "application/xml", "application/x-www-form-urlencoded"])
def test_a_body_of_another_kind_is_415(api: Api, media_type: str) -> None:
    problem(api.post("offers/?nothing=1", b"title=x", Content_Type=media_type), 415, "unsupported_media_type")


@pytest.mark.parametrize(
    "body, code",
    [
        (b"", "no_body"),
        (b"{", "parse_error"),
        (b"\xff\xfe", "parse_error"),
        (b"[" * 100_000, "parse_error"),
        (b'{"title": NaN}', "parse_error"),
        (b"[]", "invalid"),
        (b"null", "no_body"),
        (b"{}", "required"),
        (b'{"title": 5.5}', "invalid"),
        (b'{"title": "x", "kind": "nonsense"}', "invalid_choice"),
        (b'{"title": ["x"]}', "invalid"),
        (b'{"title": "a\\u0000b"}', "null_characters_not_allowed"),
        (b'{"title": "x", "places": "GR-I"}', "not_a_list"),
        (b'{"title": "x", "organisation": true}', "incorrect_type"),
        (b'{"title": "x", "quantity": 5}', "invalid"),
    ],
)
def test_an_unreadable_body_is_400(api: Api, body: bytes, code: str) -> None:
    problem(api.post("offers/", body), 400, code)


def test_pointers_lead_into_the_body(api: Api) -> None:
    body = problem(api.post("offers/", {"kind": "nonsense", "places": ["NOWHERE", None]}), 400, "invalid")
    assert [(fault["pointer"], fault["code"]) for fault in body["errors"]] == [
        ("/title", "required"),
        ("/kind", "invalid_choice"),
        ("/places/0", "does_not_exist"),
        ("/places/1", "null"),
    ]
    assert body["detail"] == "4 things in this request are wrong; see errors."


def test_what_is_not_there_is_422(api: Api) -> None:
    body = problem(api.post("offers/", {"title": "x", "places": ["NOWHERE"]}), 422, "does_not_exist")
    assert [fault["pointer"] for fault in body["errors"]] == ["/places/0"]


@pytest.mark.parametrize(
    "query, code",
    [
        ("?nothing=1", "unknown_parameter"),
        ("?format=pdf", "unknown_format"),
        ("?ordering=search_text", "unknown_ordering"),
        ("?ordering=organisation__name", "unknown_ordering"),
        ("?page_size=0", "invalid"),
        ("?page_size=501", "invalid"),
        ("?page_size=abc", "invalid"),
        ("?page_size=%C2%B2", "invalid"),
        ("?cursor=abc", "bad_cursor"),
        ("?fields=nothing", "unknown_field"),
        ("?updated_since=yesterday", "invalid"),
        ("?updated_since=2026-13-01T00:00:00Z", "invalid"),
        ("?updated_since=0001-01-01T00:00:00Z", "invalid"),
        ("?updated_since=9999-12-31T23:59:59-12:00", "invalid"),
        ("?kind=nonsense", "invalid_choice"),
        ("?until=tomorrow", "invalid"),
        ("?language=xx", "invalid"),
        ("?dry_run=true", "unknown_parameter"),
        ("?search=%00", "invalid"),
        ("?quantity=many", "invalid"),
    ],
)
def test_parameters_are_read_strictly(api: Api, query: str, code: str) -> None:
    body = problem(api.get(f"offers/{query}"), 400, code)
    assert body["errors"][0]["pointer"] == "/" + query[1:].split("=")[0]


def test_a_parameter_of_lists_is_unknown_to_one_object(api: Api) -> None:
    row = offer(organisation("A"))
    problem(api.get(f"offers/{row.pk}/?page_size=5"), 400, "unknown_parameter")
    problem(api.get(f"offers/{row.pk}/?format=csv"), 400, "unknown_format")


def test_the_same_404_for_what_is_not_there_and_what_may_not_be_known(api: Api) -> None:
    hidden = offer(organisation("B"))
    told = problem(api.get(f"offers/{hidden.pk}/"), 404, "not_found")
    nothing = problem(api.get("offers/999999/"), 404, "not_found")
    assert {**told, "instance": ""} == {**nothing, "instance": ""}
    problem(api.get("offers/99999999999999999999999/"), 404, "not_found")
    problem(api.get("offers/abc/"), 404, "not_found")


def test_a_rule_is_told_in_words_before_428() -> None:
    ours = organisation("A")
    row = offer(ours)
    client = Client()
    client.force_login(member("Vera", ours, MembershipRole.VIEWER))
    body = problem(Api(client=client).patch(f"offers/{row.pk}/", {"title": "x"}), 403, "not_allowed")
    assert body["detail"] == "Only people of the organisation that made this offer may change it."


def test_400_404_428_412_422_409_in_this_order(api: Api) -> None:
    row = offer(organisation("A"))
    here = f"offers/{row.pk}/"
    problem(api.patch("offers/999999/", {"kind": "nonsense"}), 400, "invalid_choice")
    problem(api.patch("offers/999999/", {"places": ["NOWHERE"]}), 404, "not_found")
    problem(api.patch(here, {"places": ["NOWHERE"]}), 428, "if_match_required")
    problem(api.patch(here, {"places": ["NOWHERE"]}, If_Match='"7"'), 412, "stale")
    problem(api.patch(here, {"places": ["NOWHERE"]}, If_Match='"1"'), 422, "does_not_exist")
    problem(api.patch(here, {"state": "open"}, If_Match='"1"'), 422, "required_to_open")


def test_a_method_that_is_not_there_is_405(api: Api) -> None:
    response = api.send("PUT", "offers/", {})
    problem(response, 405, "method_not_allowed")
    assert response["Allow"] == "GET, POST, HEAD, OPTIONS"
    problem(api.send("OPTIONS", "offers/"), 405, "method_not_allowed")


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=100)
def test_a_body_too_large_is_413(api: Api) -> None:
    problem(api.post("offers/", {"title": "x" * 200}), 413, "too_large")


@override_settings(API_RATE_CLIENT=2)
def test_too_many_requests_are_429_with_retry_after(api: Api) -> None:
    first, second, third = (api.get("offers/") for _number in range(3))
    assert [first["RateLimit-Remaining"], second["RateLimit-Remaining"]] == ["1", "0"]
    problem(third, 429, "throttled")
    assert 1 <= int(third["Retry-After"]) <= 60
    assert third["RateLimit-Limit"] == "2"


@override_settings(API_RATE_ADDRESS=2)
def test_wrong_tokens_are_counted_by_address() -> None:
    answers = [Api(f"kmop_{number}").get("offers/") for number in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 429]


def test_csrf_is_asked_of_sessions_and_told_as_a_problem() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(member("Bob", organisation("A")))
    problem(Api(client=client).post("offers/", {"title": "x"}), 403, "permission_denied")
    client.cookies["csrftoken"] = "a" * 32
    made = Api(client=client).post("offers/", {"title": "x"}, X_CSRFToken="a" * 32)
    assert made.status_code == 201


def test_refusals_speak_the_language_asked_for(api: Api) -> None:
    response = api.get("offers/?language=el&nothing=1")
    assert response["Content-Language"] == "el"
    assert "Accept-Language" in response["Vary"]


def test_pointers_are_escaped() -> None:
    assert pointer_to("a/b", "c~d", 0) == "/a~1b/c~0d/0"
    assert [fault.pointer for fault in faults_in({"a/b": {"non_field_errors": ["wrong"]}})] == ["/a~1b"]


@pytest.mark.parametrize(
    "error, status, code",
    [
        (NotAllowed("no"), 403, "not_allowed"),
        (RuleBroken("no"), 409, "conflict"),
        (RuleBroken("no", locked=True), 423, "locked"),
        (Stale("no"), 412, "stale"),
        (OperationalError("gone"), 503, "unavailable"),
        (IntegrityError("UNIQUE constraint failed"), 409, "duplicate"),
    ],
)
def test_each_error_has_one_status(error: Exception, status: int, code: str) -> None:
    found = problem_of(error)
    assert found is not None
    assert (found.status, found.code) == (status, code)


def test_a_fault_of_ours_is_no_problem_of_theirs() -> None:
    assert problem_of(ZeroDivisionError()) is None
    assert problem_of(IntegrityError("NOT NULL constraint failed")) is None


def test_what_never_reaches_an_endpoint_is_a_problem_too() -> None:
    problem(Client().get("/api/v1/offers/", headers={"host": "not a host"}), 400, "invalid")
    told = csrf_failure(RequestFactory().post("/api/v1/offers/"), "no cookie")
    assert (told.status_code, told["Content-Type"]) == (403, "application/problem+json")


@pytest.mark.parametrize(
    "error, status, code",
    [
        (PermissionDenied("no"), 403, "not_allowed"),
        (RequestDataTooBig(), 413, "too_large"),
        (SuspiciousOperation(), 400, "invalid"),
        (Http404(), 404, "not_found"),
        (NotFound(), 404, "not_found"),
        (ValidationError({"values/2/value": ValidationError("no", code="bad")}), 422, "bad"),
        (ValidationError({"code": ValidationError("taken", code="unique")}), 409, "duplicate"),
    ],
)
def test_errors_of_the_frameworks_have_one_status_too(error: Exception, status: int, code: str) -> None:
    found = problem_of(error)
    assert found is not None
    assert (found.status, found.code) == (status, code)


def test_paths_of_a_service_become_pointers() -> None:
    found = problem_of(ValidationError({"values/2/value": ["no"], "__all__": ["never"]}))
    assert found is not None
    assert [(fault.pointer, fault.detail) for fault in found.errors] == [("/values/2/value", "no"), ("", "never")]


def test_a_database_that_is_down_leaves_its_cause_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    assert problem_of(OperationalError("gone")).status == 503
    assert [record.getMessage() for record in caplog.records] == ["database unavailable: OperationalError"]
