"""Extra memory for a workbook of 100,000 rows of 12 columns, over that of a process that has loaded the portal.

Two doors: the export of a list, whose rows stream, and a report, whose document holds its rows. Each in a process of
its own, so that nothing measured before counts.
"""

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import django

from tests.bench.figures import Figure

ROWS, SMALL_ROWS = 100_000, 20_000
LIMIT = 150
KILOBYTES = 1024
FIRST_DAY = date(2024, 1, 1)
HEADS = ("Code", "Partner", "Place", "Target", "Plan", "Actual", "Share", "Spent", "State", "Due", "Sent", "Remark")


def rows(count: int) -> Iterator[tuple[object, ...]]:
    """Rows as a list of updates has them: words, numbers, a share, money and dates, each cell an object of its own."""
    for number in range(count):
        day = FIRST_DAY + timedelta(days=number % 1000)
        yield (
            f"STR-{number}",
            f"Partner organisation {number % 97}",
            f"Region {number % 13}",
            Decimal(number),
            Decimal(number) / 2,
            Decimal(number) / 3,
            Decimal(number % 100) / 100,
            Decimal(number * 100 + 50) / 100,
            f"approved {number % 7}",
            day,
            day + timedelta(days=3),
            f"Remark on row {number}",
        )


def export(count: int) -> None:
    """The rows as the export of a list."""
    from kmop.shared.exports import xlsx_file

    xlsx_file("Updates", HEADS, rows(count)).close()


def report(count: int) -> None:
    """The rows as a report's table, frozen and rendered."""
    from reports.renderers import xlsx

    with tempfile.TemporaryFile() as out:
        xlsx.write(document(count), out)


def document(count: int):  # type: ignore[no-untyped-def]  # its type is imported in the child only
    """A report with one long table."""
    from reports.catalogue import blocks as b
    from tests.factories_documents import META

    kinds = [b.Kind.TEXT] * 3 + [b.Kind.NUMBER] * 3 + [b.Kind.PERCENT, b.Kind.MONEY, b.Kind.TEXT, b.Kind.DATE]
    kinds += [b.Kind.DATE, b.Kind.TEXT]
    columns = tuple(b.Column(head, kind) for head, kind in zip(HEADS, kinds, strict=True))
    return b.Document("All updates", "en", META, blocks=(b.Table("Updates", columns, tuple(rows(count))),))


WAYS: dict[str, Callable[[int], None]] = {"export": export, "report": report}


def child(way: str, count: int) -> None:
    """In a process of its own: the memory before, and the most that was used."""
    django.setup()
    WAYS[way](10)
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    before = pages * resource.getpagesize() / KILOBYTES
    WAYS[way](count)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sys.stdout.write(json.dumps({"before": before, "most": most}))


def measure(small: bool) -> list[Figure]:
    """The extra megabytes of both doors."""
    count = SMALL_ROWS if small else ROWS
    figures = []
    for way in WAYS:
        call = f"from tests.bench.bench_xlsx import child; child({way!r}, {count})"
        done = subprocess.run([sys.executable, "-c", call], capture_output=True, check=True, text=True)
        seen = json.loads(done.stdout)
        extra = max(0, seen["most"] - seen["before"]) / KILOBYTES
        detail = f"{count} rows x {len(HEADS)} over {seen['before'] / KILOBYTES:.0f} MB"
        figures.append(Figure(f"xlsx_{way}_memory", extra, LIMIT, "MB", detail))
    return figures
