"""Lists at the full size of the seeded portfolio and at a tenth, in seconds of processor of both sides; their plans.

The portfolio's page and call with filters, orders and pages; then every list that reads updates, obligations or totals:
no plan of its statements may read the updates, their values or the totals from end to end.
"""

import re
from typing import Any

from tests.bench.databases import at, seeded
from tests.bench.figures import Figure
from tests.bench.measuring import browser, get, in_turn, statements

NEEDS_SEED = True
TIMES, LIMIT = 5, 3
PORTFOLIO = {
    "page": [
        "/projects/",
        "/projects/?page=3",
        "/projects/?sort=-ends",
        "/projects/?country=GR",
        "/projects/?search=seed-0001",
    ],
    "call": [
        "/api/v1/projects/",
        "/api/v1/projects/?ordering=-updated_at",
        "/api/v1/projects/?search=seed-0001",
        "/api/v1/projects/?status=active",
    ],
}
LISTS = (
    "/home/",
    "/review/",
    "/projects/1/",
    "/projects/1/results/",
    "/api/v1/updates/",
    "/api/v1/updates/?state=submitted",
    "/api/v1/updates/?indicator=7",
    "/api/v1/obligations/",
    "/api/v1/projects/SEED-00001/framework/",
)
SCANNED = re.compile(r"Seq Scan on (projects_(?:update|updatevalue|actual))\b")


def measure(small: bool) -> list[Figure]:
    """Growth of the page and the call, and the scans; the order worst first is kept, as the timetable does."""
    from django.utils import timezone

    from reports.services.standings import refresh_standings

    for name in ("tenth", "full"):
        with at(name):
            refresh_standings(day=timezone.localdate())
    with at("full"):
        client = browser(seeded("full").manager)
    if small:  # a tenth of a tenth fills no page, and PostgreSQL rightly reads small tables from end to end
        return [_growth("page", ["/projects/", "/projects/?sort=-ends"], client, 3)]
    return [*(_growth(name, paths, client, TIMES) for name, paths in PORTFOLIO.items()), _scans(client)]


def _growth(name: str, paths: list[str], client: Any, times: int) -> Figure:
    worst, detail = 0.0, ""
    for path in paths:
        acts = [lambda path=path: get(client, path)] * 2  # type: ignore[misc]
        in_turn(acts, 1, ("tenth", "full"))
        few, many = in_turn(acts, times, ("tenth", "full"))
        if many / few > worst:
            worst, detail = many / few, f"{path}: {many * 1000:.0f} ms against {few * 1000:.0f} ms"
    return Figure(f"portfolio_{name}_growth", worst, LIMIT, "times", detail)


def _scans(client: Any) -> Figure:
    """How many statements of all lists read a large table from end to end."""
    from django.db import connection

    found: dict[str, set[str]] = {}
    count = 0
    with at("full"):
        for path in [*LISTS, *(one for paths in PORTFOLIO.values() for one in paths)]:
            for sql in statements(lambda path=path: client.get(path)):  # type: ignore[misc]
                if not sql.startswith(("SELECT", "(SELECT", "WITH")):
                    continue
                count += 1
                with connection.cursor() as cursor:
                    cursor.execute("EXPLAIN " + sql.replace("%", "%%"), [])
                    plan = "\n".join(row[0] for row in cursor.fetchall())
                for table in SCANNED.findall(plan):
                    found.setdefault(path, set()).add(table)
    detail = "; ".join(f"{path}: {', '.join(sorted(tables))}" for path, tables in sorted(found.items()))
    return Figure("portfolio_scans", len(found), 0, "count", detail or f"{count} plans")
