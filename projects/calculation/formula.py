"""A formula's text as a tree: a small grammar read by hand, so that nothing typed is ever run as code.

    sum      = product { ("+" | "-") product }
    product  = signed { ("*" | "/") signed }
    signed   = "-" signed | single
    single   = number | indicator | function "(" sum { "," sum } ")" | "(" sum ")"

An indicator is named by its code. In square brackets any code may stand ([1.2], [A-1]); without them one of letters,
digits and dots that is no number (1.2.a, A1). Functions: sum, min, max, round(x) and round(x, places).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

MOST_SIGNS = 1000
MOST_TOKENS = 200
MOST_DEEP = 20
MOST_PLACES = 6
FUNCTIONS = ("sum", "min", "max", "round")

_TOKEN = re.compile(r"\[[^\[\]]*\]|[^\W_][\w.]*|[-+*/(),×÷−·]")
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_BARE = re.compile(r"[^\W_][\w.]*")
_SIGNS = {"×": "*", "·": "*", "÷": "/", "−": "-"}


class FormulaFault(ValueError):
    """A formula that can't be read: a code, the position of the sign (from 1), and what its sentence needs.

    Codes: empty, too_long, too_deep, unknown_sign (found), value_expected (found), operator_expected (found),
    not_closed, unknown_function (found), arguments (found), places.
    """

    def __init__(self, code: str, at: int, found: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.at = at
        self.found = found


@dataclass(frozen=True, slots=True)
class Number:
    """A plain number, as it was written."""

    text: str
    at: int = field(default=0, compare=False)

    @property
    def value(self) -> Fraction:
        """The number itself, exact."""
        return Fraction(self.text)


@dataclass(frozen=True, slots=True)
class Name:
    """The figure of the indicator of this code."""

    code: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Negative:
    """Minus what stands within."""

    inner: "Node"


@dataclass(frozen=True, slots=True)
class Operation:
    """Two parts with + - * or / between them."""

    sign: str
    left: "Node"
    right: "Node"
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function of its parts; `places` are the decimals that `round` keeps."""

    function: str
    parts: tuple["Node", ...]
    places: int = 0
    at: int = field(default=0, compare=False)


Node: TypeAlias = Number | Name | Negative | Operation | Call


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    at: int


def parse(text: str) -> Node:
    """The tree of a formula. Raises `FormulaFault` with the position of what is wrong."""
    if len(text) > MOST_SIGNS:
        raise FormulaFault("too_long", MOST_SIGNS + 1)
    tokens = list(_tokens(text))
    if not tokens:
        raise FormulaFault("empty", 1)
    if len(tokens) > MOST_TOKENS:
        raise FormulaFault("too_long", tokens[MOST_TOKENS].at)
    reader = _Reader([*tokens, _Token("", len(text) + 1)])
    tree = reader.sum(0)
    if reader.next.text:
        raise FormulaFault("operator_expected", reader.next.at, reader.next.text)
    return tree


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        found = _TOKEN.match(text, at)
        if found is None:
            raise FormulaFault("not_closed" if text[at] == "[" else "unknown_sign", at + 1, text[at])
        yield _Token(_SIGNS.get(found.group(), found.group()), at + 1)
        at = found.end()


