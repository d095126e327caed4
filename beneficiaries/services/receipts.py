"""Receipts: a pronounceable code and a PIN with which a person without an account comes back.

Kept are an HMAC of the code (to find it) and Argon2 of the PIN. An unknown code, a wrong PIN and a locked receipt look
the same and cost the same: one Argon2 each.
"""

import secrets
from datetime import timedelta
from functools import cache

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


def _unknown() -> NoSuchReceipt:
    return NoSuchReceipt(_("No message was found with this code and PIN."), code="receipt_unknown")


def new_code() -> str:
    """Four words of two syllables, such as "bado-kemi-rufa-tolu": 48 bits, and no two letters look alike."""

    def word() -> str:
        return "".join(secrets.choice(CONSONANTS) + secrets.choice(VOWELS) for _ in range(SYLLABLES))

    return "-".join(word() for _ in range(WORDS))


def new_pin() -> str:
    """Six digits: 19.9 bits."""
    return f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}d}"


def code_mac(code: str) -> str:
    """What the code is found by. Case, blanks and dashes don't count."""
    plain = "".join(sign for sign in code.casefold() if sign.isalpha())
    return salted_hmac("beneficiaries.receipt", plain, algorithm="sha256").hexdigest()


def _plain_pin(pin: str) -> str:
    return "".join(sign for sign in pin if sign.isdigit())


@cache
def _dummy_hash() -> str:
    return make_password("no receipt has this pin")


def issue(*, feedback: Feedback | None = None, sensitive: SensitiveReport | None = None) -> tuple[str, str]:
    """Make the receipt of a message in the caller's transaction; returns code and PIN, shown once and never kept."""
    code, pin = new_code(), new_pin()
    Receipt.objects.create(code_mac=code_mac(code), pin_hash=make_password(pin), feedback=feedback, sensitive=sensitive)
    return code, pin


def open_receipt(*, code: str, pin: str) -> Receipt:
    """The receipt of code and PIN, its message loaded. Raises `NoSuchReceipt` otherwise.

    After ten wrong tries a receipt is locked for a growing while (a minute, doubled each time, at most a day).
    """
    receipt = Receipt.objects.select_related("feedback__project", "sensitive").filter(code_mac=code_mac(code)).first()
    right = check_password(_plain_pin(pin), receipt.pin_hash if receipt else _dummy_hash())
    if receipt is None:
        raise _unknown()
    now = timezone.now()
    if receipt.locked_until and receipt.locked_until > now:
        raise _unknown()
    if not right:
        _note_wrong(receipt)
        raise _unknown()
    if receipt.wrong_tries:
        Receipt.objects.filter(pk=receipt.pk).update(wrong_tries=0, locked_until=None)
    return receipt


@transaction.atomic
def _note_wrong(receipt: Receipt) -> None:
    Receipt.objects.filter(pk=receipt.pk).update(wrong_tries=F("wrong_tries") + 1)
    tries = Receipt.objects.values_list("wrong_tries", flat=True).get(pk=receipt.pk)
    if tries >= FREE_TRIES:
        wait = min(FIRST_LOCK * 2 ** min(tries - FREE_TRIES, 12), LONGEST_LOCK)
        Receipt.objects.filter(pk=receipt.pk).update(locked_until=timezone.now() + wait)
