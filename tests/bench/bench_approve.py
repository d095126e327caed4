"""Statements of an approval over the whole request: session, rules, SAVEPOINT and COMMIT included.

One update in a small project and in a large one, and five hundred updates at once.
"""

from typing import Any

from tests.bench.figures import Figure
from tests.bench.portfolio import Made, make_portfolio, report

NEEDS_DATABASE = True
MOST, MOST_OF_MANY = 25, 65  # approving 500 at once adds at most 40


def measure(small: bool) -> list[Figure]:
    """The counts; that of one update must not grow with the project."""
    little = make_portfolio("APPROVE-S", indicators=1, periods=2)
    large = make_portfolio("APPROVE-L", indicators=10 if small else 60, periods=10)
    [first, *_rest] = report(little, state="submitted", partners=little.partners[:1])
    updates = report(large, state="submitted", partners=large.partners[:1])
    few, many = _one(little, first), _one(large, updates[0])
    bulk = _many(large, updates[1:501])
    return [
        Figure("approve_statements", max(few, many), MOST, "count", f"{few} in a small project, {many} in a large one"),
        Figure("approve_statements_growth", many - few, 0, "count", "more statements in the large project"),
        Figure("approve_many_statements", bulk, MOST_OF_MANY, "count", f"{len(updates[1:501])} updates at once"),
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
