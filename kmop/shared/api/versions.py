"""ETags: a row's version, the same for every reader, door, field choice and language."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from kmop.shared.api.problems import PreconditionRequired
from kmop.shared.errors import Stale


def etag(obj: Any) -> str:
    """The ETag of a versioned row."""
    return f'"{obj.version}"'


def tags_in(header: str) -> set[str]:
    """The tags of an `If-Match` header. A proxy that compresses marks them weak; the version is the same."""
    return {part.strip().removeprefix("W/") for part in header.split(",")}


def check_if_match(request: Request, obj: Any) -> None:
    """Raise `PreconditionRequired` without `If-Match`, `Stale` where it no longer matches `obj`.

    Call it inside the write's transaction: the row is locked here, so that of several writers exactly one goes on.
    """
    header = request.headers.get("If-Match", "")
    if not header:
        raise PreconditionRequired
    rows = type(obj)._base_manager.select_for_update(of=("self",)).filter(pk=obj.pk)
    current = rows.values_list("version", flat=True).first()
    if current != obj.version or not tags_in(header) & {etag(obj), "*"}:
        raise Stale(_("Somebody changed this in the meantime. Load it again and repeat your change."))
