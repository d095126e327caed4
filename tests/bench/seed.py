"""A whole portfolio by set-based SQL, on PostgreSQL: 2,000 projects with 1.2 million updates, or any part of it.

Each project has 5 results, 15 indicators broken down by sex and age with 13 or 14 monthly periods, and 3 partners that
report a total and 6 cells each. The last period of each indicator has an update that waits for review. Ids are given,
so that a smaller portfolio is the beginning of a larger one, and the same users look at both.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

PROJECTS, INDICATORS, RESULTS, ORGANISATIONS, REPORTING = 2000, 15, 5, 40, 3
FIRST_DAY = "DATE '2025-10-01'"
CELLS = ("", "sex:female", "sex:male", "age:0-5", "age:18-24", "age:65+", "age:not_stated")
PERIOD = """(SELECT row_number() OVER (ORDER BY i, n) AS id, i, n,
    ({first} + (n - 1) * INTERVAL '1 month')::date AS starts_on, ({first} + n * INTERVAL '1 month')::date AS after,
    n = 13 + (i % 3 = 0)::int AS is_last
    FROM generate_series(1, {indicators}) i, generate_series(1, 13 + (i % 3 = 0)::int) n) p"""


@dataclass(frozen=True)
class Seeded:
    """Who looks at the portfolio, and how large it is."""

    manager: Any
    officer: Any
    contributor: Any
    projects: int

    @property
    def indicators(self) -> int:
        """How many there are; their ids are 1 to this."""
        return self.projects * INDICATORS


def seed(projects: int = PROJECTS) -> Seeded:
    """Fill the empty database behind the connection; totals are rolled up and the planner has its statistics."""
    from django.db import connection

    from projects.services.rollup import roll_up_all

    seeded = _people(projects)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        _plan(cursor, projects)
        _reported(cursor, projects)
        cursor.execute("SET session_replication_role = origin; RESET synchronous_commit")
    analyse()
    roll_up_all()
    analyse()
    return seeded


def analyse() -> None:
    """What autovacuum would do in its own time."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def _people(projects: int) -> Seeded:
    from kmop.accounts.choices import PortalRole
    from tests import factories

    manager = factories.make_user("seed-manager", PortalRole.PORTFOLIO_MANAGER)
    officer, contributor = factories.make_user("seed-officer"), factories.make_user("seed-contributor")
    organisations = [factories.make_organisation(f"SEED-{number:02}") for number in range(ORGANISATIONS)]
    factories.make_role(officer, "me_officer", country="GR")
    factories.make_member(contributor, organisations[REPORTING % ORGANISATIONS])
    for code in ("sex", "age"):
        factories.make_dimension(code)
    return Seeded(manager, officer, contributor, projects)


def _plan(cursor: Any, projects: int) -> None:
    """Projects, frameworks, periods and targets."""
    from partners.models import Organisation
    from projects import models

    first = Organisation.objects.get(code="SEED-00").pk
    indicators = projects * INDICATORS
    of_projects = f"generate_series(1, {projects}) n"
    _insert(
        cursor,
        models.Project,
        of_projects,
        id="n",
        code="'SEED-' || to_char(n, 'FM00000')",
        titles="jsonb_build_object('en', 'Project ' || n)",
        status="(ARRAY['active', 'active', 'active', 'closing', 'design'])[1 + n % 5]",
        starts_on=FIRST_DAY,
        ends_on="DATE '2027-12-31'",
        is_published="n % 2 = 0",
        search_text="'seed-' || to_char(n, 'FM00000') || ' project ' || n",
    )
    country = "(ARRAY['GR', 'IT', 'CY', 'BG', 'RO'])[1 + n % 5]"
    _insert(cursor, models.ProjectCountry, of_projects, id="n", project_id="n", country=country)
    _insert(
        cursor,
        models.Partnership,
        f"generate_series(1, {projects}) n, generate_series(0, {REPORTING - 1}) k",
        id=f"(n - 1) * {REPORTING} + k + 1",
        project_id="n",
        organisation_id=f"{first} + (n * {REPORTING} + k) % {ORGANISATIONS}",
        role="'implementing'",
        reports="true",
    )
    _insert(
        cursor,
        models.Result,
        f"generate_series(1, {projects}) n, generate_series(1, {RESULTS}) k",
        id=f"(n - 1) * {RESULTS} + k",
        project_id="n",
        level="CASE WHEN k <= 2 THEN 'outcome' ELSE 'output' END",
        code="k::text",
        titles="jsonb_build_object('en', 'Result ' || k)",
        order='k',
    )  # fmt: skip
    _insert(
        cursor,
        models.Indicator,
        f"generate_series(1, {projects}) n, generate_series(1, {INDICATORS}) k",
        id=f"(n - 1) * {INDICATORS} + k",
        project_id="n",
        result_id=f"(n - 1) * {RESULTS} + 1 + k % {RESULTS}",
        code="'I' || k",
        titles="jsonb_build_object('en', 'Indicator ' || k)",
        is_cumulative="k % 5 = 0",
        order='k',
        search_text="'indicator ' || k",
    )  # fmt: skip
    for number, code in enumerate(("sex", "age")):
        _insert(
            cursor,
            models.Indicator.dimensions.through,
            f"generate_series(1, {indicators}) i",
            id=f"{number * indicators} + i",
            indicator_id="i",
            dimension_id=str(models.Dimension.objects.get(code=code).pk),
        )
    periods = PERIOD.format(first=FIRST_DAY, indicators=indicators)
    _insert(
        cursor,
        models.Period,
        periods,
        id="id",
        indicator_id="i",
        starts_on="starts_on",
        ends_on="after - 1",
        due_on="after + 29",
        opened_at="now()",
    )
    _insert(cursor, models.Target, periods, id="id", indicator_id="i", period_id="id", numerator="30 * 1000000")
    _insert(cursor, models.Baseline, f"generate_series(1, {indicators}) i", id="i", indicator_id="i", numerator="0")


