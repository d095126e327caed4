"""The folder of mails that the embedded default writes instead of sending them.

Only subject, recipient, date and plain text are taken out of a file; anything else in it is not shown.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from email.utils import parsedate_to_datetime
from pathlib import Path

SEPARATOR = b"\n" + b"-" * 79 + b"\n"
LONGEST_TEXT = 20_000
LARGEST_FILE = 2_000_000


@dataclass(frozen=True)
class StoredMail:
    """One mail of the folder: name of its file, and what may be shown of it."""

    name: str
    subject: str
    to: str
    date: datetime | None
    text: str


def mail_names(folder: Path) -> list[str]:
    """Names of the mail files, newest first; empty where there is no folder yet."""
    if not folder.is_dir():
        return []
    return sorted((path.name for path in folder.glob("*.log") if path.is_file()), reverse=True)


def stored_mails(folder: Path, names: list[str]) -> list[StoredMail]:
    """The mails of these files, in that order; a file holds several when they went over one connection."""
    return [mail for name in names for mail in _in_file(folder, name)]


def stored_mail(folder: Path, name: str) -> list[StoredMail]:
    """The mails of one file; raises `LookupError` for a name that the folder does not list."""
    if name not in mail_names(folder):
        raise LookupError(name)
    return _in_file(folder, name)


def _in_file(folder: Path, name: str) -> list[StoredMail]:
    with (folder / name).open("rb") as file:
        pieces = file.read(LARGEST_FILE).split(SEPARATOR)
    return [_parsed(name, piece) for piece in pieces if piece.strip()]


def _parsed(name: str, content: bytes) -> StoredMail:
    message = message_from_bytes(content, policy=modern)
    assert isinstance(message, EmailMessage)  # noqa: S101 - what the modern policy promises
    return StoredMail(
        name=name,
        subject=str(message.get("Subject", ""))[:300],
        to=str(message.get("To", ""))[:300],
        date=_date(str(message.get("Date", ""))),
        text=_text(message)[:LONGEST_TEXT],
    )


def _date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)  # "-0000": UTC, place unknown


def _text(message: EmailMessage) -> str:
    body = message.get_body(preferencelist=("plain",))
    if body is None:
        return ""
    try:
        return str(body.get_content()).strip()
    except (LookupError, UnicodeError):
        return ""
