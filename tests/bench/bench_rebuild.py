"""The seeded portfolio: all totals made anew, one approval at two sizes, and the nightly check, on PostgreSQL.

The full rebuild is compared with a plain `INSERT ... SELECT ... GROUP BY` of the same rows into a table of the same
shape; one approval at the full size with one at a tenth. In turn, seconds of processor of both sides, the median.
"""

import os
import subprocess
import sys
from collections.abc import Callable

from tests.bench.databases import at, seeded
from tests.bench.figures import Figure
from tests.bench.measuring import in_turn, processor

NEEDS_SEED = True
TIMES, MANY, LIMIT, GROWTH, MEGABYTES = 3, 60, 2, 1.3, 60
PLAIN = """INSERT INTO plain_actual (indicator_id, period_id, cell, numerator, denominator, count, minimum, maximum,
    latest, latest_denominator, stamp)
SELECT u.indicator_id, u.period_id, v.cell, SUM(v.numerator), SUM(v.denominator), COUNT(v.numerator),
    MIN(v.numerator), MAX(v.numerator), MAX(v.numerator), MAX(v.denominator), 1
FROM projects_update u JOIN projects_updatevalue v ON v.update_id = u.id
WHERE u.state = 'approved' AND u.superseded_at IS NULL GROUP BY u.indicator_id, u.period_id, v.cell"""


def measure(small: bool) -> list[Figure]:
    """All of them."""
    with at("full"):
        figures = [_rebuild(TIMES), _check()]
    return [*figures, _growth(MANY // 3 if small else MANY)]


def _rebuild(times: int) -> Figure:
    from django.db import connection, transaction

    from projects.models import Actual, UpdateValue
    from projects.services.rollup import roll_up_all

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE plain_actual (LIKE projects_actual INCLUDING ALL)")

        def plain() -> None:
            with transaction.atomic():
                cursor.execute("TRUNCATE plain_actual")
                cursor.execute(PLAIN)

        theirs, ours = in_turn([plain, roll_up_all], times)
        cursor.execute("DROP TABLE plain_actual")
    detail = (
        f"{ours:.1f} s against {theirs:.1f} s: {UpdateValue.objects.count()} values, {Actual.objects.count()} totals"
    )
    return Figure("rebuild_time", ours / theirs, LIMIT, "times", detail)


def _check() -> Figure:
    """The nightly check in a process of its own: the memory it takes above idle."""
    from django.db import connection

    here = {**os.environ, "BENCH_DATABASE": str(connection.settings_dict["NAME"])}
    call = "from tests.bench.bench_rebuild import child; child()"
    done = subprocess.run([sys.executable, "-c", call], capture_output=True, text=True, env=here)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    idle, most, spent, periods = map(float, done.stdout.split()[-4:])
    detail = f"{periods:.0f} periods in {spent:.0f} s of processor, {most:.0f} MB at most"
    return Figure("rebuild_check_memory", most - idle, MEGABYTES, "MB", detail)


def child() -> None:
    """Compare all totals; tells memory before and at most, seconds, and how many periods there were."""
    import django

    django.setup()
    from django.db import connection

    from projects.services.recomputation import compare

    connection.settings_dict["NAME"] = os.environ["BENCH_DATABASE"]
    connection.ensure_connection()
    idle, start = _status("VmRSS"), processor()
    done = compare()
    if done.differences:
        raise RuntimeError(f"{len(done.differences)} totals differ, so the figure would say nothing")
    sys.stdout.write(f"{idle} {_status('VmHWM')} {processor() - start} {done.periods}\n")


def _status(name: str) -> float:
    with open("/proc/self/status", encoding="ascii") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith(name))


def _growth(times: int) -> Figure:
    """One approved update, at a tenth and at the full size, each of another indicator that both hold."""
    places = ("tenth", "full")
    acts = [_approvals(name) for name in places]
    in_turn(acts, 3, places)
    few, many = in_turn(acts, times, places)
    detail = f"{many * 1000:.0f} ms at {seeded('full').projects} projects, {few * 1000:.0f} ms at a tenth"
    return Figure("rebuild_one_growth", many / few, GROWTH, "times", detail)


def _approvals(name: str) -> Callable[[], None]:
    """An act that approves the next waiting update of a portfolio."""
    from kmop.accounts.models import User
    from projects.models import Update
    from projects.services.updates import approve_update

    with at(name):
        rows = Update.objects.filter(state="submitted", indicator__project__countries__country="GR").order_by("pk")
        waiting = list(rows.values_list("pk", flat=True)[:200])

    def act() -> None:
        by = User.objects.get(pk=seeded(name).officer.pk)
        approve_update(update=Update.objects.select_related("indicator").get(pk=waiting.pop(0)), by=by)

    return act
