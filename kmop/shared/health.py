"""Is the process alive, and is what it needs there? For load balancers and health checks; tells nothing else."""

import os
from collections.abc import Callable
from datetime import timedelta

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse  # noqa: TID251  # health is a view of the basement
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from kmop.shared import jobs

LATEST_BEAT = timedelta(minutes=5)
BROKER_SECONDS = 3


def database_is_there() -> bool:
    """Does the database answer?"""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def broker_is_there() -> bool:
    """Does the broker let us in?"""
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=BROKER_SECONDS)
    except (OperationalError, OSError):
        return False
    return True


def storage_is_there() -> bool:
    """Can private files be written?"""
    try:
        os.makedirs(settings.PRIVATE_ROOT, exist_ok=True)
    except OSError:
        return False
    return os.access(settings.PRIVATE_ROOT, os.W_OK)


def beat_is_there() -> bool:
    """Did the timetable tick in the last minutes?"""
    try:
        last = jobs.last_tick()
    except DatabaseError:
        return False
    return last is not None and timezone.now() - last <= LATEST_BEAT


CHECKS: dict[str, Callable[[], bool]] = {
    "database": database_is_there,
    "broker": broker_is_there,
    "storage": storage_is_there,
    "beat": beat_is_there,
}


@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """200 while the process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200 with each check, 503 where one fails."""
    found = {name: check() for name, check in CHECKS.items()}
    told = {name: "ok" if good else "failing" for name, good in found.items()}
    good = all(found.values())
    return JsonResponse({"status": "ok" if good else "failing", "checks": told}, status=200 if good else 503)
