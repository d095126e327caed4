"""`Idempotency-Key`: the same POST twice has one effect and the same answer.

The key's row is inserted first, inside the transaction of the effect: a second request waits on it (PostgreSQL on the
unique index, SQLite on its write lock) and then gives the kept answer. Of the key only an HMAC is stored, and the
answer is encrypted with a key derived from it, so that a PIN or a complaint never lies there in clear.
"""

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, OperationalError, connection, transaction
from django.http import HttpResponse, QueryDict
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from kmop.shared.api.parameters import refuse
from kmop.shared.api.problems import Busy, Unprocessable
from kmop.shared.models import IdempotencyKey

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
LONGEST_KEY = 255
WAIT_SECONDS = 10
KEPT_HEADERS = ("Location", "ETag")
LOCK_TIMEOUT = "55P03"


class KeyTaken(Exception):
    """Another request with this key has been answered in the meantime."""


class KeptAnswer:
    """The row of one client's key for one method and address."""

    def __init__(self, key: str, *, client: str, method: str, address: str, fingerprint: str) -> None:
        self.key = key
        self.fingerprint = fingerprint
        told = "\n".join([client, method, address, key])
        mac = salted_hmac("kmop.api.idempotency", told, algorithm="sha256").hexdigest()
        self.identity = {"client": client, "method": method, "address": address, "key_mac": mac}

    def replay(self) -> HttpResponse | None:
        """The kept answer, None where there is none yet. Raises `Unprocessable` where it belongs to another body."""
        row = IdempotencyKey.objects.filter(**self.identity).first()
        if row is None:
            return None
        if row.fingerprint != self.fingerprint:
            detail = _("This Idempotency-Key was used with another body. Use a new key for a new request.")
            raise Unprocessable({HEADER: [exceptions.ErrorDetail(str(detail), "key_used")]})
        kept = json.loads(self._cipher().decrypt(bytes(row.answer)))
        response = HttpResponse(base64.b64decode(kept["body"]), status=row.status, headers=kept["headers"])
        response["Content-Type"] = JSONRenderer.media_type
        response[REPLAYED] = "true"
        return response

    def take(self) -> None:
        """Insert the row, first thing in the transaction. Raises `KeyTaken`, or `Busy` after ten seconds."""
        try:
            with _waiting_at_most(WAIT_SECONDS):
                IdempotencyKey.objects.create(**self.identity, fingerprint=self.fingerprint)
        except IntegrityError as error:
            raise KeyTaken from error
        except OperationalError as error:
            raise _busy(error) from error

    def keep(self, response: Response) -> None:
        """Store the answer with its effect, encrypted."""
        body = b"" if response.data is None else JSONRenderer().render(response.data)
        headers = {name: response[name] for name in KEPT_HEADERS if response.has_header(name)}
        kept = json.dumps({"body": base64.b64encode(body).decode(), "headers": headers}).encode()
        answer = self._cipher().encrypt(kept)
        IdempotencyKey.objects.filter(**self.identity).update(status=response.status_code, answer=answer)

    def _cipher(self) -> Fernet:
        salt = settings.SECRET_KEY.encode()
        derived = HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"kmop.api.idempotency").derive(self.key.encode())
        return Fernet(base64.urlsafe_b64encode(derived))


def _busy(error: OperationalError) -> Exception:
    """`Busy` where `error` says that a lock was not given in time, else the error itself."""
    timed_out = getattr(error.__cause__, "pgcode", "") == LOCK_TIMEOUT or "locked" in str(error)
    return Busy() if timed_out else error


@contextmanager
def _waiting_at_most(seconds: int) -> Iterator[None]:
    """Wait no longer than this for the other request's row; other locks keep their own patience."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{seconds}s'")
        yield
        cursor.execute("SET LOCAL lock_timeout TO DEFAULT")


@contextmanager
def transaction_waiting(key: KeptAnswer | None) -> Iterator[None]:
    """A transaction; with a key on SQLite its write lock is waited for ten seconds, not the usual time."""
    short = key is not None and connection.vendor == "sqlite" and not connection.in_atomic_block
    if short:
        _sqlite_patience(WAIT_SECONDS)
    try:
        with transaction.atomic():
            yield
    except OperationalError as error:
        raise (_busy(error) if key else error) from error
    finally:
        if short:
            _sqlite_patience(connection.settings_dict["OPTIONS"].get("timeout", 5))


def _sqlite_patience(seconds: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")


def fingerprint_of(data: Any) -> str:
    """A hash of the parsed body: equal for equal content in whatever order and spacing; files count by their hash."""
    return hashlib.sha256(json.dumps(_plain(data), sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def _plain(data: Any) -> Any:
    if isinstance(data, QueryDict):
        return {name: [_plain(value) for value in values] for name, values in data.lists()}
    if isinstance(data, Mapping):
        return {str(name): _plain(value) for name, value in data.items()}
    if isinstance(data, list | tuple):
        return [_plain(value) for value in data]
    if isinstance(data, UploadedFile):
        return {"file": _file_hash(data), "name": data.name}
    return data if isinstance(data, str | int | float | bool | None) else str(data)


def _file_hash(file: UploadedFile[bytes]) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def kept_answer_of(request: Request, client: str, fingerprint: str) -> KeptAnswer | None:
    """What this request's `Idempotency-Key` stands for; None where it carries none. Raises 400 for an unfit key."""
    if request.method != "POST" or HEADER not in request.headers:
        return None
    key = request.headers[HEADER]
    if not 1 <= len(key) <= LONGEST_KEY:
        raise refuse(HEADER, _("An Idempotency-Key has 1 to %(most)s characters.") % {"most": LONGEST_KEY})
    address = request.path[:300]
    return KeptAnswer(key, client=client, method=request.method, address=address, fingerprint=fingerprint)
