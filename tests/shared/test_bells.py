"""The file broker: a message is whole or not there, and the table of queues survives many at once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu import Connection

from kmop.shared.bells import SCHEME

MESSAGES = 400


@pytest.fixture
def options(tmp_path: Path) -> dict[str, Any]:
    folders = {name: tmp_path / name for name in ("bells", "processed", "control")}
    for folder in folders.values():
        folder.mkdir()
    return {
        "data_folder_in": str(folders["bells"]),
        "data_folder_out": str(folders["bells"]),
        "processed_folder": str(folders["processed"]),
        "control_folder": str(folders["control"]),
        "store_processed": True,
    }


def channel(options: dict[str, Any]) -> Any:
    return Connection(f"{SCHEME}://", transport_options=options).channel()


def test_a_hungry_reader_gets_every_message_whole(options: dict[str, Any]) -> None:
    def read(_reader: int) -> list[int]:
        mine, got, last = channel(options), [], False
        while not last:
            last = writing.done()
            try:
                while True:
                    got.append(mine._get("now")["number"])
            except Empty:
                continue
        return got

    def write() -> None:
        mine = channel(options)
        for number in range(MESSAGES):
            mine._put("now", {"number": number})

    with ThreadPoolExecutor(3) as pool:
        writing = pool.submit(write)
        read_by = [reading.result() for reading in [pool.submit(read, reader) for reader in range(2)]]
    assert sorted(number for got in read_by for number in got) == list(range(MESSAGES))


def test_queues_bound_at_once_are_all_kept(options: dict[str, Any]) -> None:
    def bind(number: int) -> None:
        mine = channel(options)
        mine._queue_bind("jobs", f"queue{number}", "", f"queue{number}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(bind, range(16)))
    assert sorted(queue.queue for queue in channel(options).get_table("jobs")) == sorted(f"queue{n}" for n in range(16))
    assert channel(options).get_table("other") == []
