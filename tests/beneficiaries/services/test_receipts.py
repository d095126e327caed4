"""Receipts: unknown code, wrong PIN and locked look and cost the same; a wrong try stays counted."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from beneficiaries.models import Receipt
from beneficiaries.services import receipts
from beneficiaries.services.receipts import NoSuchReceipt, Slip, lock_of, new_slip, open_receipt
from kmop.shared.errors import RuleBroken
from tests.factories import make_project
from tests.factories_voices import make_feedback


def made() -> tuple[Slip, Receipt]:
    slip = new_slip()
    return slip, receipts.issue(slip, feedback=make_feedback(make_project()))


def refusal(code: str, pin: str) -> tuple[str, str]:
    with pytest.raises(NoSuchReceipt) as caught:
        open_receipt(code=code, pin=pin)
    return caught.value.code, str(caught.value.message)


def kinds(code: str, pin: str, *, fails: bool = True) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as told:
        if fails:
            refusal(code, pin)
        else:
            open_receipt(code=code, pin=pin)
    return [row["sql"].split()[0] for row in told.captured_queries]


@pytest.mark.django_db
def test_a_code_is_pronounceable_and_a_pin_has_six_digits() -> None:
    slip = new_slip()
    words = slip.code.split("-")
    assert [len(word) for word in words] == [4, 4, 4, 4]
    assert all(word[0] in receipts.CONSONANTS and word[1] in receipts.VOWELS for word in words)
    assert (len(slip.pin), slip.pin.isdigit()) == (6, True)


@pytest.mark.django_db
def test_neither_code_nor_pin_is_kept() -> None:
    slip, receipt = made()
    kept = [str(value) for value in Receipt.objects.filter(pk=receipt.pk).values_list()[0]]
    assert [value for value in kept if slip.code in value or slip.pin == value] == []


@pytest.mark.django_db
@pytest.mark.parametrize("turn", [str.upper, lambda code: code.replace("-", " "), lambda code: f" {code} "])
def test_case_blanks_and_dashes_do_not_count(turn: object) -> None:
    slip, receipt = made()
    assert open_receipt(code=turn(slip.code), pin=f"{slip.pin[:3]} {slip.pin[3:]}") == receipt  # type: ignore[operator]


@pytest.mark.django_db
def test_digits_of_another_script_are_the_same_digits() -> None:
    slip, receipt = made()
    arabic = slip.pin.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert open_receipt(code=slip.code, pin=arabic) == receipt


@pytest.mark.django_db
def test_unknown_wrong_and_locked_look_and_cost_the_same() -> None:
    slip, receipt = made()
    wrong = "000000" if slip.pin != "000000" else "111111"
    open_receipt(code=slip.code, pin=slip.pin)
    unknown = (refusal("bado-bado-bado-bado", slip.pin), kinds("bado-bado-bado-bado", slip.pin))
    told = [unknown, (refusal(slip.code, wrong), kinds(slip.code, wrong))]
    Receipt.objects.filter(pk=receipt.pk).update(wrong_tries=10, tried_at=timezone.now())
    told.append((refusal(slip.code, slip.pin), kinds(slip.code, slip.pin)))
    assert told == [unknown] * 3
    assert unknown[1] == ["SELECT", "SAVEPOINT", "UPDATE", "RELEASE"]


@pytest.mark.django_db
def test_the_lock_grows_from_a_minute_to_a_day() -> None:
    waits = [lock_of(tries) for tries in (9, 10, 11, 12, 20, 30)]
    minutes = [int(wait / timedelta(minutes=1)) for wait in waits]
    assert minutes == [0, 1, 2, 4, 1024, 1440]


@pytest.mark.django_db
def test_ten_wrong_tries_lock_and_a_right_pin_after_the_wait_begins_anew() -> None:
    slip, receipt = made()
    wrong = "000000" if slip.pin != "000000" else "111111"
    for _try in range(10):
        refusal(slip.code, wrong)
    refusal(slip.code, slip.pin)
    receipt.refresh_from_db()
    assert receipt.wrong_tries == 10
    Receipt.objects.filter(pk=receipt.pk).update(tried_at=timezone.now() - timedelta(seconds=61))
    assert open_receipt(code=slip.code, pin=slip.pin) == receipt
    receipt.refresh_from_db()
    assert receipt.wrong_tries == 0


@pytest.mark.django_db
def test_tries_while_it_is_locked_do_not_lengthen_the_wait() -> None:
    slip, receipt = made()
    Receipt.objects.filter(pk=receipt.pk).update(wrong_tries=10, tried_at=timezone.now())
    refusal(slip.code, "123")
    receipt.refresh_from_db()
    assert receipt.wrong_tries == 10


@pytest.mark.django_db(transaction=True)
def test_it_refuses_to_count_within_a_transaction_that_may_roll_back() -> None:
    slip, receipt = made()
    with pytest.raises(RuntimeError), transaction.atomic():
        open_receipt(code=slip.code, pin=slip.pin)
    refusal(slip.code, "1")
    receipt.refresh_from_db()
    assert receipt.wrong_tries == 1


@pytest.mark.django_db
def test_an_unknown_receipt_is_a_broken_rule_of_its_own() -> None:
    assert issubclass(NoSuchReceipt, RuleBroken)
