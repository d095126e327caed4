"""Statements of an approval over the whole request: session, rules, SAVEPOINT and COMMIT included.

One update in a small project and in a large one, and five hundred updates at once.
"""

import statistics
from collections.abc import Iterator
from typing import Any

from tests.bench.figures import Figure
from tests.bench.measuring import processor
from tests.bench.portfolio import Made, make_portfolio, report

NEEDS_DATABASE = True
MOST, MOST_OF_MANY, MOST_MORE, MOST_TIMES, TIMES = 25, 65, 40, 6, 5  # approving 500 at once adds at most 40


def measure(small: bool) -> list[Figure]:
    """The counts; that of one update must not grow with the project."""
    little = make_portfolio("APPROVE-S", indicators=1, periods=2)
    large = make_portfolio("APPROVE-L", indicators=60, periods=10)
    [first, *_rest] = report(little, state="submitted", partners=little.partners[:1])
    updates = report(large, state="submitted", partners=large.partners[:1])
    few, many = _one(little, first), _one(large, updates[0])
    bulk = _many(large, updates[1:501])
    alone = _many(large, updates[501:502])
    spent = _time(large, small)
    return [
        Figure("approve_statements", max(few, many), MOST, "count", f"{few} in a small project, {many} in a large one"),
        Figure("approve_statements_growth", many - few, 0, "count", "more statements in the large project"),
        Figure("approve_many_statements", bulk, MOST_OF_MANY, "count", f"{len(updates[1:501])} updates at once"),
        Figure("approve_many_more_statements", bulk - alone, MOST_MORE, "count", f"{bulk} for 500, {alone} for one"),
        spent,
    ]


def _client(made: Made) -> Any:
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    client.force_login(made.officer, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get("/api/v1/me/")
    return client


def _one(made: Made, update: Any) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = _client(made)
    with CaptureQueriesContext(connection) as seen:
        answer = client.post(
            f"/api/v1/updates/{update.pk}/approve/",
            data=b"{}",
            content_type="application/json",
            headers={"If-Match": f'"{update.version}"'},
        )
    if answer.status_code != 200 or answer.json()["state"] != "approved":
        raise RuntimeError(f"the approval answers {answer.status_code}: {answer.content[:300]!r}")
    return len(seen)


def _many(made: Made, updates: list[Any]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from kmop.accounts.models import User
    from projects.services.updates import approve_updates

    with CaptureQueriesContext(connection) as seen:
        officer = User.objects.get(pk=made.officer.pk)
        approve_updates(updates=updates, by=officer)
    return len(seen)


def _time(made: Made, small: bool) -> Figure:
    """Five hundred at once in times of the bare statements: states, totals, what is owed, commit."""
    from django.db import connection

    from kmop.accounts.models import User
    from projects.services.rollup import statement
    from projects.services.updates import approve_updates

    connection.ensure_connection()
    driver = connection.connection.cursor()
    place = "%s" if connection.vendor == "postgresql" else "?"

    def sets() -> Iterator[list[Any]]:
        for number in range(2 * (3 if small else TIMES)):
            yield report(made, state="submitted", partners=[_partner(made, number)])[:500]

    waiting = sets()
    ours, theirs = [], []
    for _turn in range(3 if small else TIMES):
        rows = next(waiting)
        start = processor()
        approve_updates(updates=rows, by=User.objects.get(pk=made.officer.pk))
        ours.append(processor() - start)
        rows = next(waiting)
        start = processor()
        ids = [one.pk for one in rows]
        places = ", ".join([place] * len(ids))
        sql, parameters = statement(sorted({one.period_id for one in rows}))
        driver.execute("BEGIN")
        driver.execute(
            f"UPDATE projects_update SET state = 'approved', decided_at = submitted_at, version = version + 1"
            f" WHERE id IN ({places})",
            ids,
        )
        driver.execute(sql.replace("%s", place), parameters)
        driver.execute(f"UPDATE projects_obligation SET version = version + 1 WHERE update_id IN ({places})", ids)
        driver.execute("COMMIT")
        theirs.append(processor() - start)
    mine, bare = statistics.median(ours), statistics.median(theirs)
    detail = f"{mine * 1000:.0f} ms against {bare * 1000:.0f} ms of raw SQL, {len(rows)} updates"
    return Figure("approve_many_time", mine / bare, MOST_TIMES, "times", detail)


def _partner(made: Made, number: int) -> Any:
    from tests import factories

    return factories.make_organisation(f"APPROVE-{number}")
