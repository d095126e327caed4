"""What the plan of the house says and no tool knows: each function returns the places that break it, as lines to read.

All take the folder to look at, so that the drill can show each of them failing on a folder of its own.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

FIRST_PARTY = ("kmop", "partners", "projects", "beneficiaries", "reports")
FILE_LINES, FUNCTION_LINES, CLASS_LINES, TEMPLATE_LINES = 400, 50, 200, 120
NAMELESS = {"utils", "helpers", "common", "manager", "misc"}
STANDALONE = {"templates/reports/document/page.html"}  # a file that people keep: it carries its styles with it
INLINE = re.compile(r"<style|<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=")


def modules(root: Path) -> Iterator[Path]:
    """The production modules below `root`, migrations left out."""
    for name in FIRST_PARTY:
        for path in sorted((root / name).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def tests(root: Path) -> Iterator[Path]:
    """The test modules below `root`."""
    yield from sorted((root / "tests").rglob("*.py"))


def templates(root: Path) -> Iterator[Path]:
    """The templates below `root`."""
    yield from sorted((root / "templates").rglob("*.html"))


def _place(root: Path, path: Path, line: int = 0) -> str:
    return f"{path.relative_to(root)}:{line}" if line else str(path.relative_to(root))


def _nodes(root: Path) -> Iterator[tuple[Path, ast.AST]]:
    for path in modules(root):
        for node in ast.walk(ast.parse(path.read_text())):
            yield path, node


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def long_files(root: Path) -> list[str]:
    """Files of more than 400 lines, templates of more than 120."""
    limits = [(FILE_LINES, [*modules(root), *tests(root)]), (TEMPLATE_LINES, templates(root))]
    return [
        f"{_place(root, path)} has {count} lines, at most {limit}"
        for limit, paths in limits
        for path in paths
        if (count := path.read_text().count("\n")) > limit
    ]


def long_functions(root: Path) -> list[str]:
    """Functions of more than 50 lines."""
    return [
        f"{_place(root, path, node.lineno)} {node.name} has {_length(node)} lines, at most {FUNCTION_LINES}"
        for path, node in _nodes(root)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _length(node) > FUNCTION_LINES
    ]


def long_classes(root: Path) -> list[str]:
    """Classes of more than 200 lines."""
    return [
        f"{_place(root, path, node.lineno)} {node.name} has {_length(node)} lines, at most {CLASS_LINES}"
        for path, node in _nodes(root)
        if isinstance(node, ast.ClassDef) and _length(node) > CLASS_LINES
    ]


def signal_receivers(root: Path) -> list[str]:
    """Imports of signals or of their dispatcher, from any package."""
    found = []
    for path, node in _nodes(root):
        names = []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        if any(name.startswith("django.dispatch") or "signals" in name.split(".") for name in names):
            found.append(f"{_place(root, path, node.lineno)} imports {names[0]}")
    return found


def save_overrides(root: Path) -> list[str]:
    """Models that override save()."""
    return [
        f"{_place(root, path, part.lineno)} {node.name} overrides save()"
        for path, node in _nodes(root)
        if isinstance(node, ast.ClassDef) and {path.stem, path.parent.name} & {"models", "fields"}
        for part in node.body
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef) and part.name in {"save", "asave"}
    ]


def hidden_imports(root: Path) -> list[str]:
    """Imports of first-party modules inside functions."""
    found = set()
    for path, node in _nodes(root):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for part in ast.walk(node):
            if isinstance(part, ast.ImportFrom):
                names = [part.module or ""]
            elif isinstance(part, ast.Import):
                names = [alias.name for alias in part.names]
            else:
                continue
            found |= {
                f"{_place(root, path, part.lineno)} imports {name} inside {node.name}"
                for name in names
                if name.split(".")[0] in FIRST_PARTY
            }
    return sorted(found)


def nameless_modules(root: Path) -> list[str]:
    """Modules named for nothing in particular."""
    return [_place(root, path) for path in modules(root) if NAMELESS & {path.stem, path.parent.name}]


def unnamed_migrations(root: Path) -> list[str]:
    """Migrations that keep the name a tool gave them."""
    return [
        _place(root, path) for name in FIRST_PARTY for path in sorted((root / name).rglob("migrations/*_auto_*.py"))
    ]


def inline_code(root: Path) -> list[str]:
    """Style, script or handlers written into templates, which the content security policy would refuse."""
    return [
        f"{_place(root, path, number)} {line.strip()[:80]}"
        for path in templates(root)
        if _place(root, path) not in STANDALONE
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if INLINE.search(line)
    ]


ALL = (
    long_files,
    long_functions,
    long_classes,
    signal_receivers,
    save_overrides,
    hidden_imports,
    nameless_modules,
    unnamed_migrations,
    inline_code,
)
