"""Greek is complete, Arabic holds the public texts, and what is compiled is what is written."""

import gettext
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parents[2] / "locale"
MESSAGES = {language: LOCALE / language / "LC_MESSAGES" for language in ("el", "ar")}


@pytest.mark.parametrize("language", ["el", "ar"])
def test_every_text_is_translated(language: str) -> None:
    with (MESSAGES[language] / "django.po").open("rb") as file:
        catalog = read_po(file, locale=language)
    wanting = [
        message.id
        for message in catalog
        if message.id
        and (message.fuzzy or not all([message.string] if isinstance(message.id, str) else message.string))
    ]
    assert wanting == []


@pytest.mark.parametrize("language", ["el", "ar"])
def test_the_compiled_texts_are_those_that_are_written(language: str) -> None:
    with (MESSAGES[language] / "django.po").open("rb") as file:
        catalog = read_po(file, locale=language)
    with (MESSAGES[language] / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    different = [
        message.id
        for message in catalog
        if isinstance(message.id, str) and message.id and not message.context
        if compiled.gettext(message.id) != message.string
    ]
    assert different == []
