"""Files are served to who may see their update, as files to be taken away."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kmop.accounts.models import User
from projects.choices import UpdateState
from projects.models import Evidence, Update
from projects.services.evidence import add_evidence
from tests.factories import Cast, make_cast, make_update

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4 one page"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def evidence(cast: Cast) -> Evidence:
    """A file of a draft of A."""
    update = make_update(cast.period, cast.a, 5, state=UpdateState.DRAFT)
    return add_evidence(update=update, file=SimpleUploadedFile("Λίστα.pdf", PDF), by=cast.bob)


def test_the_file_comes_under_its_own_name(cast: Cast) -> None:
    one = evidence(cast)
    answer = as_user(cast.bob).get(f"/evidence/{one.pk}/")
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_officer_gets_it_as_soon_as_the_update_is_sent(cast: Cast) -> None:
    one = evidence(cast)
    client = as_user(cast.alice)
    assert client.get(f"/evidence/{one.pk}/").status_code == 404
    Update.objects.update(state=UpdateState.SUBMITTED)
    answer = client.get(f"/evidence/{one.pk}/")
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]


@pytest.mark.parametrize("who", ["carol", "dora", "sofia"])
def test_carol_gets_nothing_of_a(cast: Cast, who: str) -> None:
    one = evidence(cast)
    Update.objects.update(state=UpdateState.SUBMITTED)
    assert as_user(getattr(cast, who)).get(f"/evidence/{one.pk}/").status_code == 404
