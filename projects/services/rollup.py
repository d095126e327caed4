"""Stored totals: one set-based statement writes the components of the touched periods, a second clears vanished cells.

Incremental indicators: the approved updates of the period. Cumulative ones: for each partner and place the newest
approved update up to the period, so that an approval also touches the later periods of its indicator. The values are
whole millionths; nothing is multiplied or divided here. What the columns mean says `calculation.values.Components`.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.db import DataError, OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _

from kmop.shared.errors import RuleBroken
from projects.models import Indicator, Period

# A number counts; "not applicable" and 0 of 0 answer without counting; no number at all says nothing.
_COUNTS = "(v.state = 'reported' AND v.numerator IS NOT NULL AND (v.denominator IS NULL OR v.denominator <> 0))"
_NOBODY = "(v.state = 'not_applicable' OR (v.state = 'reported' AND v.numerator = 0 AND v.denominator = 0))"
_COUNTED_UPDATE = "u.state = 'approved' AND u.superseded_at IS NULL"
_MOMENT = "COALESCE(u.submitted_at, u.created_at)"

# The periods to write: those given, and for running totals the later ones of the same indicator.
_OF_PERIODS = """
    SELECT p.id, p.indicator_id, p.ends_on FROM projects_period p
    JOIN projects_indicator i ON i.id = p.indicator_id AND NOT i.is_cumulative WHERE p.id IN ({ids})
    UNION
    SELECT p.id, p.indicator_id, p.ends_on FROM projects_period p
    JOIN projects_indicator i ON i.id = p.indicator_id AND i.is_cumulative
    JOIN projects_period t ON t.indicator_id = p.indicator_id AND t.ends_on <= p.ends_on WHERE t.id IN ({ids})"""
_OF_INDICATORS = "SELECT id, indicator_id, ends_on FROM projects_period WHERE indicator_id IN ({ids})"
_OF_ALL = "SELECT id, indicator_id, ends_on FROM projects_period"

# The pieces are constants of this file; ids travel as parameters.
_CHOSEN = f"""
    SELECT t.id AS period_id, t.indicator_id, u.id AS update_id, t.ends_on, {_MOMENT} AS moment,
        i.is_remapped, i.measure
    FROM touched t
    JOIN projects_indicator i ON i.id = t.indicator_id AND NOT i.is_cumulative
    JOIN projects_update u ON u.period_id = t.id AND {_COUNTED_UPDATE}
    UNION ALL
    SELECT period_id, indicator_id, update_id, ends_on, moment, is_remapped, measure FROM (
        SELECT t.id AS period_id, t.indicator_id, u.id AS update_id, p.ends_on, {_MOMENT} AS moment,
            i.is_remapped, i.measure,
            ROW_NUMBER() OVER (
                PARTITION BY i.is_remapped, t.id, u.organisation_id, u.place_id
                ORDER BY (CASE WHEN EXISTS (SELECT 1 FROM projects_updatevalue v
                    WHERE v.update_id = u.id AND {_COUNTS})
                    THEN 0 ELSE 1 END), p.ends_on DESC, {_MOMENT} DESC, u.id DESC
            ) AS place_in_line
        FROM touched t
        JOIN projects_indicator i ON i.id = t.indicator_id AND i.is_cumulative
        JOIN projects_update u ON u.indicator_id = t.indicator_id AND {_COUNTED_UPDATE}
        JOIN projects_period p ON p.id = u.period_id AND p.ends_on <= t.ends_on
    ) AS running WHERE place_in_line = 1"""  # noqa: S608 - constants only

# Where categories changed: cells under their new names; what meets in one cell of one update is one value.
_MET = f"""
    SELECT c.period_id, c.indicator_id, c.update_id, c.ends_on, c.moment, c.measure,
        COALESCE(m.becomes, v.cell) AS cell,
        SUM(CASE WHEN {_COUNTS} THEN 1 ELSE 0 END) AS numbers,
        SUM(CASE WHEN {_COUNTS} AND v.denominator IS NOT NULL THEN 1 ELSE 0 END) AS parted,
        SUM(CASE WHEN {_COUNTS} THEN v.numerator END) AS top,
        SUM(CASE WHEN {_COUNTS} THEN v.denominator END) AS bottom,
        MAX(CASE WHEN {_NOBODY} THEN 1 ELSE 0 END) AS nobody,
        MAX(CASE WHEN {_NOBODY} THEN v.denominator END) AS bottom_of_nobody
    FROM chosen c
    JOIN projects_updatevalue v ON v.update_id = c.update_id
    LEFT JOIN projects_cellmapping m ON m.indicator_id = c.indicator_id AND m.cell = v.cell
    WHERE c.is_remapped AND (m.becomes IS NULL OR m.becomes <> '')
    GROUP BY c.period_id, c.indicator_id, c.update_id, c.ends_on, c.moment, c.measure, COALESCE(m.becomes, v.cell)
