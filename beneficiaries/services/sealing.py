"""Sealing what only focal points may read: AES-GCM with a key of its own, bound to the row's id."""

import hashlib
import json
import os
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kmop.shared.errors import RuleBroken

NONCE_BYTES = 12


def _key() -> bytes:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"beneficiaries.sensitive")
    return derive.derive(str(settings.SENSITIVE_KEY).encode())


def key_id() -> str:
    """A short name of the key in use, to know which key a row needs; tells nothing of the key."""
    return hashlib.sha256(b"key id" + _key()).hexdigest()[:16]


def seal(row_id: UUID, content: Mapping[str, Any]) -> bytes:
    """Encrypt plain JSON values for the row `row_id`; nonce first, then ciphertext with its tag."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(_key()).encrypt(nonce, json.dumps(content).encode(), row_id.bytes)


def unseal(row_id: UUID, sealed: bytes | memoryview) -> dict[str, Any]:
    """The values sealed for `row_id`. Raises `RuleBroken` (code "wrong_key") where key, row or bytes do not fit."""
    sealed = bytes(sealed)
    try:
        opened = AESGCM(_key()).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], row_id.bytes)
    except (InvalidTag, ValueError) as error:
        raise RuleBroken(_("This message can't be opened with the key of this portal."), code="wrong_key") from error
    content: dict[str, Any] = json.loads(opened)
    return content
