"""Reading many tables as they stood at one moment, without holding anybody up."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def snapshot() -> Iterator[None]:
    """One read-only view of the database: REPEATABLE READ on PostgreSQL, one read transaction on SQLite.

    Within a transaction that is open already (a test's) it adds nothing. Nothing may be written inside.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            # Not `atomic`: the portal's SQLite transactions are immediate ones, which would hold every writer up.
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