class _Reader:
    """Reads tokens from left to right; every method takes how deep it stands and gives the node that it has read."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.number = 0

    @property
    def next(self) -> _Token:
        """The token that comes; the end is an empty one."""
        return self.tokens[self.number]

    def take(self) -> _Token:
        """The token that comes, passed by."""
        self.number += 1
        return self.tokens[self.number - 1]

    def sum(self, depth: int) -> Node:
        """Products with + and - between them."""
        return self._row(depth, "+-", self.product)

    def product(self, depth: int) -> Node:
        """Signed parts with * and / between them."""
        return self._row(depth, "*/", self.signed)

    def _row(self, depth: int, signs: str, part: Callable[[int], Node]) -> Node:
        node = part(depth)
        while self.next.text and self.next.text in signs:
            sign = self.take()
            node = Operation(sign.text, node, part(depth), sign.at)
        return node

    def signed(self, depth: int) -> Node:
        """Minus something, or a single part."""
        if depth > MOST_DEEP:
            raise FormulaFault("too_deep", self.next.at)
        if self.next.text == "-":
            self.take()
            return Negative(self.signed(depth + 1))
        return self.single(depth)

    def single(self, depth: int) -> Node:
        """A number, an indicator, a function, or a sum in parentheses."""
        token = self.take()
        if token.text == "(":
            node = self.sum(depth + 1)
            self.close()
            return node
        if token.text.startswith("["):
            code = token.text[1:-1].strip()
            if code:
                return Name(code, token.at)
        elif _NUMBER.fullmatch(token.text):
            return Number(token.text, token.at)
        elif _BARE.fullmatch(token.text):
            return self.call(token, depth) if self.next.text == "(" else Name(token.text, token.at)
        raise FormulaFault("value_expected", token.at, token.text)

    def call(self, token: _Token, depth: int) -> Node:
        """A function with what it is of."""
        function = token.text.lower()
        if function not in FUNCTIONS:
            raise FormulaFault("unknown_function", token.at, token.text)
        self.take()
        parts = [self.sum(depth + 1)]
        while self.next.text == ",":
            self.take()
            parts.append(self.sum(depth + 1))
        self.close()
        if function == "round":
            return _rounding(parts, token)
        return Call(function, tuple(parts), at=token.at)

    def close(self) -> None:
        """The closing parenthesis that must come."""
        token = self.take() if self.next.text in (")", "") else self.next
        if token.text != ")":
            raise FormulaFault("operator_expected" if token.text else "not_closed", token.at, token.text)


def _rounding(parts: list[Node], token: _Token) -> Call:
    if len(parts) > 2:
        raise FormulaFault("arguments", token.at, token.text)
    if len(parts) == 1:
        return Call("round", tuple(parts), at=token.at)
    places = parts[1]
    if not isinstance(places, Number) or not places.text.isdigit() or int(places.text) > MOST_PLACES:
        raise FormulaFault("places", token.at, token.text)
    return Call("round", (parts[0],), int(places.text), token.at)


# ---------------------------------------------------------------- looking at a tree
def nodes_of(tree: Node) -> Iterator[Node]:
    """The tree and everything in it, from left to right."""
    yield tree
    for part in parts_of(tree):
        yield from nodes_of(part)


def parts_of(node: Node) -> tuple[Node, ...]:
    """What stands directly within a node."""
    if isinstance(node, Operation):
        return node.left, node.right
    if isinstance(node, Negative):
        return (node.inner,)
    return node.parts if isinstance(node, Call) else ()


def names_of(tree: Node) -> list[Name]:
    """The indicators that a formula names, each once, in the order of reading."""
    found: dict[str, Name] = {}
    for node in nodes_of(tree):
        if isinstance(node, Name):
            found.setdefault(node.code, node)
    return list(found.values())


def codes_of(tree: Node) -> list[str]:
    """The codes of the indicators that a formula names."""
    return [one.code for one in names_of(tree)]


# ---------------------------------------------------------------- circles
def circle(code: str, uses: Mapping[str, list[str]]) -> list[str]:
    """The path from an indicator back to itself (1.1, 1.3, 1.1) over the codes that each formula names; else empty."""
    before: dict[str, str] = {}
    waiting = [code]
    while waiting:
        one = waiting.pop(0)
        for other in uses.get(one, ()):
            if other == code:
                return [*_way(before, code, one), code]
            if other not in before:
                before[other] = one
                waiting.append(other)
    return []


def _way(before: Mapping[str, str], start: str, end: str) -> list[str]:
    way = [end]
    while way[0] != start:
        way.insert(0, before[way[0]])
    return way


# ---------------------------------------------------------------- writing
_BINDS = {"+": 1, "-": 1, "*": 2, "/": 2}


def written(tree: Node, say: Callable[[str], str] = "[{}]".format) -> str:
    """A formula as text, each indicator as `say` tells its code; parentheses only where they are needed."""
    return _text(tree, say, 0)


def renamed(text: str, codes: Mapping[str, str]) -> str:
    """The same formula with indicators named by new codes. Raises `FormulaFault` for a text that can't be read."""
    return written(parse(text), lambda code: f"[{codes.get(code, code)}]")


def _text(node: Node, say: Callable[[str], str], binds: int) -> str:
    if isinstance(node, Number):
        return node.text
    if isinstance(node, Name):
        return say(node.code)
    if isinstance(node, Negative):
        return f"-{_text(node.inner, say, 3)}"
    if isinstance(node, Operation):
        own = _BINDS[node.sign]
        text = f"{_text(node.left, say, own)} {node.sign} {_text(node.right, say, own + 1)}"
        return f"({text})" if own < binds else text
    parts = [_text(one, say, 0) for one in node.parts]
    if node.function == "round" and node.places:
        parts.append(str(node.places))
    return f"{node.function}({', '.join(parts)})"