def _reported(cursor: Any, projects: int) -> None:
    """Updates with their values, and what is owed."""
    from partners.models import Organisation
    from projects import models

    first = Organisation.objects.get(code="SEED-00").pk
    user = models.Update._meta.get_field("created_by").related_model.objects.get(name="seed-contributor").pk
    periods = PERIOD.format(first=FIRST_DAY, indicators=projects * INDICATORS)
    source = f"{periods}, generate_series(0, {REPORTING - 1}) k"
    organisation = f"{first} + (((i - 1) / {INDICATORS} + 1) * {REPORTING} + k) % {ORGANISATIONS}"
    keys = {"id": f"(p.id - 1) * {REPORTING} + k + 1", "indicator_id": "i", "period_id": "p.id"}
    waits = f"is_last AND k = {REPORTING - 1}"
    with without_indexes(cursor, models.Update, models.UpdateValue, models.Obligation):
        _insert(
            cursor,
            models.Update,
            source,
            **keys,
            organisation_id=organisation,
            state=f"CASE WHEN {waits} THEN 'submitted' ELSE 'approved' END",
            created_by_id=str(user),
            submitted_by_id=str(user),
            submitted_at="after + INTERVAL '5 days'",
            decided_at=f"CASE WHEN {waits} THEN NULL ELSE after + INTERVAL '9 days' END",
        )
        _insert(
            cursor,
            models.Obligation,
            source,
            **keys,
            organisation_id=organisation,
            due_on="after + 29",
            update_id=keys["id"],
        )
        cells = ", ".join(f"({number}, '{cell}')" for number, cell in enumerate(CELLS))
        _insert(
            cursor,
            models.UpdateValue,
            f"projects_update u, (VALUES {cells}) AS c (number, cell)",
            id=f"(u.id - 1) * {len(CELLS)} + number + 1",
            update_id="u.id",
            cell="cell",
            numerator="CASE WHEN number = 0 THEN 12 WHEN number < 3 THEN 6 ELSE 3 END * 1000000::bigint",
        )


def _insert(cursor: Any, model: Any, source: str, **given: str) -> None:
    """Rows of a model from a FROM clause: the columns given by expressions, all others as a new row has them."""
    from django.db import connection

    blank = model()
    columns, expressions, parameters = [], [], []
    for one in model._meta.concrete_fields:
        columns.append(connection.ops.quote_name(one.column))
        if one.column in given:
            expressions.append(given.pop(one.column))
        else:
            value = one.get_db_prep_save(one.pre_save(blank, add=True), connection)
            expressions.append("%s")
            parameters.append(value)
    if given:
        raise LookupError(f"{model.__name__} has no column {', '.join(given)}")
    escaped = [one if one == "%s" else one.replace("%", "%%") for one in expressions]
    table = model._meta.db_table
    sql = f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(escaped)} FROM {source.replace('%', '%%')}"
    cursor.execute(sql, parameters)
    cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")


@contextmanager
def without_indexes(cursor: Any, *models: Any) -> Iterator[None]:
    """Inside, these tables have only their unique indexes; the others are made anew afterwards, as a restore does."""
    tables = [one._meta.db_table for one in models]
    cursor.execute(
        "SELECT i.relname, pg_get_indexdef(x.indexrelid) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid "
        "JOIN pg_class t ON t.oid = x.indrelid WHERE t.relname = ANY(%s) AND NOT x.indisunique",
        [tables],
    )
    indexes = cursor.fetchall()
    for name, _definition in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    yield
    for _name, definition in indexes:
        cursor.execute(definition)
