"""Files: private, on paths made of ids, checked by what they hold, and swept when nothing points to them.

Every `FileField` uses the default storage (private, without address) and `upload_to=PathOf("<folder>")`. A file is
served only by a view that asked the rule first.
"""

import hashlib
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePath
from typing import Any, BinaryIO

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import models
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext_lazy as _

HEAD_BYTES = 4096
CHUNK_BYTES = 1024 * 1024
ORPHAN_AGE = timedelta(hours=24)
BELL_AGE = timedelta(hours=24)
EVIDENCE, FEEDBACK, IMPORT = "evidence", "feedback", "import"


@dataclass(frozen=True)
class FileType:
    """One allowed type: name, media type, suffixes, first bytes (`b""`: text), who takes it, a zip's telling member."""

    name: str
    media_type: str
    suffixes: tuple[str, ...]
    magic: tuple[bytes, ...]
    kinds: frozenset[str]
    member: str = ""
    offset: int = 0


_ALL = frozenset({EVIDENCE, FEEDBACK, IMPORT})
_PICTURES = frozenset({EVIDENCE, FEEDBACK})
_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."

ALLOWED = (
    FileType("pdf", "application/pdf", (".pdf",), (b"%PDF-",), _PICTURES),
    FileType("png", "image/png", (".png",), (b"\x89PNG\r\n\x1a\n",), _PICTURES),
    FileType("jpeg", "image/jpeg", (".jpg", ".jpeg"), (b"\xff\xd8\xff",), _PICTURES),
    FileType("webp", "image/webp", (".webp",), (b"WEBP",), _PICTURES, offset=8),
    FileType("heic", "image/heic", (".heic",), (b"ftypheic", b"ftypmif1"), _PICTURES, offset=4),
    FileType("mp3", "audio/mpeg", (".mp3",), (b"ID3", b"\xff\xfb", b"\xff\xf3"), frozenset({FEEDBACK})),
    FileType("ogg", "audio/ogg", (".ogg", ".oga", ".opus"), (b"OggS",), frozenset({FEEDBACK})),
    FileType("m4a", "audio/mp4", (".m4a",), (b"ftyp",), frozenset({FEEDBACK}), offset=4),
    FileType(
        "xlsx", _OOXML + "spreadsheetml.sheet", (".xlsx",), (b"PK\x03\x04",), _ALL - {FEEDBACK}, "xl/workbook.xml"
    ),
    FileType(
        "docx", _OOXML + "wordprocessingml.document", (".docx",), (b"PK\x03\x04",), _PICTURES, "word/document.xml"
    ),
    FileType("ods", _ODF + "spreadsheet", (".ods",), (b"PK\x03\x04",), frozenset({EVIDENCE}), "content.xml"),
    FileType("odt", _ODF + "text", (".odt",), (b"PK\x03\x04",), _PICTURES, "content.xml"),
    FileType("csv", "text/csv", (".csv",), (b"",), _ALL - {FEEDBACK}),
    FileType("txt", "text/plain", (".txt",), (b"",), _PICTURES),
    FileType("xml", "application/xml", (".xml",), (b"",), frozenset({IMPORT})),
)


@dataclass(frozen=True)
class Checked:
    """What an accepted upload is: its type, size in bytes and SHA-256 in hex."""

    type: FileType
    size: int
    sha256: str


@deconstructible
class PathOf:
    """`upload_to`: folder, two letters of the id, the id and the suffix; nothing of the name that the person gave."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def __call__(self, instance: models.Model, filename: str) -> str:
        """The path inside the storage; the row must have its id already (a UUID default)."""
        if instance.pk is None:
            raise ValueError("A row has its id before its file")
        name = str(instance.pk).replace("-", "")
        return f"{self.folder}/{name[:2]}/{name}{PurePath(filename).suffix.lower()[:10]}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PathOf) and other.folder == self.folder

    def __hash__(self) -> int:
        return hash(self.folder)


def file_name(name: str) -> str:
    """A person's file name as it may be kept and shown: no folders, no control characters, at most 120 characters."""
    plain = "".join(letter for letter in PurePath(name.replace("\\", "/")).name if letter.isprintable()).strip()
    stem, suffix = os.path.splitext(plain or "file")
    return stem[: 120 - len(suffix)] + suffix


