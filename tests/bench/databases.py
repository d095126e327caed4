"""The databases of a benchmark: migrated once, copied for each benchmark, and two that hold a seeded portfolio."""

import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test.utils import setup_databases, teardown_databases

from tests.bench.seed import PROJECTS, Seeded, seed

_seeded: dict[str, Seeded] = {}


def is_postgres() -> bool:
    """Whether the portal runs on PostgreSQL here."""
    return connection.vendor == "postgresql"


@contextmanager
def template(folder: str) -> Iterator[None]:
    """Empty, migrated databases; gone afterwards."""
    for alias in connections:
        if connections[alias].vendor == "sqlite":
            connections[alias].settings_dict["TEST"]["NAME"] = f"{folder}/{alias}.sqlite3"
    kept = setup_databases(verbosity=0, interactive=False)
    try:
        yield
    finally:
        teardown_databases(kept, verbosity=0)


@contextmanager
def empty() -> Iterator[None]:
    """Inside, the portal works on an empty copy."""
    name = str(connection.settings_dict["NAME"])
    copy = f"{name}_copy"
    with _copied(name, copy):
        yield


@contextmanager
def _copied(name: str, copy: str) -> Iterator[None]:
    _make(name, copy)
    try:
        with at(copy):
            yield
    finally:
        _drop(copy)


@contextmanager
def at(name: str) -> Iterator[None]:
    """Inside, the portal works on the database of this name; "tenth" and "full" are the seeded portfolios.

    Each has one connection that stays open, so that going back and forth costs nothing.
    """
    before = connections["default"]
    real = _names.get(name, name)
    if real not in _open:
        _open[real] = type(before)({**before.settings_dict, "NAME": real}, "default")
    connections["default"] = _open[real]
    try:
        yield
    finally:
        connections["default"] = before


_names: dict[str, str] = {}
_open: dict[str, BaseDatabaseWrapper] = {}


def seeded(name: str) -> Seeded:
    """Who looks at "tenth" or "full", and how large it is."""
    return _seeded[name]


def seed_once(*, small: bool, kept: ExitStack) -> None:
    """Make both portfolios, unless they are there; says how long it took."""
    if _seeded:
        return
    base = str(connection.settings_dict["NAME"])
    for name, projects in (("tenth", PROJECTS // 10), ("full", PROJECTS)):
        copy = f"{base}_{name}"
        _make(base, copy)
        kept.callback(_drop, copy)
        _names[name] = copy
        start = time.perf_counter()
        with at(name):
            _seeded[name] = seed(projects // 10 if small else projects)
        size = _seeded[name].projects
        sys.stderr.write(f"Seeded {size} projects in {time.perf_counter() - start:.0f} s.\n")


def _make(name: str, copy: str) -> None:
    connection.close()
    if is_postgres():
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{copy}"')
            cursor.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{name}"')
    else:
        shutil.copyfile(name, copy)


def _drop(copy: str) -> None:
    if copy in _open:
        _open.pop(copy).close()
    if is_postgres():
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{copy}"')
    else:
        Path(copy).unlink()
