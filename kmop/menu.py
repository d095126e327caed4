"""The signed-in frame's menu: which doors a person has, and how much waits behind each."""

from typing import Any

from django.http import HttpRequest


def menu(request: HttpRequest) -> dict[str, Any]:
    """Context for `templates/base.html`."""
    return {"menu": []}
