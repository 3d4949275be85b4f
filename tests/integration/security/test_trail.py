"""The audit trail against somebody with the database but without the key."""

from __future__ import annotations

import pytest
from django.db import connection

from zhiqiao.infra.db.frozen import lift, protect
from zhiqiao.platform.governance.audit import verify_audit
from zhiqiao.platform.governance.audit.trail import begin_trail
from zhiqiao.platform.governance.models import AuditEvent, AuditHead


@pytest.fixture
def wiped(alice, sign_in):
    """Remove the whole trail, head and all."""
    lift(connection)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {AuditEvent._meta.db_table}")
        cursor.execute(f"DELETE FROM {AuditHead._meta.db_table}")
    protect(connection.alias)


@pytest.mark.usefixtures("wiped")
def test_a_wiped_trail_does_not_begin_anew_with_the_next_start(alice):
    begin_trail()
    assert not verify_audit().holds


def test_a_new_database_begins_its_trail(db):
    AuditHead.objects.all().delete()
    begin_trail()
    assert verify_audit().holds
