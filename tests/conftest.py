"""What all tests stand on: databases in files as the portal has them, and folders, caches and bells of their own."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from celery import current_app
from django.apps import apps
from django.conf import settings as portal
from django.core.cache import cache
from django.db import connections
from django.test import override_settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import blocking_manager_key

from tests.fixtures_basement import lifted_audit_triggers, run_jobs

__all__ = ["lifted_audit_triggers", "run_jobs"]

hypothesis_settings.register_profile(
    "portal", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("portal")

first_lists = import_module("projects.migrations.0003_first_lists")
more_dimensions = import_module("projects.migrations.0006_more_dimensions")
REDIS_DATABASES = 8  # the tests' own Redis databases begin here, one for each process


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every database test may use all databases: sessions and rate counters lie apart from the rows."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        asked = {"db", "transactional_db", "client", "live_server"} & set(getattr(item, "fixturenames", ()))
        if marker or asked:
            options = {"databases": "__all__", **(marker.kwargs if marker else {})}
            item.add_marker(pytest.mark.django_db(**options), append=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """A transactional test empties all tables at its end: fill again what the migrations had filled."""
    yield
    if nextitem is None:
        return  # the databases are gone with the last test
    marker = item.get_closest_marker("django_db")
    fixtures = {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    if fixtures or (marker and marker.kwargs.get("transaction")):
        with item.config.stash[blocking_manager_key].unblock():
            if not apps.get_model("projects", "FocusArea")._base_manager.exists():
                first_lists.fill(apps, None)
                more_dimensions.fill(apps, None)
            connections.close_all()


@pytest.fixture(scope="session")
def worker_number(request: pytest.FixtureRequest) -> int:
    """The number of this test process: 0 alone, 0, 1, ... when tests run in parallel."""
    name = getattr(request.config, "workerinput", {}).get("workerid", "gw0")
    return int(name.removeprefix("gw"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite's test databases are files, because one in memory can't show how writers meet."""
    folder = tmp_path_factory.mktemp("databases")
    for alias in connections:
        test = connections[alias].settings_dict.setdefault("TEST", {})
        test["MIGRATE"] = alias == "default"  # the others hold two plain tables
        if connections[alias].vendor == "sqlite":
            test["NAME"] = str(folder / f"{alias}.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def apart(tmp_path_factory: pytest.TempPathFactory, worker_number: int) -> Iterator[Path]:
    """Folders, cache and broker of this test process; gives the data folder."""
    folder = tmp_path_factory.mktemp("data")
    values: dict[str, object] = {
        "DATA_DIR": folder,
        "MAIL_FOLDER": folder / "mail",
        "EMAIL_FILE_PATH": str(folder / "mail"),
        "BROKER_FOLDER": folder / "broker",
        "PRIVATE_ROOT": folder / "files",
        "STORAGES": {
            **portal.STORAGES,
            "default": {
                "BACKEND": "django.core.files.storage.FileSystemStorage",
                "OPTIONS": {"location": str(folder / "files"), "base_url": None},
            },
        },
    }
    if portal.REDIS_URL:
        address = f"{portal.REDIS_URL.rstrip('/').removesuffix('/0')}/{REDIS_DATABASES + worker_number}"
        values["CACHES"] = {"default": {**portal.CACHES["default"], "LOCATION": address}}
    current_app.conf.broker_url = "memory://"
    with override_settings(**values):
        yield folder


@pytest.fixture(autouse=True)
def fresh_cache(request: pytest.FixtureRequest) -> None:
    """Rate counters of one test never reach the next."""
    if request.node.get_closest_marker("django_db") and (portal.REDIS_URL or portal.CACHE_URL):
        cache.clear()
