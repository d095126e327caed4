import pytest
from django.core.exceptions import ValidationError

from kmop.shared.languages import check_language, is_language


@pytest.mark.parametrize("tag", ["el", "EL", "ell", "gre", "ar", "uk", "prs", "kmr", "und", "pt-BR", "zh-Hans"])
def test_a_language_of_iso_639_is_known(tag: str) -> None:
    assert is_language(tag)
    check_language(tag)


@pytest.mark.parametrize("tag", ["xx", "zzz", "greek", "Greek!", "e", "el_GR", "el-", "-", "\x00", "12", "el-Greece1"])
def test_anything_else_is_not(tag: str) -> None:
    assert not is_language(tag)
    with pytest.raises(ValidationError) as refused:
        check_language(tag)
    assert [one.code for one in refused.value.error_dict["language"]] == ["unknown_language"]


def test_no_language_is_taken() -> None:
    check_language("")
