"""The framework call: its statements at two sizes, and its time at 200 indicators in times of that at 50.

Each indicator has 8 periods, 3 updates a period, two disaggregations. The whole request is counted and timed,
authentication included, alternating, median of seven; time is that of the processor, since other work may share the
machine.
"""

import json
import statistics
import time
from typing import Any

from tests.bench.figures import Figure
from tests.bench.measuring import in_turn
from tests.bench.portfolio import Made, make_portfolio, report

NEEDS_DATABASE = True
SIZES, PERIODS, TIMES = (50, 200), 8, 7
MOST_STATEMENTS, MOST_TIMES, MOST_TIMES_DRIVER = 12, 4.5, 3


def measure(small: bool) -> list[Figure]:
    """Statements of the call at both sizes, whether they are the same, and the ratio of the times."""
    from projects.services.rollup import roll_up_all

    sizes = (10, 40) if small else SIZES
    made = {size: _made(size) for size in sizes}
    roll_up_all()
    few, many = (_statements(made[size]) for size in sizes)
    clients = {size: _client(made[size]) for size in sizes}
    times: dict[int, list[float]] = {size: [] for size in sizes}
    for _turn in range(3 if small else TIMES):
        for size in sizes:
            start = time.process_time()
            _call(made[size], clients[size])
            times[size].append(time.process_time() - start)
    first, second = (statistics.median(times[size]) for size in sizes)
    shown = f"{second * 1000:.0f} ms at {sizes[1]} indicators, {first * 1000:.0f} ms at {sizes[0]}"
    return [
        Figure("framework_statements", max(few, many), MOST_STATEMENTS, "count", f"{few} and {many} statements"),
        Figure("framework_statements_growth", many - few, 0, "count", "more statements at the larger size"),
        Figure("framework_time", second / first, MOST_TIMES, "times", shown),
        _driver(made[sizes[-1]], clients[sizes[-1]], small),
    ]


def _driver(made: Made, client: Any, small: bool) -> Figure:
    """The call in times of fetching the same rows with the bare driver and dumping them as JSON.

    At the small size the parts that do not grow weigh more: it is held at 4 there.
    """
    from django.db import connection

    connection.ensure_connection()
    cursor = connection.connection.cursor()
    project = made.project.pk
    of_indicators = f"indicator_id IN (SELECT id FROM projects_indicator WHERE project_id = {project})"
    wanted = (
        f"SELECT * FROM projects_project WHERE id = {project}",
        f"SELECT * FROM projects_result WHERE project_id = {project}",
        f"SELECT * FROM projects_indicator WHERE project_id = {project}",
        f"SELECT * FROM projects_baseline WHERE {of_indicators}",
        f"SELECT * FROM projects_period WHERE {of_indicators}",
        f"SELECT * FROM projects_target WHERE {of_indicators}",
        f"SELECT * FROM projects_actual WHERE {of_indicators}",
        f"SELECT * FROM projects_indicator_dimensions WHERE {of_indicators}",
        f"""SELECT o.*, p.name, u.state FROM projects_obligation o JOIN partners_organisation p
        ON p.id = o.organisation_id LEFT JOIN projects_update u ON u.id = o.update_id WHERE o.{of_indicators}""",
    )

    def bare() -> None:
        told = []
        for sql in wanted:
            cursor.execute(sql)
            names = [column[0] for column in cursor.description]
            told.append([dict(zip(names, row, strict=True)) for row in cursor.fetchall()])
        json.dumps(told, default=str)

    theirs, ours = in_turn([bare, lambda: _call(made, client)], 3 if small else TIMES)
    detail = f"{ours * 1000:.0f} ms against {theirs * 1000:.0f} ms of bare driver and JSON"
    if small:
        return Figure("framework_driver_time", ours / theirs, 4, "times", detail, goal=MOST_TIMES_DRIVER)
    return Figure("framework_driver_time", ours / theirs, MOST_TIMES_DRIVER, "times", detail)


def _made(size: int) -> Made:
    made = make_portfolio(f"FRAME-{size}", indicators=size, periods=PERIODS)
    report(made, state="approved")
    return made


def _client(made: Made) -> Any:
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    client.force_login(made.officer, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _call(made: Made, client: Any) -> None:
    answer = client.get(f"/api/v1/projects/{made.project.pk}/framework/")
    if answer.status_code != 200:
        raise RuntimeError(f"the framework call answers {answer.status_code}: {answer.content[:300]!r}")
    results = json.loads(answer.content)["results"]
    if sum(len(one["indicators"]) for one in results) != len(made.indicators):
        raise RuntimeError("the framework call doesn't hold all indicators")


def _statements(made: Made) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = _client(made)
    _call(made, client)
    with CaptureQueriesContext(connection) as seen:
        _call(made, client)
    return len(seen)
