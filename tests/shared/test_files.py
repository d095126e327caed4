"""What files are taken, where they lie, and which are swept."""

import os
import zipfile
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from kmop.shared import files
from kmop.shared.files import Checked, PathOf, check_upload, file_name
from kmop.shared.models import Job
from projects.models import ImportRun
from tests.factories_basement import person

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def archive(*members: str) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as one:
        for member in members:
            one.writestr(member, "x")
    return content.getvalue()


TAKEN = [
    ("a.pdf", b"%PDF-1.7 x", "evidence", "pdf"),
    ("a.PDF", b"%PDF-1.7 x", "feedback", "pdf"),
    ("a.png", b"\x89PNG\r\n\x1a\nx", "evidence", "png"),
    ("a.jpeg", b"\xff\xd8\xff\xe0", "feedback", "jpeg"),
    ("a.webp", b"RIFF1234WEBPVP8", "evidence", "webp"),
    ("a.m4a", b"\x00\x00\x00\x20ftypM4A ", "feedback", "m4a"),
    ("a.xlsx", archive("xl/workbook.xml"), "import", "xlsx"),
    ("a.docx", archive("word/document.xml"), "evidence", "docx"),
    ("a.csv", "Ώρα;1\n".encode(), "import", "csv"),
    ("a.csv", "Ώρα;1\n".encode("utf-16"), "import", "csv"),
    ("a.xml", b"\xef\xbb\xbf  <iati-activities/>", "import", "xml"),
]
NOT_TAKEN = [
    ("a.exe", b"MZ", "evidence"),
    ("a.pdf", b"MZ", "evidence"),
    ("a.pdf", b"%PDF-1.7", "import"),
    ("a.xlsx", b"PK\x03\x04 not a zip", "import"),
    ("a.xlsx", archive("word/document.xml"), "import"),
    ("a.xlsx", archive("xl/workbook.xml", "xl/vbaProject.bin"), "import"),
    ("a.csv", b"\x00\x01", "import"),
    ("a.xml", b"{}", "import"),
    ("a.html", b"<script>", "evidence"),
    ("a.svg", b"<svg/>", "evidence"),
    ("pdf", b"%PDF-1.7", "evidence"),
]


@pytest.mark.parametrize("name, content, kind, expected", TAKEN)
def test_taken(name: str, content: bytes, kind: str, expected: str) -> None:
    upload = SimpleUploadedFile(name, content)
    found = check_upload(upload, kind)
    assert (found.type.name, found.size) == (expected, len(content))
    assert upload.read() == content


def test_checksum() -> None:
    found = check_upload(SimpleUploadedFile("a.txt", b"abc"), "evidence")
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert found == Checked(found.type, 3, digest)


@pytest.mark.parametrize("name, content, kind", NOT_TAKEN)
def test_not_taken(name: str, content: bytes, kind: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        check_upload(SimpleUploadedFile(name, content), kind, field="evidence")
    (message,) = refusal.value.message_dict["evidence"]
    assert message.startswith("This type of file is not taken")


def test_empty_and_too_large(settings: Any) -> None:
    settings.UPLOAD_LIMITS = {"evidence": 2 * 1024 * 1024}
    for content, said in ((b"", "The file is empty."), (b"x" * (2 * 1024 * 1024 + 1), "The file is larger than 2 MB.")):
        with pytest.raises(ValidationError) as refusal:
            check_upload(SimpleUploadedFile("a.txt", content), "evidence")
        assert refusal.value.message_dict == {"file": [said]}


def test_path_is_made_of_ids() -> None:
    row = Job(task="x")
    name = row.pk.hex
    assert PathOf("evidence")(row, "Maria's list.PDF") == f"evidence/{name[:2]}/{name}.pdf"
    assert len({PathOf("a"), PathOf("a"), PathOf("b")}) == 2
    with pytest.raises(ValueError, match="its id before"):
        PathOf("evidence")(Job(pk=None), "a.pdf")


@pytest.mark.parametrize(
    "given, kept",
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\docs\\List 1.pdf", "List 1.pdf"),
        ("a\r\nb.pdf", "ab.pdf"),
        ("Λίστα.xlsx", "Λίστα.xlsx"),
        ("", "file"),
        ("x" * 200 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_name_as_kept(given: str, kept: str) -> None:
    assert file_name(given) == kept


def old_file(path: Path, hours: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    moment = (NOW - timedelta(hours=hours)).timestamp()
    os.utime(path, (moment, moment))
    return path


@pytest.mark.django_db
def test_orphans_are_swept_after_a_day(settings: Any, tmp_path: Path) -> None:
    settings.PRIVATE_ROOT = tmp_path
    orphan, young = old_file(tmp_path / "evidence/aa/old.pdf", 25), old_file(tmp_path / "evidence/aa/new.pdf", 23)
    named = old_file(tmp_path / "imports/bb/kept.xml", 25)
    ImportRun.objects.create(kind="iati", file="imports/bb/kept.xml", name="kept.xml", started_by=person())
    assert files.sweep_orphans(now=NOW) == 1
    assert [path.exists() for path in (orphan, young, named)] == [False, True, True]


def test_rung_bells_are_swept_after_a_day(settings: Any, tmp_path: Path) -> None:
    settings.BROKER_FOLDER = tmp_path
    old, young = old_file(tmp_path / "processed/1.now.msg", 25), old_file(tmp_path / "bells/2.now.msg", 1)
    assert files.sweep_bells(now=NOW) == 1
    assert (old.exists(), young.exists()) == (False, True)


def test_stored_mails_are_swept_after_thirty_days(settings: Any, tmp_path: Path) -> None:
    settings.MAIL_FOLDER = tmp_path
    old, young = old_file(tmp_path / "1.log", 31 * 24), old_file(tmp_path / "2.log", 29 * 24)
    other = old_file(tmp_path / "notes.txt", 31 * 24)
    assert files.sweep_mails(now=NOW) == 1
    assert [one.exists() for one in (old, young, other)] == [False, True, True]
