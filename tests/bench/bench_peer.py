"""The case at which a peer was measured (Akvo RSR on the same kind of machine), here in seconds of processor.

One project of 5 results x 10 indicators x 8 periods x 3 approved updates with sex (2) and age (4); then 200
indicators; then a list of 2,000 projects. Seconds are those of this process and of its server process together; the
whole request is counted, authentication included.
"""

import json
import os
import subprocess
import sys
from dataclasses import replace

from tests.bench.figures import Figure
from tests.bench.measuring import browser, get, seconds, statements
from tests.bench.portfolio import Made, make_portfolio, report

NEEDS_DATABASE = True
SIZES, RESULTS, PERIODS = (50, 200), 5, 8
PAGE_SECONDS = {50: 0.2, 200: 0.7}
PAGE_STATEMENTS, MEGABYTES = 12, 120
ACT_STATEMENTS, ACTS_A_SECOND = 60, 20
PDF_SECONDS, PDF_STATEMENTS = 3, 40
PROJECTS, LIST_SECONDS, LIST_STATEMENTS = 2000, 0.1, 15

# What is held today, where the goal is not reached yet.
HELD = {
    "peer_results_page_statements": 25,
    "peer_results_page_statements_200": 25,
    "peer_act_cpu": 0.25,
    "peer_pdf_statements": 66,
    "peer_list_page_cpu": 0.35,
    "peer_list_page_statements": 26,
}


def measure(small: bool) -> list[Figure]:
    """All figures of the case, at the peer's own sizes also where `small` asks for fewer turns."""
    from projects.services.rollup import roll_up_all

    made = {size: _made(size) for size in SIZES}
    roll_up_all()
    times = 3 if small else 7
    figures = [one for size in SIZES for one in _pages(made[size], size, times)]
    figures += [_memory(made[SIZES[-1]]), *_act(made[SIZES[0]], 10 if small else 40), *_pdf(made[SIZES[0]])]
    figures += _list(made[SIZES[0]], times)
    return [_held(one, small) for one in figures]


def _held(one: Figure, small: bool) -> Figure:
    """The figure with what is held today; a quick look, beside other work, may take twice the seconds."""
    limit = HELD.get(one.name, one.limit) * (2 if small and one.unit == "s" else 1)
    return one if limit == one.limit else replace(one, limit=limit, goal=one.limit)


def _made(size: int) -> Made:
    made = make_portfolio(f"PEER-{size}", indicators=size, periods=PERIODS + 1, results=RESULTS)
    report(made, state="approved", periods=[one for one in made.periods if one.starts_on.month <= PERIODS])
    return made


def _pages(made: Made, size: int, times: int) -> list[Figure]:
    client = browser(made.officer)
    addresses = {
        "results_page": f"/projects/{made.project.pk}/results/",
        "framework": f"/api/v1/projects/{made.project.pk}/framework/",
    }
    suffix = "" if size == SIZES[0] else f"_{size}"
    figures = []
    for name, path in addresses.items():
        get(client, path)
        count = len(statements(lambda path=path: get(client, path)))  # type: ignore[misc]
        spent = seconds(lambda path=path: get(client, path), times)  # type: ignore[misc]
        detail = f"{size} indicators, {len(get(client, path)) // 1000} kB"
        figures += [
            Figure(f"peer_{name}_cpu{suffix}", spent, PAGE_SECONDS[size], "s", detail),
            Figure(f"peer_{name}_statements{suffix}", count, PAGE_STATEMENTS, "count", detail),
        ]
    return figures


def _memory(made: Made) -> Figure:
    """What one process needs above idle for the page and the call of 200 indicators."""
    from django.db import connection

    call = f"from tests.bench.bench_peer import child; child({made.project.pk}, {made.officer.pk})"
    here = {**os.environ, "BENCH_DATABASE": str(connection.settings_dict["NAME"])}
    done = subprocess.run([sys.executable, "-c", call], capture_output=True, text=True, env=here)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    seen = json.loads(done.stdout.splitlines()[-1])
    detail = f"{seen['most']:.0f} MB at most, {seen['idle']:.0f} MB idle"
    return Figure("peer_memory_200", seen["most"] - seen["idle"], MEGABYTES, "MB", detail)


def child(project: int, officer: int) -> None:
    """In a process of its own: the memory after a small page, and the most of the large ones."""
    import django

    django.setup()
    from django.db import connection

    from kmop.accounts.models import User

    connection.settings_dict["NAME"] = os.environ["BENCH_DATABASE"]
    client = browser(User.objects.get(pk=officer))
    get(client, "/api/v1/me/")
    get(client, f"/projects/{project}/partners/")
    idle = _status("VmRSS")
    get(client, f"/projects/{project}/results/")
    get(client, f"/api/v1/projects/{project}/framework/")
    sys.stdout.write(json.dumps({"idle": idle, "most": _status("VmHWM")}) + "\n")


