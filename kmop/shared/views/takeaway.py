"""Rows as a file to take away."""

from collections.abc import Iterable, Sequence

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse

from kmop.shared.exports import Row, csv_chunks, xlsx_file

FORMATS = {"xlsx": "Excel", "csv": "CSV"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def rows_file(
    wanted: str, *, name: str, header: Sequence[str], rows: Iterable[Row], sheet: str = ""
) -> HttpResponseBase:
    """The rows as a download `name` (with its ending) in one of `FORMATS`; `sheet` names the Excel file's sheet."""
    if wanted == "csv":
        answer = StreamingHttpResponse(csv_chunks(header, rows), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer
    made = xlsx_file(sheet, header, rows)
    return FileResponse(made, as_attachment=True, filename=name, content_type=XLSX)
