"""Bodies: a field that an address does not know is refused on every write, wherever it stands."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from kmop.shared.api.inputs import MOST_TOLD, InputSerializer, NoInput, read_input
from tests.api_client import Api, problem
from tests.factories_partners import organisation, token_of
from tests.shared.api.test_schema import CLASSES

EVERY = ("updates:write", "projects:write", "offers:write", "feedback:write", "reports:write")
UPDATE = {"indicator": 1, "period": 1}
VALUE = {"value": "1", "disaggregation": {"sex": "f"}}
UUID = "1f7d3a9e-0000-4000-8000-000000000000"

WRITES: list[tuple[str, str, dict[str, Any], str]] = [
    ("POST", "offers/", {"title": "Beds", "colour": 1}, "/colour"),
    ("POST", "offers/", {"title": "Beds", "a/b~": 1}, "/a~1b~0"),
    ("POST", "offers/", {"title": "Beds", "quantity": {"value": "1", "unit": "h", "per": 1}}, "/quantity/per"),
    ("PATCH", "offers/1/", {"title": "Beds", "organisation": "A"}, "/organisation"),
    ("PATCH", "organisations/1/", {"code": "B"}, "/code"),
    ("POST", "feedback/", {"project": 1, "text": "x", "colour": 1}, "/colour"),
    ("POST", "feedback/receipt/", {"act": "reply", "text": "x", "colour": 1}, "/colour"),
    ("POST", "reports/runs/", {"report": "project-progress", "colour": 1}, "/colour"),
    ("POST", "updates/", {**UPDATE, "colour": 1}, "/colour"),
    ("POST", "updates/", {**UPDATE, "submitted_at": None}, "/submitted_at"),
    ("POST", "updates/", {**UPDATE, "values": [VALUE, {**VALUE, "colour": 1}]}, "/values/1/colour"),
    ("POST", "updates/", {**UPDATE, "total": {"value": "1", "colour": 1}}, "/total/colour"),
    ("PUT", "updates/1/", {"total": "1", "colour": 1}, "/colour"),
    ("PUT", "updates/1/", {"total": "1", "values": [{**VALUE, "id": 1}]}, "/values/0/id"),
    ("PATCH", "updates/1/", {"total": "1", "colour": 1}, "/colour"),
    ("PUT", "updates/external/x/", {**UPDATE, "colour": 1}, "/colour"),
    ("DELETE", "updates/1/", {"colour": 1}, "/colour"),
    ("POST", "updates/1/submit/", {"note": "x"}, "/note"),
    ("POST", "updates/1/approve/", {"colour": 1}, "/colour"),
    ("POST", "updates/1/return/", {"note": "x", "colour": 1}, "/colour"),
    ("POST", "updates/1/revise/", {"note": "x"}, "/note"),
]


@pytest.mark.django_db
@pytest.mark.parametrize("method, path, body, pointer", WRITES)
def test_an_unknown_field_is_refused_with_its_pointer(method: str, path: str, body: Any, pointer: str) -> None:
    api = Api(token_of(organisation("A"), *EVERY))
    answer = api.send(method, path, body)
    assert answer.status_code == 400
    told = [(one["pointer"], one["code"]) for one in answer.json()["errors"] if one["code"] != "does_not_exist"]
    assert told == [(pointer, "unknown_field")]


@pytest.mark.django_db
def test_what_is_known_is_told_and_every_other_fault_with_it() -> None:
    api = Api(token_of(organisation("A"), *EVERY))
    told = problem(api.post("updates/1/return/", {"colour": 1}), 400, "invalid")
    assert [(fault["pointer"], fault["code"]) for fault in told["errors"]] == [
        ("/colour", "unknown_field"),
        ("/note", "required"),
    ]
    assert told["errors"][0]["detail"] == "This address does not know that field. It knows: note."


@pytest.mark.django_db
def test_a_body_of_unknown_fields_gets_a_short_answer() -> None:
    api = Api(token_of(organisation("A"), *EVERY))
    told = problem(api.post("offers/", {"title": "x", **{f"f{one}": 1 for one in range(1000)}}), 400, "invalid")
    assert len(told["errors"]) == MOST_TOLD


@pytest.mark.django_db
@pytest.mark.parametrize("body", [b'{"title": "\\ud800"}', b'{"title": "x", "places": ["\\udfff"]}', b'{"\\ud800": 1}'])
def test_half_a_character_is_no_json(body: bytes) -> None:
    problem(Api(token_of(organisation("A"), *EVERY)).post("offers/", body), 400, "parse_error")


def inputs() -> Iterator[type[serializers.Serializer[Any]]]:
    """Every serializer that an endpoint names for what it takes."""
    for cls in CLASSES:
        for name in dir(cls):
            found = getattr(cls, name)
            taken = found if name in ("create_input", "change_input", "replace_input") else None
            taken = taken or getattr(found, "input_class", None)
            if taken:
                yield taken


def within(field: Any) -> Iterator[Any]:
    """The serializers in a field, itself included."""
    if isinstance(field, serializers.Serializer):
        yield field
        for inner in field.fields.values():
            yield from within(inner)
    elif getattr(field, "child", None) is not None:
        yield from within(field.child)


@pytest.mark.parametrize("cls", sorted(set(inputs()), key=str))
def test_every_object_in_a_body_refuses_what_it_does_not_know(cls: Any) -> None:
    assert [one for one in within(cls()) if not isinstance(one, InputSerializer)] == []


def test_a_serializer_that_would_ignore_fields_is_not_read() -> None:
    class Careless(serializers.Serializer[Any]):
        pass

    with pytest.raises(ImproperlyConfigured):
        read_input(Careless, Request(APIRequestFactory().post("/")), view=None)
    assert NoInput(data={}).is_valid()
