"""The database moves the head on with each entry, and refuses one that does not follow it."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

POSTGRESQL = """
CREATE FUNCTION audit_move_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE audit_audithead SET sequence = NEW.sequence, sha256 = NEW.sha256
        WHERE id = 1 AND sequence = NEW.sequence - 1 AND sha256 = NEW.previous_sha256;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the audit entry does not follow the head'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER audit_entry_moves_head AFTER INSERT ON audit_auditentry
    FOR EACH ROW EXECUTE FUNCTION audit_move_head();
"""
POSTGRESQL_BACK = """
DROP TRIGGER audit_entry_moves_head ON audit_auditentry;
DROP FUNCTION audit_move_head();
"""
SQLITE = """
CREATE TRIGGER audit_entry_moves_head AFTER INSERT ON audit_auditentry
BEGIN
    SELECT RAISE(ABORT, 'the audit entry does not follow the head') WHERE NOT EXISTS (
        SELECT 1 FROM audit_audithead
        WHERE id = 1 AND sequence = NEW.sequence - 1 AND sha256 = NEW.previous_sha256
    );
    UPDATE audit_audithead SET sequence = NEW.sequence, sha256 = NEW.sha256 WHERE id = 1;
END
"""
SQLITE_BACK = "DROP TRIGGER audit_entry_moves_head"


def forwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    schema_editor.execute(POSTGRESQL if on_postgresql else SQLITE)


def backwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    schema_editor.execute(POSTGRESQL_BACK if on_postgresql else SQLITE_BACK)


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]

    operations = [migrations.RunPython(forwards, backwards)]
