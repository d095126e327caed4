"""What the REST API answers is what its OpenAPI document says: one line of work, every answer held against it."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from jsonschema import Draft202012Validator

from kmop.shared.api.roots import document
from projects.models import Project
from tests.api_client import Api, signed_in
from tests.factories import Cast, make_cast, make_dimension, make_obligation, make_place
from tests.factories_partners import token_of
from tests.fixtures_basement import RunJobs

pytestmark = pytest.mark.django_db

SCOPES = ("updates:write", "projects:write", "offers:write", "feedback:write", "reports:write")


class Held:
    """Sends, and holds each answer against the document: status, media type, shape, address of what was made."""

    def __init__(self, api: Api) -> None:
        self.api, self.document = api, document("en")

    def __call__(self, method: str, path: str, body: Any = None, **headers: Any) -> Any:
        """The answer."""
        answer = self.api.send(method, path, body, **headers)
        self.check(method, path, answer)
        return answer

    def operation(self, method: str, path: str) -> Any:
        """The operation of an address: the one with the fewest parameters in its path."""
        asked = urlsplit(f"/api/v1/{path}").path.replace("STR-25/1.1", "1")
        found = [
            (template.count("{"), item[method.lower()])
            for template, item in self.document["paths"].items()
            if re.fullmatch(re.sub(r"\{[^/]+\}", "[^/]+", template), asked) and method.lower() in item
        ]
        return min(found, key=lambda one: one[0])[1]

    def check(self, method: str, path: str, answer: Any) -> None:
        """Raise where the document says otherwise."""
        told = self.operation(method, path)["responses"][str(answer.status_code)]
        if answer.status_code in (201, 202):
            assert answer["Location"].startswith("http://testserver/api/v1/"), path
        if answer.status_code == 204:
            return
        kind = answer["Content-Type"].split(";")[0]
        assert {kind, "*/*"} & set(told["content"]), (path, kind)
        if answer.streaming:
            assert b"".join(answer.streaming_content)
        if kind.endswith("json"):
            schema = {**told["content"][kind]["schema"], "components": self.document["components"]}
            faults = [
                f"{list(one.absolute_path)} {one.message}"
                for one in Draft202012Validator(schema).iter_errors(answer.json())
            ]
            assert faults == [], path


@pytest.fixture
def cast() -> Cast:
    made = make_cast()
    Project.objects.filter(pk=made.project.pk).update(is_published=True)
    made.indicator.dimensions.add(make_dimension("sex"))
    make_obligation(made.period, made.a)
    make_place("GR-I")
    return made


@pytest.fixture
def client(cast: Cast) -> Held:
    return Held(Api(token_of(cast.a, *SCOPES)))


def test_an_update_and_its_acts(cast: Cast, client: Held) -> None:
    officer = Held(signed_in(cast.alice))
    value = {"value": "1", "disaggregation": {"sex": "female"}}
    given = {"indicator": "STR-25/1.1", "period": "2026-01/2026-01", "total": "2", "values": [value], "language": "el"}
    path = f"updates/{client('POST', 'updates/', {**given, 'external_id': 'x'}).json()['id']}/"
    client("PATCH", path, {"total": {"value": "3"}}, If_Match="*")
    client("PUT", path, client("GET", path).json(), If_Match="*")
    file = client.api.upload(f"{path}evidence/", "a.txt", b"words")
    client.check("POST", f"{path}evidence/", file)
    client("GET", f"{path}evidence/")
    client("GET", f"{path}evidence/{file.json()['id']}/")
    client("POST", f"{path}submit/", If_Match="*")
    officer("POST", f"{path}return/", {"note": "Which?"}, If_Match="*")
    client("PUT", "updates/external/x/", {**given, "state": "submitted"})
    officer("POST", f"{path}approve/", {}, If_Match="*")
    revision = client("POST", f"{path}revise/", {}, If_Match="*").json()["id"]
    client("DELETE", f"updates/{revision}/", If_Match="*")
    for one in ("updates/", "updates/?updated_since=2026-01-01T00:00:00Z", "updates/external/x/", "obligations/"):
        client("GET", one)
    for one in ("indicators/STR-25/1.1/", "indicators/STR-25/1.1/explain/", "projects/STR-25/framework/"):
        client("GET", one)


def test_lists_and_single_ones(client: Held) -> None:
    for one in ("me/", "organisations/", "organisations/A/", "projects/", "projects/STR-25/", "indicators/", "places/"):
        client("GET", one)
    client("PATCH", "organisations/A/", {"website": ""}, If_Match="*")
    client("GET", "categories/")
    made = client("POST", "offers/", {"title": "Beds", "quantity": {"value": "2", "unit": "beds"}}).json()
    client("PATCH", f"offers/{made['id']}/", {"quantity": None, "website": ""}, If_Match="*")
    client("PATCH", f"offers/{made['id']}/", {"quantity": None}, If_Match="*")
    client("GET", f"offers/{made['id']}/")
    client("GET", "offers/")


def test_a_message_and_its_receipt(cast: Cast, client: Held) -> None:
    receipt = client("POST", "feedback/", {"project": "STR-25", "text": "Where?", "language": "el"}).json()["receipt"]
    secrets = {"Receipt_Code": receipt["code"], "Receipt_PIN": receipt["pin"]}
    Held(signed_in(cast.alice))("GET", "feedback/")
    person = Held(Api())
    person("GET", "feedback/receipt/", **secrets)
    for act in ({"act": "reply", "text": "Please"}, {"act": "withdraw"}, {"act": "erase"}):
        person("POST", "feedback/receipt/", act, **secrets)
    person("GET", "feedback/receipt/", **secrets)


def test_a_report_and_a_part_of_its_file(client: Held, run_jobs: RunJobs) -> None:
    client("GET", "reports/")
    order = {"report": "partner-performance", "parameters": {"organisation": "A"}, "formats": ["html"]}
    path = f"reports/runs/{client('POST', 'reports/runs/', order).json()['id']}/"
    client("GET", "reports/runs/")
    run_jobs()
    client("GET", path)
    client("GET", f"{path}files/html")
    assert client("GET", f"{path}files/html", Range="bytes=0-9").status_code == 206
    unmet = client("GET", f"{path}files/html", Range="bytes=99999999-")
    assert (unmet.status_code, unmet.json()["code"], unmet["Content-Range"][:8]) == (416, "range_unmet", "bytes */")
