"""The child process that typesets one report: a program of its own, with limits, ended when the report is done.

A long-lived process would keep about 170 MB for each report that it makes. Reads one JSON object {data, accessible}
from standard input and writes the PDF to standard output; ends with 3 and the compiler's words where it refuses.
"""

import json
import resource
import sys
from pathlib import Path

import typst

ASSETS = Path(__file__).parent / "assets"
MEMORY = 3 * 1024**3
SECONDS = 120
REFUSED = 3


def typeset(data: str, *, accessible: bool) -> bytes:
    """The PDF of a document's words, to PDF/UA-1 where `accessible`.

    Only files beside the template are read, and only the portal's own fonts used.
    """
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(ASSETS / "fonts")])
    made = typst.compile(
        str(ASSETS / "report.typ"),
        root=str(ASSETS),
        font_paths=fonts,
        sys_inputs={"data": data},
        pdf_standards=["ua-1"] if accessible else [],
        package_path=str(ASSETS / "none"),
        package_cache_path=str(ASSETS / "none"),
    )
    return bytes(made)


def main() -> int:
    """One report from standard input to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    order = json.load(sys.stdin)
    try:
        made = typeset(order["data"], accessible=order["accessible"])
    except typst.TypstError as error:
        sys.stderr.write(str(error))
        return REFUSED
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