def _status(name: str) -> float:
    with open("/proc/self/status", encoding="ascii") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith(name))


def _act(made: Made, times: int) -> list[Figure]:
    """Post, approve, roll up: by REST, each by whom it belongs to."""
    contributor, officer = browser(made.contributor), browser(made.officer)
    waiting = [one for one in made.periods if one.starts_on.month > PERIODS]

    def act() -> None:
        period = waiting.pop()
        given = {
            "indicator": period.indicator_id,
            "period": period.pk,
            "total": "12",
            "values": [
                {"value": "7", "disaggregation": {"sex": "female"}},
                {"value": "5", "disaggregation": {"sex": "male"}},
                {"value": "9", "disaggregation": {"age": "18-24"}},
                {"value": "3", "disaggregation": {"age": "65+"}},
            ],
            "state": "submitted",
        }
        made_ = contributor.post("/api/v1/updates/", json.dumps(given), content_type="application/json")
        if made_.status_code != 201:
            raise RuntimeError(f"posting answers {made_.status_code}: {made_.content[:300]!r}")
        path = f"/api/v1/updates/{made_.json()['id']}/approve/"
        done = officer.post(path, b"{}", content_type="application/json", headers={"If-Match": made_["ETag"]})
        if done.status_code != 200:
            raise RuntimeError(f"approving answers {done.status_code}: {done.content[:300]!r}")

    act()
    count = len(statements(act))
    spent = seconds(act, times)
    return [
        Figure("peer_act_statements", count, ACT_STATEMENTS, "count", "post, approve and roll up one update"),
        Figure("peer_act_cpu", spent, 1 / ACTS_A_SECOND, "s", f"{1 / spent:.0f} a second of processor"),
    ]


def _pdf(made: Made) -> list[Figure]:
    """The progress report as a PDF, from asking to the file."""
    from kmop.accounts.models import User
    from reports.catalogue.registry import report_of
    from reports.services.runs import ask_for_report, make_now

    def act() -> None:
        by = User.objects.get(pk=made.officer.pk)
        params = {"project": made.project.code, "as_of": "2020-09-30"}
        run = ask_for_report(report=report_of("project-progress"), params=params, formats=["pdf"], by=by)
        if make_now(run=run).now != "done":
            raise RuntimeError("the report is not made, so the figure would say nothing")

    act()
    count = len(statements(act))
    spent = seconds(act, 3)
    return [
        Figure("peer_pdf_cpu", spent, PDF_SECONDS, "s", f"{len(made.indicators)} indicators, asked for to written"),
        Figure("peer_pdf_statements", count, PDF_STATEMENTS, "count", "asked for to written"),
    ]


def _list(made: Made, times: int) -> list[Figure]:
    """Any page of 2,000 projects, on the page and by REST."""
    from django.utils import timezone

    from kmop.accounts.choices import PortalRole
    from kmop.accounts.models import RoleGrant
    from projects.models import Project, ProjectCountry
    from reports.services.standings import refresh_standings

    rows = [Project(code=f"LIST-{number:04}", titles={"en": f"Project {number}"}) for number in range(PROJECTS)]
    Project.objects.bulk_create(rows)
    ProjectCountry.objects.bulk_create(ProjectCountry(project=one, country="GR") for one in rows)
    RoleGrant.objects.create(user=made.officer, role=PortalRole.PORTFOLIO_MANAGER)
    refresh_standings(day=timezone.localdate())
    client = browser(made.officer)
    pages = ["/projects/", "/projects/?page=40", "/projects/?sort=-ends&page=80", "/projects/?view=table&page=2"]
    calls = ["/api/v1/projects/", "/api/v1/projects/?ordering=-updated_at", "/api/v1/projects/?search=project+19"]
    figures = []
    for name, paths in (("page", pages), ("call", calls)):
        get(client, paths[0])
        counts = {path: len(statements(lambda path=path: get(client, path))) for path in paths}  # type: ignore[misc]
        spent = {path: seconds(lambda path=path: get(client, path), times) for path in paths}  # type: ignore[misc]
        slowest, most = max(paths, key=spent.__getitem__), max(paths, key=counts.__getitem__)
        figures += [
            Figure(f"peer_list_{name}_cpu", spent[slowest], LIST_SECONDS, "s", f"{PROJECTS} projects, {slowest}"),
            Figure(f"peer_list_{name}_statements", counts[most], LIST_STATEMENTS, "count", most),
        ]
    return figures
