"""Database triggers that refuse changes of audit entries, and the first head row; set up after each migration.

They stand outside the migrations on purpose: SQLite rebuilds a table when a later migration changes it, which
silently drops its triggers.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

from zhiqiao.platform.governance.audit.seal import head_seal
from zhiqiao.platform.governance.models import AuditEvent, AuditHead, User

TABLE = AuditEvent._meta.db_table
VERBS = ("update", "delete")


def protect(connection: BaseDatabaseWrapper) -> None:
    """Install the triggers (idempotent)."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'audit entries are never changed or removed'; END $$"
            )
        for verb in VERBS:
            if connection.vendor == "postgresql":
                cursor.execute(
                    f"CREATE OR REPLACE TRIGGER audit_no_{verb} BEFORE {verb} ON {TABLE} "
                    "FOR EACH ROW EXECUTE FUNCTION audit_refuse()"
                )
            else:
                cursor.execute(
                    f"CREATE TRIGGER IF NOT EXISTS audit_no_{verb} BEFORE {verb} ON {TABLE} "
                    "BEGIN SELECT RAISE(ABORT, 'audit entries are never changed or removed'); END"
                )


def unprotect(connection: BaseDatabaseWrapper) -> None:
    """Remove the triggers; only a test database that is emptied between tests needs it."""
    with connection.cursor() as cursor:
        for verb in VERBS:
            on = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS audit_no_{verb}{on}")


def begin_trail() -> None:
    """Write the head row of a new database.

    Where there are people, somebody removed the trail: a new head would make that look whole.
    """
    if not AuditHead.objects.exists() and not AuditEvent.objects.exists() and not User.objects.exists():
        AuditHead.objects.create(id=1, sequence=0, digest="", seal=head_seal(0, ""))
