"""Fields of the REST API: what they take, and what they refuse."""

import pytest
from rest_framework import serializers

from kmop.shared.api.fields import TextField


class Words(serializers.Serializer[dict[str, str]]):
    """One text."""

    text = TextField(max_length=10)


@pytest.mark.parametrize("given", [5, 5.5, True, None, ["a"], {"a": "b"}])
def test_a_text_is_text_and_nothing_else(given: object) -> None:
    form = Words(data={"text": given})
    assert not form.is_valid()
    assert list(form.errors) == ["text"]
    assert form.errors["text"][0].code == ("null" if given is None else "invalid")


def test_a_text_is_trimmed_and_bounded() -> None:
    form = Words(data={"text": "  words "})
    assert (form.is_valid(), form.validated_data) == (True, {"text": "words"})
    assert Words(data={"text": "x" * 11}).is_valid() is False
