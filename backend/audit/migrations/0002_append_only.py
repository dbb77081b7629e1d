"""Entries are only ever added: the database itself refuses to change or remove one."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

POSTGRESQL = """
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is only ever added to' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_entry_is_never_changed BEFORE UPDATE OR DELETE ON audit_auditentry
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_entry_is_never_truncated BEFORE TRUNCATE ON audit_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
"""
POSTGRESQL_BACK = """
DROP TRIGGER audit_entry_is_never_truncated ON audit_auditentry;
DROP TRIGGER audit_entry_is_never_changed ON audit_auditentry;
DROP FUNCTION audit_refuse_change();
"""
SQLITE = [
    f"""
CREATE TRIGGER audit_entry_is_never_{name} BEFORE {verb} ON audit_auditentry
BEGIN SELECT RAISE(ABORT, 'the audit trail is only ever added to'); END
"""
    for name, verb in (("changed", "UPDATE"), ("removed", "DELETE"))
]


def forwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("audit", "AuditHead").objects.get_or_create(pk=1)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)
    else:
        for statement in SQLITE:
            schema_editor.execute(statement)


def backwards(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_BACK)
    else:
        schema_editor.execute("DROP TRIGGER audit_entry_is_never_changed")
        schema_editor.execute("DROP TRIGGER audit_entry_is_never_removed")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunPython(forwards, backwards)]
