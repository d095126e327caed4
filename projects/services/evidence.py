"""Files that show what an update says."""

from collections.abc import Sequence
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from kmop.accounts.models import User
from kmop.audit import services as audit
from kmop.shared.access import require
from kmop.shared.files import EVIDENCE, check_upload, file_name
from kmop.shared.models import bump
from projects.choices import Action
from projects.models import Evidence, Update
from projects.services.updates.rows import locked_update, refuse_locked, require_all, today


def add_evidence(*, update: Update, file: Any, by: User) -> Evidence:
    """Keep a file (at most 25 MB, of the allowed types) with a draft or returned update.

    `file` is an uploaded file. It is read and hashed before the transaction. Raises `ValidationError` at "file" and
    `RuleBroken` "wrong_state" or `locked`.
    """
    require(by, "projects.add_evidence", update)
    checked = check_upload(file, EVIDENCE)
    with transaction.atomic():
        row = locked_update(update, None)
        require_all(by, "projects.add_evidence", [row])
        refuse_locked([(row.period, row.organisation_id)], day=today())
        evidence = Evidence(
            update=row,
            name=file_name(file.name),
            content_type=checked.type.media_type,
            size=checked.size,
            sha256=checked.sha256,
            added_by=by,
            added_at=timezone.now(),
        )
        evidence.file.save(evidence.name, file, save=False)
        evidence.save(force_insert=True)
        bump(row)
        audit.record(by, Action.EVIDENCE_ADDED, row, evidence=evidence.pk, sha256=checked.sha256)
    update.version = row.version
    return evidence


@transaction.atomic
def remove_evidence(*, evidence: Evidence, by: User) -> None:
    """Take a file away from a draft or returned update; the bytes go after the commit."""
    require(by, "projects.add_evidence", evidence.update)
    row = locked_update(evidence.update, None)
    require_all(by, "projects.add_evidence", [row])
    refuse_locked([(row.period, row.organisation_id)], day=today())
    name = evidence.file.name
    audit.record(by, Action.EVIDENCE_REMOVED, row, evidence=evidence.pk, sha256=evidence.sha256)
    evidence.delete()
    bump(row)
    if name:
        transaction.on_commit(lambda: default_storage.delete(name), robust=True)


@transaction.atomic
def clear_evidence(*, update: Update, by: User) -> int:
    """Take all files away from a draft or returned update, in a fixed number of statements; gives their number."""
    require(by, "projects.add_evidence", update)
    row = locked_update(update, None)
    require_all(by, "projects.add_evidence", [row])
    refuse_locked([(row.period, row.organisation_id)], day=today())
    files = list(row.evidence.values_list("pk", "file", "sha256"))
    if files:
        hashes = [sha256 for _pk, _name, sha256 in files]
        audit.record(by, Action.EVIDENCE_REMOVED, row, files=len(files), sha256=hashes)
        row.evidence.filter(pk__in=[pk for pk, _name, _sha256 in files]).delete()
        bump(row)
        names = [name for _pk, name, _sha256 in files if name]
        transaction.on_commit(lambda: _delete_files(names), robust=True)
    return len(files)


def _delete_files(names: Sequence[str]) -> None:
    for name in names:
        default_storage.delete(name)
