"""The OpenAPI document: every operation told with its problems, headers and conventions, from one place."""

from typing import Any

from django.conf import settings
from drf_spectacular.extensions import (
    OpenApiAuthenticationExtension,
    OpenApiSerializerExtension,
    OpenApiSerializerFieldExtension,
)
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework.permissions import SAFE_METHODS

from kmop.shared.access import PUBLIC
from kmop.shared.api.problems import PROBLEM_JSON

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
EMPTY: Schema = {"type": "string", "maxLength": 0}
LINK: Schema = {"type": "string", "format": "uri"}
PROBLEM: Schema = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance", "code", "errors"],
    "properties": {
        **dict.fromkeys(("type", "title", "detail", "instance", "code"), TEXT),
        "status": {"type": "integer"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail", "code"],
                "properties": {
                    "pointer": {"type": "string", "description": "A JSON pointer into the request (RFC 6901)."},
                    "detail": TEXT,
                    "code": TEXT,
                },
            },
        },
    },
}
ALWAYS = {
    "400": "No body, not JSON, a missing field, a wrong type, an unknown parameter, filter or ordering.",
    "404": "Not there, or not yours to know of.",
    "405": "This address does not take that method.",
    "429": "Too many requests; see Retry-After.",
    "503": "The portal can't answer at the moment.",
}
SIGNED_IN_ONLY = {"401": "No valid token or session.", "403": "A scope or a rule does not allow it; the rule in words."}
WRITES = {
    "409": "A state or a duplicate does not allow it.",
    "413": "The body is too large.",
    "415": "The body is of a kind this address does not take.",
    "422": "Readable, but a rule refuses it.",
    "423": "The period is locked.",
}
ON_VERSIONS = {"412": "Somebody changed it in the meantime.", "428": "If-Match is missing."}
VERSIONED = ("update", "partial_update", "destroy", "clear")
DELETED: Schema = {
    "type": "object",
    "required": ["id", "deleted"],
    "properties": {"id": {"type": ["integer", "string"]}, "deleted": {"const": True}},
}
MADE = ("201", "202")
RATES = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
FILES = {
    "text/csv": {"schema": TEXT},
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {
        "schema": {"type": "string", "format": "binary"}
    },
}


def header(name: str, text: str, *, required: bool = False) -> OpenApiParameter:
    """A request header."""
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, required=required, description=text)


def query(name: str, text: str, kind: Any = str, enum: list[str] | None = None) -> OpenApiParameter:
    """A query parameter."""
    return OpenApiParameter(name, kind, OpenApiParameter.QUERY, description=text, enum=enum)


