"""Reading the folder of mails."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.filebased import EmailBackend

from kmop.notifications.queries.mails import StoredMail, mail_names, stored_mail, stored_mails

DATE = {"Date": "Tue, 24 Nov 2026 12:00:00 -0000"}


def write(folder: Path, *messages: EmailMessage) -> str:
    before = set(mail_names(folder))
    EmailBackend(file_path=str(folder)).send_messages(list(messages))
    (name,) = set(mail_names(folder)) - before
    return name


def test_no_folder_yet(tmp_path: Path) -> None:
    assert mail_names(tmp_path / "mail") == []


def test_what_is_taken_out(tmp_path: Path) -> None:
    message = EmailMultiAlternatives("Πρόσκληση", "Καλώς ήρθατε\n\nhttp://x/", to=["a@kmop.example"], headers=DATE)
    message.attach_alternative("<script>alert(1)</script>", "text/html")
    name = write(tmp_path, message)
    assert stored_mail(tmp_path, name) == [
        StoredMail(
            name, "Πρόσκληση", "a@kmop.example", datetime(2026, 11, 24, 12, tzinfo=UTC), "Καλώς ήρθατε\n\nhttp://x/"
        )
    ]


def test_several_in_one_file(tmp_path: Path) -> None:
    first, second = (EmailMessage(subject, "Text", to=["a@kmop.example"]) for subject in ("One", "Two"))
    name = write(tmp_path, first, second)
    assert [(mail.subject, mail.text) for mail in stored_mails(tmp_path, [name])] == [("One", "Text"), ("Two", "Text")]


def test_broken_files_show_what_they_can(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(b"\xff\xfe\x00 nothing of a mail")
    (tmp_path / "b.log").write_bytes(b"Subject: S\nDate: yesterday\nContent-Type: text/html\n\n<b>no</b>")
    (tmp_path / "c.log").write_bytes(b"Subject: S\nContent-Type: text/plain; charset=klingon\n\nx")
    (tmp_path / "notes.txt").write_bytes(b"no mail")
    assert mail_names(tmp_path) == ["c.log", "b.log", "a.log"]
    assert [(mail.subject, mail.date) for mail in stored_mails(tmp_path, ["b.log", "a.log"])] == [
        ("S", None),
        ("", None),
    ]
    assert [mail.text for mail in stored_mails(tmp_path, ["b.log"])] == [""]
    assert len(stored_mails(tmp_path, ["c.log"])) == 1


@pytest.mark.parametrize("name", ["../secret_key.txt", "none.log", "", "/etc/passwd"])
def test_only_names_of_the_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret_key.txt").write_text("x")
    with pytest.raises(LookupError):
        stored_mail(tmp_path / "mail", name)