"""  # noqa: S608 - constants only

_ADDED = "(numbers = 1 OR (numbers > 1 AND (measure IN ('count', 'amount') OR parted = numbers)))"
_REMAPPED = f"""
    SELECT period_id, indicator_id, update_id, ends_on, moment, cell,
        CAST(CASE WHEN numbers > 0 THEN top ELSE 0 END AS BIGINT) AS numerator,
        CAST(CASE WHEN numbers = 0 THEN bottom_of_nobody WHEN parted = numbers THEN bottom END AS BIGINT)
            AS denominator,
        CASE WHEN {_ADDED} THEN 1 ELSE 0 END AS counts,
        CASE WHEN numbers = 0 THEN nobody ELSE 0 END AS nobody
    FROM met"""  # noqa: S608 - constants only

_SAID = f"""
    SELECT c.period_id, c.indicator_id, v.cell, v.numerator, v.denominator,
        CASE WHEN {_COUNTS} THEN 1 ELSE 0 END AS counts, CASE WHEN {_NOBODY} THEN 1 ELSE 0 END AS nobody,
        ROW_NUMBER() OVER (
            PARTITION BY c.period_id, v.cell
            ORDER BY (CASE WHEN {_COUNTS} THEN 0 ELSE 1 END), c.ends_on DESC, c.moment DESC, c.update_id DESC
        ) AS place_in_line
    FROM chosen c JOIN projects_updatevalue v ON v.update_id = c.update_id"""  # noqa: S608 - constants only

# The same where some of the indicators are remapped: each branch reads `chosen` for its own.
_SAID_OF_BOTH = f"""{_SAID} WHERE NOT c.is_remapped
    UNION ALL
    SELECT period_id, indicator_id, cell, numerator, denominator, counts, nobody,
        ROW_NUMBER() OVER (
            PARTITION BY period_id, cell ORDER BY (1 - counts), ends_on DESC, moment DESC, update_id DESC
        ) AS place_in_line
    FROM remapped"""  # noqa: S608 - constants only

_COLUMNS = """indicator_id, period_id, cell, numerator, denominator, count, minimum, maximum, latest,
    latest_denominator"""

# One order of sorting serves the newest value and the groups: an indicator's id adds nothing to its period's.
_TOTALS = """
SELECT MIN(indicator_id) AS indicator_id, period_id, cell,
    CASE WHEN SUM(counts) > 0 THEN SUM(CASE WHEN counts = 1 THEN numerator END)
        WHEN SUM(nobody) > 0 THEN 0 END AS numerator,
    CASE WHEN SUM(counts) = 0
            THEN MAX(CASE WHEN nobody = 1 AND denominator IS NOT NULL THEN 0 END)
        WHEN SUM(CASE WHEN counts = 1 AND denominator IS NOT NULL THEN 1 ELSE 0 END) = SUM(counts)
            THEN SUM(CASE WHEN counts = 1 THEN denominator END) END AS denominator,
    SUM(counts) AS count,
    MIN(CASE WHEN counts = 1 THEN numerator END) AS minimum, MAX(CASE WHEN counts = 1 THEN numerator END) AS maximum,
    MAX(CASE WHEN counts = 1 AND place_in_line = 1 THEN numerator END) AS latest,
    MAX(CASE WHEN counts = 1 AND place_in_line = 1 THEN denominator END) AS latest_denominator
