"""`python -m tests.bench [NAME ...] [--small]`: measures, prints a table, writes one JSON object; 1 on a miss.

A file `bench_<name>.py` beside this one has `measure(small) -> list[Figure]`. With `NEEDS_DATABASE = True` it finds an
empty, migrated database, on the server of DATABASE_URL or in a temporary folder; with `NEEDS_SEED = True` the seeded
portfolios of `seeds.py`, on PostgreSQL only. Without DATABASE_URL a PostgreSQL that answers on this machine is used.
"""

import argparse
import importlib
import json
import logging
import os
import socket
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType

import django

HERE = Path(__file__).parent
RESULT = Path("bench.json")
LOCAL = "postgres://postgres@127.0.0.1:5432/postgres"


def chosen(names: list[str]) -> list[ModuleType]:
    """The benchmark files whose name begins with one of the names; all without a name."""
    found = sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    wanted = [each for each in found if not names or each.startswith(tuple(names))]
    if not wanted:
        sys.exit(f"There is no benchmark of this name; there are: {', '.join(found)}.")
    return [importlib.import_module(f"tests.bench.bench_{each}") for each in wanted]


def needs(module: ModuleType) -> int:
    """0 nothing, 1 a database, 2 the seeded portfolios."""
    return 2 if getattr(module, "NEEDS_SEED", False) else int(getattr(module, "NEEDS_DATABASE", False))


def has_postgres() -> bool:
    """Whether something answers where PostgreSQL does by default."""
    try:
        socket.create_connection(("127.0.0.1", 5432), 1).close()
    except OSError:
        return False
    return True


def main() -> int:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", help="only the benchmarks whose file name begins so")
    parser.add_argument("--small", action="store_true", help="smaller sizes, for a quick look")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kmop-bench-") as folder, ExitStack() as kept:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kmop.settings")
        os.environ["DATA_DIR"] = folder
        if has_postgres():
            os.environ.setdefault("DATABASE_URL", LOCAL)
        django.setup()
        logging.disable(logging.WARNING)  # a line a request would bury the table
        figures = measured(chosen(asked.names), small=asked.small, folder=folder, kept=kept)
    result = {figure.name: figure.as_json() for figure in figures}
    for figure in figures:
        state = "ok  " if figure.is_ok else "MISS"
        goal = "" if figure.goal is None else f"(goal {figure.goal:g}) "
        row = f"{state} {figure.name:32} {figure.value:10.2f} of {figure.limit:g} {figure.unit:6} {goal}{figure.detail}"
        sys.stderr.write(f"{row}\n")
    RESULT.write_text(json.dumps(result, indent=1))
    sys.stdout.write(f"{json.dumps(result)}\n")
    return 0 if all(figure.is_ok for figure in figures) else 1


def measured(modules: list[ModuleType], *, small: bool, folder: str, kept: ExitStack) -> list[object]:
    """The figures of these benchmarks, each on a database of its own; those of the seed share two."""
    from tests.bench import databases

    # Memory is measured first, while this process is still small: a child begins with its parent's.
    modules = sorted(modules, key=needs)
    if not databases.is_postgres() and any(needs(one) == 2 for one in modules):
        sys.stderr.write("Without PostgreSQL the seeded portfolio is not measured: set DATABASE_URL.\n")
        modules = [one for one in modules if needs(one) < 2]
    figures = []
    if any(map(needs, modules)):
        kept.enter_context(databases.template(folder))
    for module in modules:
        with ExitStack() as own:
            if needs(module) == 1:
                own.enter_context(databases.empty())
            elif needs(module) == 2:
                databases.seed_once(small=small, kept=kept)
            figures += module.measure(small)
    return figures


if __name__ == "__main__":
    sys.exit(main())
