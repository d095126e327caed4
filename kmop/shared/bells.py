"""The broker of the embedded default: messages as files in DATA_DIR, each of them whole or not there at all.

Kombu's own file transport makes a message's file before it writes into it, so that a waiting worker now and then takes
an empty one and stops (seen: 58 of 8,000). Here a message is written aside and renamed, and the table of queues is read
and written under one lock.
"""

import fcntl
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from kombu.transport import filesystem, virtual
from kombu.utils.encoding import str_to_bytes
from kombu.utils.json import dumps

SCHEME = "bells"


class Channel(filesystem.Channel):
    """Files that appear whole."""

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]  # as the class above
        name = f"{int(monotonic() * 1000):015d}_{uuid.uuid4()}.{queue}.msg"
        aside = os.path.join(self.data_folder_out, f"{name}.part")
        with open(aside, "wb") as file:
            file.write(str_to_bytes(dumps(payload)))
        os.replace(aside, os.path.join(self.data_folder_out, name))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.control_folder.mkdir(parents=True, exist_ok=True)
        with (self.control_folder / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(file, fcntl.LOCK_UN)

    def get_table(self, exchange: str) -> Any:
        """The queues of an exchange."""
        with self._alone():
            return super().get_table(exchange)

    def _queue_bind(self, *args: Any) -> None:
        with self._alone():
            super()._queue_bind(*args)


class Transport(filesystem.Transport):
    """What `bells://` stands for."""

    Channel = Channel
    global_state = virtual.BrokerState()
