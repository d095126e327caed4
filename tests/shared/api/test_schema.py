"""The OpenAPI document, its page, and the walk over every endpoint."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.urls import URLPattern, URLResolver, get_resolver

from kmop.shared.access import PUBLIC, known_rules
from kmop.shared.api.conventions import Conventions
from kmop.shared.api.roots import document
from kmop.shared.api.viewsets import Lists, PortalViewSet
from tests.api_client import Api, problem

SAFE = {"get", "head", "options"}
NOT_ENDPOINTS = {"unknown_address"}


def endpoints() -> Iterator[tuple[str, Any]]:
    """Every address below `/api/` with its view function."""

    def walk(patterns: list[Any], above: str) -> Iterator[tuple[str, Any]]:
        for pattern in patterns:
            path = above + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, path)
            elif isinstance(pattern, URLPattern) and path.startswith("api/"):
                yield path, pattern.callback

    yield from walk(get_resolver().url_patterns, "")


VIEWS = [(path, view) for path, view in endpoints() if getattr(view, "__name__", "") not in NOT_ENDPOINTS]
CLASSES = sorted({view.cls for _path, view in VIEWS}, key=lambda cls: str(cls.__name__))


def methods(view: Any) -> dict[str, str]:
    """The methods of an address and the names of their handlers."""
    actions: dict[str, str] = getattr(view, "actions", None) or {
        name: name for name in ("get", "post", "put", "patch", "delete") if hasattr(view.cls, name)
    }
    return {method: name for method, name in actions.items() if method not in SAFE}


@pytest.mark.parametrize("cls", CLASSES)
def test_every_endpoint_declares_its_permission_and_scope(cls: Any) -> None:
    assert issubclass(cls, Conventions)
    assert cls.permission in known_rules()
    assert cls.permission == PUBLIC or cls.scope != ""


@pytest.mark.parametrize("path, view", VIEWS)
def test_every_write_is_framed(path: str, view: Any) -> None:
    for handler in methods(view).values():
        assert getattr(getattr(view.cls, handler), "is_write", False), f"{path} {handler}"


@pytest.mark.parametrize("cls", [cls for cls in CLASSES if issubclass(cls, PortalViewSet)])
def test_every_rule_that_a_viewset_names_is_known(cls: Any) -> None:
    for name in ("change_rule", "delete_rule"):
        assert getattr(cls, name, PUBLIC) in known_rules()


@pytest.mark.parametrize("cls", [cls for cls in CLASSES if issubclass(cls, Lists)])
def test_every_field_shown_can_be_filtered_and_every_ordering_is_never_null(cls: Any) -> None:
    filters = set(cls.filterset_class.base_filters) if cls.filterset_class else set()
    assert set(cls.serializer_class().fields) - filters == set(cls.unfiltered)
    assert not filters & {"language", "fields", "format", "cursor", "page_size", "ordering"}
    for name in cls.orderings:
        assert "__" not in name
        assert cls.model._meta.get_field(cls.ordering_columns.get(name, name)).null is False


def lists() -> Iterator[tuple[str, str, Any]]:
    """Every address that the document says answers with `results`: its path, its view, the names of its parameters."""
    views = {path: view.cls for path, view in VIEWS}
    for path, item in document("en")["paths"].items():
        operation = item.get("get", {})
        told = operation.get("responses", {}).get("200", {}).get("content", {}).get("application/json", {})
        if "List" in told.get("schema", {}).get("$ref", ""):
            plain = re.sub("[{<][^/]*[}>]", "*", path.removeprefix("/"))
            [cls] = {cls for known, cls in views.items() if re.sub("[{<][^/]*[}>]", "*", cleaned(known)) == plain}
            yield path, cls, {given["name"] for given in operation["parameters"]}


def cleaned(pattern: str) -> str:
    """An address as a pattern, without the signs of regular expressions."""
    return pattern.replace("^", "").replace("$", "")


@pytest.mark.django_db
def test_every_list_of_the_document_has_a_filter_for_each_field_or_a_reason_that_is_written_down() -> None:
    page = (Path(__file__).parents[3] / "docs" / "api.md").read_text()
    seen = 0
    for path, cls, parameters in lists():
        assert set(cls.serializer_class().fields) - (parameters - {"language"}) == set(cls.unfiltered), path
        for name, reason in cls.unfiltered.items():
            assert f"| `{path.removeprefix('/api/v1')}` | `{name}` | {reason} |" in page
        seen += 1
    assert seen >= 11


@pytest.mark.django_db
def test_the_document_is_open_31_in_json_and_yaml() -> None:
    told = Api().get("schema/")
    assert told["Content-Type"] == "application/json"
    body = json.loads(told.content)
    assert body["openapi"] == "3.1.0"
    for asked in (Api().get("schema/?format=yaml"), Api().get("schema/", Accept="application/yaml")):
        assert yaml.safe_load(asked.content) == body
    problem(Api().get("schema/?format=xml"), 400, "unknown_format")


@pytest.mark.django_db
def test_the_page_is_there_without_anything_inline() -> None:
    page = Api().get("docs/")
    assert page.status_code == 200
    assert b"<script>" not in page.content
    script = Api().get("docs/?script=")
    assert script["Content-Type"] == "application/javascript"
    assert b"/api/v1/schema/" in script.content


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    """Every operation of the document."""
    return [
        (path, method, operation)
        for path, item in document("en")["paths"].items()
        for method, operation in item.items()
        if method != "parameters"
    ]


@pytest.mark.django_db
def test_every_operation_tells_its_problems_headers_and_parameters() -> None:
    for path, method, operation in operations():
        answers = operation["responses"]
        assert {"400", "404", "429", "503"} <= set(answers), path
        assert all("application/problem+json" in answers[code]["content"] for code in answers if code >= "400")
        made = [code for code in ("201", "202") if code in answers]
        assert all("Location" in answers[code]["headers"] for code in made), path
        told = {(given["in"], given["name"]) for given in operation["parameters"]}
        assert ("query", "language") in told
        assert (("query", "dry_run") in told) == (method not in SAFE), path
        assert (("header", "Idempotency-Key") in told) == (method == "post"), path
        assert (("header", "If-Match") in told) == ("428" in answers), path


@pytest.mark.django_db
def test_every_reference_leads_somewhere_and_every_address_is_there() -> None:
    body = document("en")
    text = json.dumps(body)
    names = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert names - set(body["components"]["schemas"]) == set()
    paths = {path for path, _method, _operation in operations()}
    assert {"/api/v1/me/", "/api/v1/offers/", "/api/v1/offers/{id}/", "/api/v1/organisations/{id}/"} <= paths
