"""Speaking to the REST API in tests as an outside system does."""

import json
from typing import Any

from django.http import HttpResponseBase
from django.test import Client

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


def problem(response: HttpResponseBase, status: int, code: str) -> dict[str, Any]:
    """Check that the answer is this problem; gives its body."""
    assert response.status_code == status, getattr(response, "content", b"")
    assert response["Content-Type"] == PROBLEM
    body: dict[str, Any] = response.json()  # type: ignore[attr-defined]
    assert sorted(body) == ["code", "detail", "errors", "instance", "status", "title", "type"]
    assert (body["status"], body["code"]) == (status, code)
    return body
