"""Triggers that make the audit trail append-only.

Every migration that alters `audit_entry` runs `make_triggers` again afterwards: SQLite loses triggers when it rebuilds a
table. On SQLite a third one refuses INSERT OR REPLACE, which deletes without firing the trigger for DELETE.
"""

SAID = "The audit trail is append-only."

SQLITE = {
    "audit_entry_no_update": "BEFORE UPDATE ON audit_entry",
    "audit_entry_no_delete": "BEFORE DELETE ON audit_entry",
    "audit_entry_no_replace": (
        "BEFORE INSERT ON audit_entry WHEN EXISTS "
        "(SELECT 1 FROM audit_entry WHERE id = NEW.id OR position = NEW.position)"
    ),
}
POSTGRESQL = {
    "audit_entry_no_change": "BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW",
    "audit_entry_no_truncate": "BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT",
}
FUNCTION = f"""
CREATE OR REPLACE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{SAID}' USING ERRCODE = 'restrict_violation'; END $$
"""


def make_triggers(connection):
    """Create the triggers, dropping what is there under their names."""
    drop_triggers(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(FUNCTION)
            for name, when in POSTGRESQL.items():
                cursor.execute(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION audit_entry_refuse()")
            return
        for name, when in SQLITE.items():
            cursor.execute(f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{SAID}'); END")


def drop_triggers(connection):
    """Drop the triggers where they are."""
    with connection.cursor() as cursor:
        for name in POSTGRESQL if connection.vendor == "postgresql" else SQLITE:
            on = " ON audit_entry" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")
