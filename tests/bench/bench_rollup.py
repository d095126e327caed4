"""The roll-up of a period with 1,000 updates against the same statement sent by the bare driver, commit included.

Both work on the same rows and connection settings, alternating, median of eleven; the result is checked equal first.
"""

import statistics
import time
from collections.abc import Callable
from typing import Any

from tests.bench.figures import Figure
from tests.bench.portfolio import make_portfolio, report

NEEDS_DATABASE = True
UPDATES, TIMES, LIMIT = 1000, 11, 1.5
COLUMNS = "indicator_id, period_id, cell, numerator, denominator, count, minimum, maximum, latest, latest_denominator"


def measure(small: bool) -> list[Figure]:
    """The service's time in times of the bare driver's."""
    from django.db import connection, transaction

    from projects.services.rollup import roll_up, statement
    from tests import factories

    made = make_portfolio("ROLLUP", indicators=1, periods=1)
    count = 200 if small else UPDATES
    partners = [factories.make_organisation(f"ROLL-{number}") for number in range(count)]
    report(made, state="approved", partners=partners)
    period = made.periods[0].pk
    sql, parameters = statement([period])

    def ours() -> None:
        with transaction.atomic():
            roll_up([period], remapped=False)

    connection.ensure_connection()
    driver = connection.connection.cursor()
    bare_sql = sql if connection.vendor == "postgresql" else sql.replace("%s", "?")

    def bare() -> None:
        driver.execute("BEGIN")
        driver.execute(bare_sql, parameters)
        driver.execute("COMMIT")

    ours()
    expected = _rows(connection, period)
    connection.cursor().execute("DELETE FROM projects_actual WHERE period_id = %s", [period])
    bare()
    if _rows(connection, period) != expected or len(expected) != 7 or expected[0][5] != count:
        raise RuntimeError("the two roads to the totals differ, so the figure would say nothing")
    mine, theirs = [], []
    for _turn in range(TIMES):
        theirs.append(_timed(bare))
        mine.append(_timed(ours))
    value = statistics.median(mine) / statistics.median(theirs)
    detail = (
        f"{statistics.median(mine) * 1000:.1f} ms against {statistics.median(theirs) * 1000:.1f} ms, {count} updates"
    )
    return [Figure("rollup_period_time", value, LIMIT, "times", detail)]


def _timed(act: Callable[[], None]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def _rows(connection: Any, period: int) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {COLUMNS} FROM projects_actual WHERE period_id = %s ORDER BY cell", [period])
        return list(cursor.fetchall())
