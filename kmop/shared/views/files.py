"""Serving a private file to who may have it: whole, or the part of it that is asked for (RFC 9110, one range)."""

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})\Z")
PIECE = 64 * 1024


def serve_file(
    request: HttpRequest, file: Any, *, name: str, content_type: str, size: int, sha256: str
) -> HttpResponseBase:
    """The file (a `FieldFile`) as an attachment under a person's name for it; its ETag is its SHA-256.

    Answers 206 for one range that can be met, 416 for one that can't, 304 where the reader has it already. Several
    ranges, or an `If-Range` of another file, give the whole file. The caller has asked the rule.
    """
    tag = f'"{sha256}"'
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": tag,
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "attachment",
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
    }
    if tag in request.headers.get("If-None-Match", "").replace("W/", ""):
        return HttpResponse(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    asked = ONE_RANGE.match(request.headers.get("Range", ""))
    if asked is None or asked.groups() == ("", "") or request.headers.get("If-Range", tag) != tag:
        whole = FileResponse(
            file.open("rb"), as_attachment=True, filename=name, content_type=content_type, headers=headers
        )
        whole["Content-Length"] = str(size)
        return whole
    first, last = _bounds(asked[1], asked[2], size)
    if first > last:
        unmet = {**headers, "Content-Range": f"bytes */{size}"}
        return HttpResponse(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers=unmet)
    headers |= {"Content-Range": f"bytes {first}-{last}/{size}", "Content-Length": str(last - first + 1)}
    part = _part(file, first, last - first + 1)
    return StreamingHttpResponse(part, status=HTTPStatus.PARTIAL_CONTENT, content_type=content_type, headers=headers)


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    """The first and last byte; the first lies after the last where the range can't be met."""
    if not first:
        return max(size - int(last), 0) if int(last) else size, size - 1
    return int(first), min(int(last), size - 1) if last else size - 1


def _part(file: Any, first: int, count: int) -> Iterator[bytes]:
    with file.open("rb") as source:
        source.seek(first)
        while count > 0 and (piece := source.read(min(PIECE, count))):
            count -= len(piece)
            yield piece
