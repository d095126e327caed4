"""Evidence: kept with its checksum while an update is open, and taken away with its bytes."""

import hashlib
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from kmop.audit.models import Entry
from kmop.shared.errors import NotAllowed, RuleBroken
from projects.choices import UpdateState
from projects.models import Evidence, Period, Update
from projects.services.evidence import add_evidence, clear_evidence, remove_evidence
from projects.services.updates import submit_update
from tests.factories import Cast, make_cast, make_indicator, make_period, make_update

pytestmark = pytest.mark.django_db
TEXT = b"Signed list of participants\n"


def upload(content: bytes = TEXT, name: str = "../list of\tpeople.txt") -> SimpleUploadedFile:
    """A file as a form hands it over."""
    return SimpleUploadedFile(name, content)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def draft(cast: Cast) -> Update:
    return make_update(cast.period, cast.a, 1, state=UpdateState.DRAFT)


def test_a_file_is_kept_with_its_checksum(cast: Cast, draft: Update) -> None:
    evidence = add_evidence(update=draft, file=upload(), by=cast.bob)
    evidence.refresh_from_db()
    assert (evidence.size, evidence.content_type) == (len(TEXT), "text/plain")
    assert evidence.sha256 == hashlib.sha256(TEXT).hexdigest()
    with evidence.file.open() as file:
        assert file.read() == TEXT
    assert evidence.file.name == f"evidence/{evidence.pk.hex[:2]}/{evidence.pk.hex}.txt"
    draft.refresh_from_db()
    assert draft.version == 2
    assert Entry.objects.get().action == "evidence.added"


def test_what_is_no_allowed_file_is_refused(cast: Cast, draft: Update) -> None:
    for file in (upload(b""), upload(b"MZ\x00", "run.exe"), upload(b"no picture", "a.png")):
        with pytest.raises(ValidationError) as error:
            add_evidence(update=draft, file=file, by=cast.bob)
        assert list(error.value.message_dict) == ["file"]
    with pytest.raises(NotAllowed):
        add_evidence(update=draft, file=upload(), by=cast.carol)
    assert Evidence.objects.count() == 0


def test_a_file_is_taken_away_with_its_bytes(
    cast: Cast, draft: Update, django_capture_on_commit_callbacks: object
) -> None:
    evidence = add_evidence(update=draft, file=upload(), by=cast.bob)
    name = str(evidence.file.name)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        remove_evidence(evidence=evidence, by=cast.bob)
    assert (Evidence.objects.count(), default_storage.exists(name)) == (0, False)


def test_submitted_updates_keep_their_files(cast: Cast) -> None:
    indicator = make_indicator(cast.project, "E", evidence_required=True)
    update = make_update(make_period(indicator), cast.a, 1, state=UpdateState.DRAFT)
    evidence = add_evidence(update=update, file=upload(), by=cast.bob)
    submitted = submit_update(update=update, by=cast.bob)
    for act in (
        lambda: add_evidence(update=submitted, file=upload(), by=cast.bob),
        lambda: remove_evidence(evidence=evidence, by=cast.bob),
    ):
        with pytest.raises(RuleBroken) as error:
            act()
        assert error.value.code == "wrong_state"


def test_a_locked_period_takes_and_gives_back_no_file(cast: Cast, draft: Update) -> None:
    kept = add_evidence(update=draft, file=upload(), by=cast.bob)
    Period.objects.update(is_locked=True)
    acts: list[Any] = [
        lambda: add_evidence(update=draft, file=upload(), by=cast.bob),
        lambda: remove_evidence(evidence=Evidence.objects.get(pk=kept.pk), by=cast.bob),
        lambda: clear_evidence(update=draft, by=cast.bob),
    ]
    for act in acts:
        with pytest.raises(RuleBroken) as error:
            act()
        assert error.value.locked
    assert Evidence.objects.count() == 1