def sha256_of(file: BinaryIO) -> str:
    """SHA-256, in hex, of a file read from its start in pieces; the file is rewound."""
    digest = hashlib.sha256()
    file.seek(0)
    while piece := file.read(CHUNK_BYTES):
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()


def check_upload(file: Any, kind: str, *, field: str = "file") -> Checked:
    """Accept an uploaded file of a kind ("evidence", "feedback", "import") by size, suffix and content.

    Raises `ValidationError` keyed by `field` that says what is wrong. Reads the whole file once, in pieces.
    """
    size, limit = file.size, settings.UPLOAD_LIMITS[kind]
    if size == 0:
        raise ValidationError({field: ValidationError(_("The file is empty."), code="empty")})
    if size > limit:
        said = _("The file is larger than %(limit)d MB.")
        detail = said % {"limit": limit // (1024 * 1024)}
        raise ValidationError({field: ValidationError(detail, code="too_large")})
    found = type_of(file, file.name, kind)
    if found is None:
        names = ", ".join(sorted(one.name.upper() for one in ALLOWED if kind in one.kinds))
        said = _("This type of file is not taken, or its content is not what its name says. Taken are: %(names)s.")
        raise ValidationError({field: ValidationError(said % {"names": names}, code="type")})
    return Checked(found, size, sha256_of(file))


def type_of(file: BinaryIO, name: str, kind: str) -> FileType | None:
    """The allowed type that both the suffix of `name` and the content agree on; None when there is none."""
    suffix = PurePath(name).suffix.lower()
    for one in ALLOWED:
        if kind in one.kinds and suffix in one.suffixes:
            return one if _holds(file, one) else None
    return None


def _holds(file: BinaryIO, one: FileType) -> bool:
    file.seek(0)
    head = file.read(HEAD_BYTES)
    file.seek(0)
    if one.magic == (b"",):
        return _is_text(head, is_xml=one.name == "xml")
    if not any(head[one.offset :].startswith(magic) for magic in one.magic):
        return False
    return not one.member or _has_member(file, one.member)


def _is_text(head: bytes, *, is_xml: bool) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if b"\x00" in head:
        return False
    return not is_xml or head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def _has_member(file: BinaryIO, member: str) -> bool:
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return False
    finally:
        file.seek(0)
    return member in names and not any(name.lower().endswith("vbaproject.bin") for name in names)


# ---------------------------------------------------------------- the nightly sweep
def _file_fields() -> Iterator[tuple[type[models.Model], str]]:
    for model in apps.get_models():
        for one in model._meta.concrete_fields:
            if isinstance(one, models.FileField) and one.storage == default_storage:
                yield model, one.name


def sweep_orphans(*, now: datetime) -> int:
    """Delete private files older than a day that no row names (left behind by a rollback); returns how many."""
    root = Path(settings.PRIVATE_ROOT)
    limit = (now - ORPHAN_AGE).timestamp()
    old = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if _is_older(path, limit)}
    for model, name in _file_fields():
        for kept in model._base_manager.values_list(name, flat=True).iterator(chunk_size=2000):
            old.pop(str(kept), None)
    for path in old.values():
        path.unlink(missing_ok=True)
    return len(old)


def sweep_bells(*, now: datetime) -> int:
    """Delete messages of the file broker that were taken, or never taken, more than a day ago; returns how many."""
    limit = (now - BELL_AGE).timestamp()
    old = [path for path in Path(settings.BROKER_FOLDER).rglob("*.msg") if _is_older(path, limit)]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def sweep_mails(*, now: datetime) -> int:
    """Delete mails of the embedded default's folder after `MAIL_KEEP_DAYS`; returns how many files."""
    limit = (now - timedelta(days=settings.MAIL_KEEP_DAYS)).timestamp()
    old = [path for path in Path(settings.MAIL_FOLDER).glob("*.log") if _is_older(path, limit)]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _is_older(path: Path, limit: float) -> bool:
    try:
        return path.is_file() and path.stat().st_mtime < limit
    except FileNotFoundError:
        return False
