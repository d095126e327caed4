"""`/health/live` and `/health/ready`"""

from datetime import timedelta
from pathlib import Path

import pytest
from celery import current_app
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from kmop.shared import health, jobs

pytestmark = pytest.mark.django_db


def test_a_process_that_answers_is_alive() -> None:
    answer = Client().get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert Client().post("/health/live").status_code == 405


def test_ready_is_503_until_the_timetable_has_ticked() -> None:
    before = Client().get("/health/ready")
    assert before.status_code == 503
    assert before.json() == {
        "status": "failing",
        "checks": {"database": "ok", "broker": "ok", "storage": "ok", "beat": "failing"},
    }
    jobs.tick((), now=timezone.now())
    after = Client().get("/health/ready")
    assert (after.status_code, after.json()["status"]) == (200, "ok")


def test_an_old_tick_is_no_beat() -> None:
    jobs.tick((), now=timezone.now() - timedelta(minutes=6))
    assert health.beat_is_there() is False


def test_a_storage_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with override_settings(PRIVATE_ROOT=tmp_path / "file" / "below"):
        assert health.storage_is_there() is False


def test_a_broker_that_is_gone_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(current_app.conf, "broker_url", "redis://127.0.0.1:1/0")
    assert health.broker_is_there() is False


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_gone_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    connection.close()
    name = "/nowhere/db.sqlite3" if connection.vendor == "sqlite" else "no_such_database"
    monkeypatch.setitem(connection.settings_dict, "NAME", name)
    assert (health.database_is_there(), health.beat_is_there()) == (False, False)
    connection.close()
