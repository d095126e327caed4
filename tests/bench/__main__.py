"""`python -m tests.bench [NAME ...] [--small]`: measures, prints a table, writes one JSON object; 1 on a miss.

A file `bench_<name>.py` beside this one has `measure(small) -> list[Figure]`, and `NEEDS_DATABASE = True` where it
works on rows: it then finds an empty, migrated database, on the server of DATABASE_URL or in a temporary folder.
"""

import argparse
import importlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import ModuleType

import django

HERE = Path(__file__).parent
RESULT = Path("bench.json")


def chosen(names: list[str]) -> list[ModuleType]:
    """The benchmark files whose name begins with one of the names; all without a name."""
    found = sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    wanted = [each for each in found if not names or each.startswith(tuple(names))]
    if not wanted:
        sys.exit(f"There is no benchmark of this name; there are: {', '.join(found)}.")
    return [importlib.import_module(f"tests.bench.bench_{each}") for each in wanted]


@contextmanager
def database(folder: str) -> Iterator[None]:
    """Empty, migrated databases; gone afterwards."""
    from django.db import connections
    from django.test.utils import setup_databases, teardown_databases

    for alias in connections:
        if connections[alias].vendor == "sqlite":
            connections[alias].settings_dict["TEST"]["NAME"] = f"{folder}/{alias}.sqlite3"
    kept = setup_databases(verbosity=0, interactive=False)
    try:
        yield
    finally:
        teardown_databases(kept, verbosity=0)


def main() -> int:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", help="only the benchmarks whose file name begins so")
    parser.add_argument("--small", action="store_true", help="smaller sizes, for a quick look")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kmop-bench-") as folder:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kmop.settings")
        os.environ["DATA_DIR"] = folder
        django.setup()
        # Memory is measured first, while this process is still small: a child begins with its parent's.
        modules = sorted(chosen(asked.names), key=lambda module: getattr(module, "NEEDS_DATABASE", False))
        figures = []
        for module in modules:
            with database(folder) if getattr(module, "NEEDS_DATABASE", False) else nullcontext():
                figures += module.measure(asked.small)
    result = {figure.name: figure.as_json() for figure in figures}
    for figure in figures:
        state = "ok  " if figure.is_ok else "MISS"
        row = f"{state} {figure.name:32} {figure.value:10.2f} of {figure.limit:g} {figure.unit:6} {figure.detail}"
        sys.stderr.write(f"{row}\n")
    RESULT.write_text(json.dumps(result, indent=1))
    sys.stdout.write(f"{json.dumps(result)}\n")
    return 0 if all(figure.is_ok for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
