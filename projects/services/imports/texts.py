"""From what a file says to what a column holds: texts by language, codes, plain numbers."""

import hashlib
import re
from collections.abc import Iterable

from kmop.shared.text import fold
from projects.services.imports.shapes import Narratives

_SIGNS = {"<": " under ", "≤": " up to ", ">": " over ", "≥": " from ", "+": " plus ", "%": " percent "}
_PLAIN = re.compile(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*")
LONGEST_CODE = 60


def by_language(narratives: Narratives) -> dict[str, str]:
    """Texts by language; several different ones in one language follow each other, line by line."""
    found: dict[str, str] = {}
    for one in narratives:
        found[one.language] = f"{found[one.language]}\n{one.text}" if one.language in found else one.text
    return found


def first_of(narratives: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """Language and text to show where only one language fits: the English one, else the first; else two empty texts."""
    pairs = list(narratives)
    return next((pair for pair in pairs if pair[0] == "en"), pairs[0] if pairs else ("", ""))


def code_of(text: str, *, longest: int = LONGEST_CODE) -> str:
    """A stable code for a name: folded, words joined by "-", signs such as "<" and "+" said in words.

    Names that differ in case, accents, blanks or punctuation alone have one code; a long name ends in a short hash.
    """
    for sign, word in _SIGNS.items():
        text = text.replace(sign, word)
    code = re.sub(r"[\W_]+", "-", fold(text)).strip("-")
    if not code:
        return f"x-{short_hash(text)}"
    return code if len(code) <= longest else f"{code[: longest - 9]}-{short_hash(code)}"


def latin_code(text: str, *, longest: int = LONGEST_CODE) -> str:
    """A code of A to Z, a to z, digits and hyphens, such as identifiers have; "" where nothing is left."""
    code = re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")
    return code if len(code) <= longest else f"{code[: longest - 9]}-{short_hash(text)}"


def free_code(wanted: str, taken: set[str]) -> str:
    """The wanted code, or with a number behind it where it is taken; it is taken from now on."""
    code, number = wanted, 1
    while code.casefold() in taken:
        number += 1
        code = f"{wanted[: LONGEST_CODE - 6]}-{number}"
    taken.add(code.casefold())
    return code


def short_hash(text: str, digits: int = 8) -> str:
    """A few hexadecimal digits that stand for a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:digits]


def is_plain(text: str) -> bool:
    """Whether a text is a number and nothing else, so that keeping it beside the number says nothing more."""
    return _PLAIN.fullmatch(text) is not None
