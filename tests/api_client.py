"""Speaking to the REST API in tests as an outside system does."""

import json
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext

PROBLEM = "application/problem+json"


class Api:
    """A client with a token (or none); paths are below `/api/v1/`."""

    def __init__(self, token: str = "", *, client: Client | None = None) -> None:
        self.client = client or Client()
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def send(self, method: str, path: str, body: Any = None, /, **headers: Any) -> Any:
        """The answer; `body` goes as JSON unless it is bytes. Header names use underscores."""
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        content_type = told.pop("Content-Type", "application/json")
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        address = path if path.startswith("/") else f"/api/v1/{path}"
        if method in ("GET", "HEAD"):
            return self.client.generic(method, address, headers={**self.headers, **told})
        return self.client.generic(method, address, data, content_type, headers={**self.headers, **told})

    def get(self, path: str, **headers: Any) -> Any:
        """GET."""
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: Any) -> Any:
        """POST."""
        return self.send("POST", path, body, **headers)

    def patch(self, path: str, body: Any = None, **headers: Any) -> Any:
        """PATCH."""
        return self.send("PATCH", path, body, **headers)

    def put(self, path: str, body: Any = None, **headers: Any) -> Any:
        """PUT."""
        return self.send("PUT", path, body, **headers)

    def delete(self, path: str, **headers: Any) -> Any:
        """DELETE."""
        return self.send("DELETE", path, **headers)

    def upload(self, path: str, name: str, content: bytes, **headers: Any) -> Any:
        """POST of a form with one file."""
        address = path if path.startswith("/") else f"/api/v1/{path}"
        told = {header.replace("_", "-"): value for header, value in headers.items()}
        data = {"file": SimpleUploadedFile(name, content)}
        return self.client.post(address, data, headers={**self.headers, **told})


def signed_in(user: Any) -> Api:
    """Somebody in her browser, with a session."""
    client = Client()
    client.force_login(user)
    return Api(client=client)


def counted(send: Callable[[], Any]) -> tuple[int, Any]:
    """The number of statements of a request, authentication and transaction included, and its answer."""
    with CaptureQueriesContext(connection) as seen:
        response = send()
    return len(seen), response


def problem(response: HttpResponseBase, status: int, code: str) -> dict[str, Any]:
    """Check that the answer is this problem; gives its body."""
    assert response.status_code == status, getattr(response, "content", b"")
    assert response["Content-Type"] == PROBLEM
    body: dict[str, Any] = response.json()  # type: ignore[attr-defined]
    assert sorted(body) == ["code", "detail", "errors", "instance", "status", "title", "type"]
    assert (body["status"], body["code"]) == (status, code)
    return body
