"""Receipts: a pronounceable code and a PIN with which a person without an account comes back.

Kept are an HMAC of the code (to find it) and Argon2 of the PIN. An unknown code, a wrong PIN and a locked receipt look
the same and cost the same: one look-up, one Argon2, one UPDATE. A wrong try is counted in a transaction of its own,
which refuses to run within another one (`RuntimeError`): else the refusal that follows would roll the count back. So a
door opens the receipt first, and then does with it what the person asked for.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from beneficiaries.models import Feedback, Receipt, SensitiveReport
from kmop.shared.errors import RuleBroken

CONSONANTS = "bdfgkmnprstvz"
VOWELS = "aeiou"
WORDS = 4
SYLLABLES = 2
PIN_DIGITS = 6
FREE_TRIES = 10
FIRST_LOCK = timedelta(minutes=1)
LONGEST_LOCK = timedelta(hours=24)


class NoSuchReceipt(RuleBroken):
    """Code unknown, PIN wrong, or locked: one answer for all three."""


@dataclass(frozen=True)
class Slip:
    """A receipt to be: what the person gets (`code`, `pin`) and what is kept of them."""

    code: str
    pin: str
    code_mac: str
    pin_hash: str


def new_code() -> str:
    """Four words of two syllables, such as "bado-kemi-rufa-tolu": 48 bits, and no two letters look alike."""

    def word() -> str:
        return "".join(secrets.choice(CONSONANTS) + secrets.choice(VOWELS) for _syllable in range(SYLLABLES))

    return "-".join(word() for _word in range(WORDS))


def new_pin() -> str:
    """Six digits: 19.9 bits."""
    return f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}d}"


def code_mac(code: str) -> str:
    """What the code is found by. Case, blanks and dashes don't count."""
    plain = "".join(sign for sign in code.casefold() if sign.isalpha())
    return salted_hmac("beneficiaries.receipt", plain, algorithm="sha256").hexdigest()


def _plain_pin(pin: str) -> str:
    """The digits of the PIN, whatever script they were typed in."""
    return "".join(str(int(sign)) for sign in pin if sign.isdecimal())


@cache
def _dummy_hash() -> str:
    return make_password("no receipt has this pin")


def new_slip() -> Slip:
    """Draw code and PIN and hash them: slow, so done before the transaction that issues the receipt."""
    code, pin = new_code(), new_pin()
    return Slip(code, pin, code_mac(code), make_password(pin))


def issue(slip: Slip, *, feedback: Feedback | None = None, sensitive: SensitiveReport | None = None) -> Receipt:
    """Make the receipt of a message in the caller's transaction; code and PIN are shown once and never kept."""
    return Receipt.objects.create(
        code_mac=slip.code_mac, pin_hash=slip.pin_hash, feedback=feedback, sensitive=sensitive
    )


def lock_of(wrong_tries: int) -> timedelta:
    """How long a receipt is locked after so many wrong tries: from the tenth on a minute, doubled each time, at most
    a day."""
    if wrong_tries < FREE_TRIES:
        return timedelta(0)
    doubled: int = 2 ** min(wrong_tries - FREE_TRIES, 12)
    return min(FIRST_LOCK * doubled, LONGEST_LOCK)


def open_receipt(*, code: str, pin: str) -> Receipt:
    """The receipt of code and PIN, its message loaded. Raises `NoSuchReceipt` otherwise, for whatever reason.

    Call it with no transaction open (`RuntimeError`), since a wrong try must stay counted whatever comes after.
    """
    mac = code_mac(code)
    receipt = Receipt.objects.select_related("feedback__project", "sensitive").filter(code_mac=mac).first()
    is_right = check_password(_plain_pin(pin), receipt.pin_hash if receipt else _dummy_hash())
    now = timezone.now()
    is_locked = receipt is not None and _is_locked(receipt, now)
    _count_try(mac, is_right=is_right, is_locked=is_locked, now=now)
    if receipt is None or is_locked or not is_right:
        raise NoSuchReceipt(_("No message was found with this code and PIN."), code="receipt_unknown")
    return receipt


def _is_locked(receipt: Receipt, now: datetime) -> bool:
    return receipt.tried_at is not None and receipt.tried_at + lock_of(receipt.wrong_tries) > now


@transaction.atomic(durable=True)
def _count_try(mac: str, *, is_right: bool, is_locked: bool, now: datetime) -> None:
    """One UPDATE in every case: a wrong try counts one more, a right one begins anew, a locked one changes nothing.

    The count grows in the database, so tries at the same moment are all counted. It touches no row for a code that
    nobody has.
    """
    changes: dict[str, Any] = {"wrong_tries": F("wrong_tries")}
    if not is_locked:
        changes = {"wrong_tries": 0} if is_right else {"wrong_tries": F("wrong_tries") + 1, "tried_at": now}
    Receipt.objects.filter(code_mac=mac).update(**changes)
