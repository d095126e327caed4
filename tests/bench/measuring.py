"""How the benchmarks look and count: a browser of somebody, statements, and seconds of processor on both sides."""

import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from tests.bench.databases import at


def browser(user: Any) -> Any:
    """Somebody's browser, signed in."""
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def get(client: Any, path: str) -> bytes:
    """The content of an address; anything but 200 ends the benchmark."""
    answer = client.get(path)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answers {answer.status_code}: {content[:300]!r}")
    return bytes(content)


def statements(act: Callable[[], Any]) -> list[str]:
    """The statements of an act, authentication, SAVEPOINT and COMMIT included."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as seen:
        act()
    return [one["sql"] for one in seen.captured_queries]


def processor() -> float:
    """Seconds of processor so far: this process and, where it runs on this machine, its server process."""
    return time.process_time() + _server()


def _server() -> float:
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    connection.ensure_connection()
    told = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return int(told.read_text().split()[0]) / 1e9 if told.is_file() else 0.0


def seconds(act: Callable[[], Any], times: int) -> float:
    """The least seconds of processor of an act: what else the machine does can only add to them."""
    return min(_once(act) for _turn in range(times))


def in_turn(acts: Sequence[Callable[[], Any]], times: int, places: Sequence[str] = ()) -> list[float]:
    """The median seconds of processor of several acts, done in turn, each in its own database where such are named."""
    found: list[list[float]] = [[] for _act in acts]
    for _turn in range(times):
        for number, act in enumerate(acts):
            with at(places[number]) if places else nullcontext():
                found[number].append(_once(act))
    return [statistics.median(each) for each in found]


def _once(act: Callable[[], Any]) -> float:
    start = processor()
    act()
    return processor() - start
