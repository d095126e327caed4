"""`manage.py create_api_client`"""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from partners.models import ApiClient
from tests.api_client import Api
from tests.factories_partners import organisation

pytestmark = pytest.mark.django_db

ARGUMENTS = ["--organisation", "A", "--name", "MIS", "--scopes", "updates:write, offers:read", "--json"]


def run(*arguments: str) -> tuple[int, Any]:
    """The exit code and what stands on stdout."""
    out = StringIO()
    code = 0
    try:
        call_command("create_api_client", *arguments, stdout=out, stderr=StringIO())
    except SystemExit as end:
        code = int(str(end.code))
    text = out.getvalue()
    return code, json.loads(text) if "--json" in arguments else text


def test_it_tells_client_and_token_once() -> None:
    organisation("A")
    code, told = run(*ARGUMENTS, "--expires", "30", "--networks", "192.0.2.0/24")
    client = ApiClient.objects.get()
    assert code == 0
    assert sorted(told) == ["client", "token"]
    assert told["client"] == {
        "id": client.pk,
        "name": "MIS",
        "organisation": "A",
        "scopes": ["offers:read", "updates:write"],
        "expires_at": client.expires_at.isoformat(),
    }
    assert client.networks == ["192.0.2.0/24"]


def test_the_token_works_and_stands_on_the_last_line_without_json() -> None:
    organisation("A")
    _code, text = run(*ARGUMENTS[:-1])
    assert Api(text.splitlines()[-1]).get("me/").status_code == 200


@pytest.mark.parametrize(
    "arguments, reason",
    [
        (["--organisation", "NONE"], "There is no organisation with the code NONE."),
        (["--networks", "here"], "here is no network such as 192.0.2.0/24."),
        (["--name", "taken"], "This organisation has a client of that name already."),
    ],
)
def test_a_refusal_exits_1_with_its_reason(arguments: list[str], reason: str) -> None:
    organisation("A")
    run("--organisation", "A", "--name", "taken", "--scopes", "offers:read")
    assert run(*ARGUMENTS, *arguments) == (1, {"errors": [reason]})
    assert ApiClient.objects.count() == 1


def test_an_unknown_scope_is_refused_with_the_list() -> None:
    organisation("A")
    code, told = run(*ARGUMENTS, "--scopes", "everything")
    assert code == 1
    assert "updates:write" in told["errors"][0]


def test_a_wrong_call_is_told_so() -> None:
    with pytest.raises(CommandError):
        call_command("create_api_client", "--name", "MIS")


@pytest.mark.parametrize("days", ["0", "-1", "36501", "1e3", "x", "999999999"])
def test_days_that_are_none_are_a_wrong_call_and_no_endless_token(days: str) -> None:
    organisation("A")
    with pytest.raises(CommandError, match="whole days from 1 to 36500"):
        call_command("create_api_client", *ARGUMENTS, f"--expires={days}")
    assert ApiClient.objects.count() == 0