class PortalSchema(AutoSchema):
    """Adds to each operation what `kmop.shared.api` does for all of them."""

    def get_operation(self, *args: Any, **kwargs: Any) -> Schema | None:
        """The operation with its refusals and headers."""
        operation: Schema | None = super().get_operation(*args, **kwargs)
        if operation is not None:
            self._add_headers(operation)
            self._fix_files(operation)
            for status, text in self._refusals().items():
                operation["responses"].setdefault(status, self._problem(text))
        return operation

    def _on_version(self) -> bool:
        """Does this operation change one row, so that it asks for If-Match?"""
        action = getattr(self.view, "action", None) or ""
        return action in VERSIONED or getattr(getattr(self.view, action, None), "on_version", False)

    def _refusals(self) -> dict[str, str]:
        told = dict(ALWAYS)
        if getattr(self.view, "permission", "") != PUBLIC:
            told |= SIGNED_IN_ONLY
        if self.method not in SAFE_METHODS:
            told |= WRITES
        return dict(sorted((told | (ON_VERSIONS if self._on_version() else {})).items()))

    def _problem(self, text: str) -> Schema:
        return {"description": text, "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}}

    def _add_headers(self, operation: Schema) -> None:
        for status, answer in operation["responses"].items():
            if not status.startswith("2"):
                continue
            headers = answer.setdefault("headers", {})
            headers |= {name: {"schema": {"type": "integer"}} for name in RATES}
            if hasattr(self.view, "model") and not self._is_list_view() and status in ("200", "201"):
                headers["ETag"] = {"schema": TEXT, "description": "The row's version."}
            if status in MADE:
                headers["Location"] = {"schema": LINK, "description": "Where it is."}
            if self.method == "POST":
                headers["Idempotency-Replayed"] = {"schema": TEXT, "description": "`true` where the answer is kept."}

    def _fix_files(self, operation: Schema) -> None:
        """A list's files are text and a workbook, not JSON under another name."""
        for answer in operation["responses"].values():
            content = answer.get("content", {})
            for media_type in set(content) & set(FILES):
                content[media_type] = FILES[media_type]

    def get_override_parameters(self) -> list[Any]:
        """The parameters that come with the conventions."""
        told: list[Any] = [
            query("language", "Language of texts and refusals.", enum=[code for code, _name in settings.LANGUAGES]),
            query("fields", "Only these fields, separated by commas."),
        ]
        action = getattr(self.view, "action", None) or self.method.lower()
        told += [extra for extra in [getattr(self.view, "query_class", {}).get(action)] if extra]
        if self.method not in SAFE_METHODS:
            told.append(query("dry_run", "Do all checks, say what would happen, save nothing.", bool))
        if self.method == "POST":
            told.append(header("Idempotency-Key", "1 to 255 characters; the same key and body give the same answer."))
        if self._on_version():
            told.append(header("If-Match", "The ETag last read.", required=True))
        return told + (self._list_parameters() if action == "list" else [])

    def _list_parameters(self) -> list[Any]:
        names = self.view.list_parameters() if hasattr(self.view, "list_parameters") else set()
        told: list[Any] = []
        if "search" in names:
            told.append(query("search", "Words, whatever their case and accents."))
        if "updated_since" in names:
            text = "A time: what changed from 60 seconds before it, deleted rows as {id, deleted: true}."
            told.append(OpenApiParameter("updated_since", {"type": "string", "format": "date-time"}, description=text))
        columns = getattr(self.view, "orderings", ())
        orderings = [sign + name for name in (*columns, "id") for sign in ("", "-")]
        return [*told, query("ordering", "How rows are ordered; `id` comes last in any case.", enum=orderings)]

    def get_request_serializer(self) -> Any:
        """What the operation takes."""
        action = getattr(self.view, "action", None)
        by_action = {"create": "create_input", "partial_update": "change_input", "update": "replace_input"}
        if action in by_action and hasattr(self.view, by_action[action]):
            return getattr(self.view, by_action[action])
        handler: Any = getattr(self.view, action or "", None)
        return handler.input_class if hasattr(handler, "input_class") else super().get_request_serializer()

    def _get_response_bodies(self, direction: Any = "response") -> Schema:
        """A dry run of a POST that would make something answers 200."""
        bodies: Schema = super()._get_response_bodies(direction)
        if "201" in bodies or (self.method == "DELETE" and "204" in bodies):
            dry = {"schema": {"type": "object", "properties": {"dry_run": {"const": True}}}}
            bodies.setdefault("200", {"description": "What would happen.", "content": {"application/json": dry}})
        return bodies

    def _is_create_operation(self) -> bool:
        return getattr(self.view, "action", None) == "create" and self.method == "POST"


def tell_problems(result: Schema, generator: Any, request: Any, public: bool) -> Schema:
    """Post-processing hook: the shapes that every operation points to."""
    shapes = result.setdefault("components", {}).setdefault("schemas", {})
    shapes |= {"Deleted": DELETED, "Problem": PROBLEM}
    _mend(result)
    return result


def _mend(node: Any) -> None:
    """Take a generator's own marks out of the document; an empty text is any of its shapes, not one of them."""
    if isinstance(node, dict):
        node.pop("x-spec-enum-id", None)
        if EMPTY in node.get("oneOf", ()):
            node["anyOf"] = node.pop("oneOf")
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        _mend(part)


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Tokens of API clients."""

    target_class = "partners.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> Schema:
        """Bearer, as in `Authorization: Bearer ...`."""
        return {"type": "http", "scheme": "bearer"}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The browser's session."""

    target_class = "kmop.shared.api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> Schema:
        """The cookie; changes also need `X-CSRFToken`."""
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


class InputShape(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """What a body may say, and nothing else."""

    target_class = "kmop.shared.api.inputs.InputSerializer"
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> Schema:
        """As usual, and closed: an unknown field is refused."""
        shape: Schema = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return {**shape, "additionalProperties": False}


class CodeOrIdShape(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """An id or a code in, the id out."""

    target_class = "kmop.shared.api.references.CodeOrIdField"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: str) -> Schema:
        """Number or text."""
        return {"type": ["integer", "string"]} if direction == "request" else {"type": "integer"}


class AmountShape(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """An exact decimal as text."""

    target_class = "kmop.shared.api.fields.AmountField"

    def map_serializer_field(self, auto_schema: Any, direction: str) -> Schema:
        """Text; a number is taken too."""
        text: Schema = {"type": "string", "format": "decimal", "pattern": r"^-?\d{1,13}(\.\d{1,6})?$"}
        return text


class MoneyShape(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """{amount, currency}"""

    target_class = "kmop.shared.api.fields.MoneyField"

    def map_serializer_field(self, auto_schema: Any, direction: str) -> Schema:
        """An object of two texts."""
        return {
            "type": "object",
            "required": ["amount", "currency"],
            "properties": {"amount": TEXT, "currency": {"type": "string", "pattern": "^[A-Z]{3}$"}},
        }