FROM said WHERE counts = 1 OR nobody = 1 GROUP BY period_id, cell"""

_PLAIN = f"WITH touched AS ({{touched}}), chosen AS ({_CHOSEN}), said AS ({_SAID})"
_BOTH = f"""
WITH touched AS ({{touched}}), chosen AS NOT MATERIALIZED ({_CHOSEN}), met AS ({_MET}), remapped AS ({_REMAPPED}),
    said AS ({_SAID_OF_BOTH})"""
_REPLACE = """
ON CONFLICT (period_id, cell) DO UPDATE SET numerator = excluded.numerator, denominator = excluded.denominator,
    count = excluded.count, minimum = excluded.minimum, maximum = excluded.maximum, latest = excluded.latest,
    latest_denominator = excluded.latest_denominator, stamp = excluded.stamp"""
_WRITE = f"""
, totals AS ({_TOTALS})
INSERT INTO projects_actual ({_COLUMNS}, stamp) SELECT {_COLUMNS}, %s FROM totals WHERE true
{_REPLACE}"""  # noqa: S608 - constants only

_CLEAR = """
WITH touched AS ({touched}) DELETE FROM projects_actual WHERE period_id IN (SELECT id FROM touched) AND stamp <> %s"""

# The full rebuild makes the same totals beside the table, and then touches only the rows that differ.
_BESIDE = "CREATE TEMPORARY TABLE rebuilt AS {said} {totals}"
_DIFFERS = " OR ".join(
    f"a.{name} IS DISTINCT FROM r.{name}"
    for name in ("numerator", "denominator", "count", "minimum", "maximum", "latest", "latest_denominator")
)
_REBUILD = (
    """DELETE FROM projects_actual WHERE id IN (SELECT a.id FROM projects_actual a
    LEFT JOIN rebuilt r ON r.period_id = a.period_id AND r.cell = a.cell WHERE r.period_id IS NULL)""",
    f"""INSERT INTO projects_actual ({_COLUMNS}, stamp) SELECT {_COLUMNS}, %s FROM (
    SELECT r.* FROM rebuilt r LEFT JOIN projects_actual a ON a.period_id = r.period_id AND a.cell = r.cell
    WHERE a.id IS NULL OR {_DIFFERS}) AS differing WHERE true
    {_REPLACE}""",  # noqa: S608 - constants only
    "DROP TABLE rebuilt",
)
_AT_LENGTH = "SET LOCAL work_mem = '128MB'"


def roll_up(period_ids: Iterable[int], *, remapped: bool = True) -> None:
    """Write the totals of these periods (and of later ones where totals run on) anew.

    Call it inside the transaction of the act, after `lock_indicators`, which tells whether categories of any of them
    became others (`remapped`; the shorter statement is right where none did). Two statements, whatever the rows.
    """
    _write(_OF_PERIODS, 2, sorted(set(period_ids)), remapped=remapped)


def roll_up_indicators(indicator_ids: Iterable[int]) -> None:
    """Write the totals of all periods of these indicators anew. See `roll_up`."""
    _write(_OF_INDICATORS, 1, sorted(set(indicator_ids)), remapped=True)


@transaction.atomic
def roll_up_all() -> int:
    """Make all totals anew from the same statement, and write those that differ; returns the number of periods."""
    remapped = lock_indicators(Indicator.objects.values_list("pk", flat=True))
    said = (_BOTH if remapped else _PLAIN).format(touched=_OF_ALL)
    with connection.cursor() as cursor, _told_where_too_large():
        if connection.vendor == "postgresql":
            cursor.execute(_AT_LENGTH)
        cursor.execute(_BESIDE.format(said=said, totals=_TOTALS))
        for statement_ in _REBUILD:
            cursor.execute(statement_, [time.time_ns()] if "%s" in statement_ else [])
    return Period.objects.count()


def lock_indicators(indicator_ids: Iterable[int]) -> bool:
    """Lock these indicators in the order of their ids: approvals that meet in one total wait for each other.

    Without it two of them would each add up without the other's update (READ COMMITTED). SQLite has one writer anyway.
    Tells whether categories of any of them became others.
    """
    rows = Indicator.objects.filter(pk__in=sorted(set(indicator_ids))).order_by("pk")
    flags = rows.select_for_update(no_key=True).values_list("is_remapped", flat=True)
    return any(list(flags.iterator()))


def statement(period_ids: Sequence[int]) -> tuple[str, list[int]]:
    """The statement that writes the totals of these periods, and its parameters, for whoever compares with it."""
    given = _OF_PERIODS.format(ids=", ".join(["%s"] * len(period_ids)))
    return (_PLAIN + _WRITE).format(touched=given), [*period_ids, *period_ids, time.time_ns()]


def _write(touched: str, times: int, ids: Sequence[int], *, remapped: bool) -> None:
    if not ids:
        return
    given = touched.format(ids=", ".join(["%s"] * len(ids)))
    parameters = [*(list(ids) * times), time.time_ns()]
    with connection.cursor() as cursor, _told_where_too_large():
        cursor.execute(((_BOTH if remapped else _PLAIN) + _WRITE).format(touched=given), parameters)
        cursor.execute(_CLEAR.format(touched=given), parameters)


@contextmanager
def _told_where_too_large() -> Iterator[None]:
    """A sum beyond the column is a rule that is broken, and names it; every other fault of the database stays one."""
    try:
        yield
    except (DataError, OperationalError) as error:
        if not isinstance(error, DataError) and "overflow" not in str(error):
            raise
        raise RuleBroken(_("The total is larger than 9,000,000,000,000 and can't be kept."), "too_large") from error
