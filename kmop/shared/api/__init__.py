"""What every REST endpoint has in common: problems, pages, versions, idempotency, dry runs, exports, limits, schema."""
