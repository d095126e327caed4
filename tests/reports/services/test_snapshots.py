"""What is gathered stands at one moment, and nobody waits for it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from partners.models import Organisation
from reports.services.snapshots import snapshot
from tests.factories import make_organisation


def _write() -> None:
    make_organisation("LATER")
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_writer_goes_on_and_the_reader_sees_the_old_state() -> None:
    make_organisation("FIRST")

    with snapshot():
        before = list(Organisation.objects.values_list("code", flat=True))
        with ThreadPoolExecutor(1) as pool:
            pool.submit(_write).result()
        during = list(Organisation.objects.values_list("code", flat=True))

    assert before == during == ["FIRST"]
    assert sorted(Organisation.objects.values_list("code", flat=True)) == ["FIRST", "LATER"]


@pytest.mark.django_db(transaction=True)
def test_the_connection_is_free_again_after_a_fault() -> None:
    with pytest.raises(ZeroDivisionError), snapshot():
        raise ZeroDivisionError

    make_organisation("AFTER")

    assert Organisation.objects.count() == 1


@pytest.mark.django_db
def test_within_a_transaction_it_adds_nothing() -> None:
    with snapshot():
        make_organisation("INSIDE")

    assert Organisation.objects.count() == 1
