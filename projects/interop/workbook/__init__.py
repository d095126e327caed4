"""Framework workbooks (XLSX): a template with drop-downs and an example, and a reader that tells each cell at fault."""
