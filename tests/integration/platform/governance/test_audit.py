"""The audit trail: what is written, that nothing changes it, and that tampering is found and named."""

from __future__ import annotations

import threading

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import OrganisationFactory, person_with
from zhiqiao.infra.db.frozen import lift, protect
from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.audit import audit, audit_head, verify_audit
from zhiqiao.platform.governance.audit.write import AuditBrokenError
from zhiqiao.platform.governance.models import AuditEvent, AuditHead, Role
from zhiqiao.platform.governance.models.audit import UnchangeableError

SOMEBODY = Actor(user_id=7, name="某人", role="teacher", org_root_id=1, address="127.0.0.1")


def write(number: int) -> list[AuditEvent]:
    return [
        audit(SOMEBODY, "postings.imported", ("posting", index), detail={"n": index})
        for index in range(number)
    ]


@pytest.fixture
def tamper(transactional_db):
    """Change the table behind the triggers' back, as somebody with the database file could."""

    def _tamper(sql: str) -> None:
        lift(connection)
        with connection.cursor() as cursor:
            cursor.execute(sql)
        protect(connection.alias)

    return _tamper


def faults() -> list[tuple[str, int]]:
    return [(fault.kind, fault.sequence) for fault in verify_audit().faults]


def test_an_entry_says_who_did_what_on_what(alice, actor_of):
    event = audit(actor_of(alice), "people.read", alice, detail={"rows": 3}, succeeded=False)
    assert (event.actor_id, event.role, event.action, event.succeeded) == (
        alice.id,
        "programme_head",
        "people.read",
        False,
    )
    assert (event.object_kind, event.object_id) == ("governance.user", str(alice.uuid))


def test_an_untouched_trail_holds(db):
    write(20)
    verdict = verify_audit()
    assert verdict.holds
    assert verdict.entries == 20
    assert audit_head() == (20, verdict.head_digest)


def test_an_empty_trail_holds(db):
    assert verify_audit().holds


@pytest.mark.parametrize(
    "detail", [{"share": 0.1}, {"text": "a\x00b"}, {"deep": [{"x": 1e300}]}, {"中文": "值"}]
)
def test_details_survive_the_database(db, detail):
    audit(SOMEBODY, "x", detail=detail)
    assert verify_audit().holds


def test_the_model_refuses_changes(db):
    event = write(1)[0]
    event.action = "nothing"
    for change in (
        event.save,
        event.delete,
        AuditEvent.objects.all().delete,
        lambda: AuditEvent.objects.update(action=""),
    ):
        with pytest.raises(UnchangeableError):
            change()


@pytest.mark.parametrize(
    "verb", ["UPDATE governance_auditevent SET action = 'x'", "DELETE FROM governance_auditevent"]
)
def test_the_database_refuses_changes(db, verb):
    write(2)
    with pytest.raises(DatabaseError, match="never changed or removed"), transaction.atomic():
        connection.cursor().execute(verb)
    assert verify_audit().holds


def test_the_database_refuses_the_ways_around(db):
    write(2)
    table = "governance_auditevent"
    around = {
        "sqlite": f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1",
        "postgresql": f"TRUNCATE {table}",
    }
    with pytest.raises(DatabaseError, match="never changed or removed"), transaction.atomic():
        connection.cursor().execute(around[connection.vendor])
    assert verify_audit().holds


@pytest.mark.parametrize(
    "column", ["action = 'other'", "actor_name = '别人'", "succeeded = false", "detail = '{}'"]
)
def test_an_edited_entry_is_named(tamper, column):
    write(5)
    tamper(f"UPDATE governance_auditevent SET {column} WHERE sequence = 3")
    assert faults() == [("edited", 3)]


def test_a_removed_entry_is_named(tamper):
    write(5)
    tamper("DELETE FROM governance_auditevent WHERE sequence = 3")
    assert faults() == [("missing", 3)]


def test_removed_first_entries_are_named(tamper):
    write(5)
    tamper("DELETE FROM governance_auditevent WHERE sequence <= 2")
    assert faults() == [("missing", 1)]


def test_cut_off_entries_are_named(tamper):
    write(5)
    tamper("DELETE FROM governance_auditevent WHERE sequence >= 4")
    assert faults() == [("cut_off", 4)]


def test_entries_cut_off_with_the_head_set_back_are_found(tamper):
    write(5)
    digest = AuditEvent.objects.get(sequence=3).digest
    tamper("DELETE FROM governance_auditevent WHERE sequence >= 4")
    tamper(f"UPDATE governance_audithead SET sequence = 3, digest = '{digest}'")
    assert faults() == [("head", 3)]


def test_reordered_entries_are_named(tamper):
    write(5)
    for old, new in ((2, 99), (3, 2), (99, 3)):
        tamper(f"UPDATE governance_auditevent SET sequence = {new} WHERE sequence = {old}")
    assert ("edited", 2) in faults()
    assert ("edited", 3) in faults()


def test_an_inserted_entry_is_named(tamper):
    write(3)
    last = AuditEvent.objects.get(sequence=3)
    same = "at, action, actor_name, role, object_kind, object_id, succeeded, address, detail"
    tamper(
        f"INSERT INTO governance_auditevent (sequence, {same}, previous, digest)"
        f" SELECT 4, {same}, '{last.digest}', '{'0' * 64}' FROM governance_auditevent WHERE sequence = 3"
    )
    assert ("edited", 4) in faults()


def test_a_trail_of_another_key_does_not_hold(db, settings):
    write(2)
    settings.SECRET_KEY = "another key of the same length as the first one was"
    assert not verify_audit().holds


def test_a_lost_head_stops_writing(tamper):
    write(1)
    tamper("DELETE FROM governance_audithead")
    with pytest.raises(AuditBrokenError):
        write(1)
    assert ("head", 1) in faults()


def test_a_head_that_was_set_back_stops_writing_and_hides_no_entry(tamper):
    write(3)
    tamper("UPDATE governance_audithead SET sequence = 1")
    with pytest.raises(AuditBrokenError):
        write(1)
    assert AuditEvent.objects.count() == 3


def test_a_failed_transaction_leaves_no_entry(transactional_db):
    with transaction.atomic():
        write(1)
        transaction.set_rollback(True)
    write(1)
    assert verify_audit().holds
    assert AuditEvent.objects.count() == 1


def test_writers_at_once_do_not_fork_the_chain(transactional_db):
    def writer() -> None:
        try:
            write(10)
        finally:
            connection.close()

    threads = [threading.Thread(target=writer) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    verdict = verify_audit()
    assert verdict.holds
    assert verdict.entries == 40


def test_the_head_is_made_once_and_not_over_an_existing_trail(db):
    from zhiqiao.platform.governance.audit.trail import begin_trail

    write(1)
    begin_trail()
    assert AuditHead.objects.get().sequence == 1


def test_the_export_is_on_record_and_runs_no_formula(auditor, sign_in):
    audit(Actor(None, "=cmd()", ""), "account.signed_in")
    body = b"".join(sign_in(auditor).get("/audit/export/").streaming_content).decode()
    assert "'=cmd()" in body
    assert AuditEvent.objects.filter(action="audit.exported", actor_id=auditor.id).exists()


def test_the_page_verifies(auditor, sign_in):
    page = sign_in(auditor).post("/audit/verify/").content.decode()
    assert "每一条都与写下时相同" in page


@pytest.mark.parametrize("who", ["alice", "sysadmin", "secadmin", "officer"])
def test_only_the_audit_administrator_reads_it(who, request, sign_in):
    client = sign_in(request.getfixturevalue(who))
    for url in ("/audit/", "/audit/export/"):
        assert client.get(url).status_code == 404
    assert client.post("/audit/verify/").status_code == 404


TAMPERING = {
    "edited": "UPDATE governance_auditevent SET detail = '{}' WHERE sequence = 2",
    "missing": "DELETE FROM governance_auditevent WHERE sequence = 2",
    "cut_off": "DELETE FROM governance_auditevent WHERE sequence >= 2",
    "head": "UPDATE governance_audithead SET sequence = 1",
}


@pytest.mark.parametrize("kind", TAMPERING)
def test_every_fault_is_told_in_both_languages(kind, tamper, sign_in):
    auditor = person_with(Role.AUDIT_ADMIN, OrganisationFactory(kind="operator"))
    write(3)
    tamper(TAMPERING[kind])
    assert kind in {found for found, _sequence in faults()}
    texts = []
    for language in ("zh-hans", "en"):
        client = sign_in(auditor)
        client.cookies["zq_language"] = language
        page = client.post("/audit/verify/")
        found = [fault["text"] for fault in page.context["faults"]]
        assert found
        assert any("\u4e00" <= sign <= "\u9fff" for sign in found[0]) == (language == "zh-hans")
        texts.append(found[0])
    assert len(set(texts)) == 2


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    column=st.sampled_from(["action", "actor_name", "role", "object_kind", "object_id", "address"]),
    number=st.integers(1, 6),
    value=st.text(alphabet="abc甲乙 ", min_size=1, max_size=8),
)
def test_no_changed_cell_goes_unnoticed(db, column, number, value):
    with transaction.atomic():
        write(6)
        last = AuditEvent.objects.order_by("-sequence")[:6][6 - number]
        before = getattr(last, column)
        lift(connection)
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE governance_auditevent SET {column} = %s WHERE id = %s", [value, last.id])
        found = ("edited", last.sequence) in faults()
        assert found == (value != before)
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("action=people", 2),
        ("action=people.read", 1),
        ("person=alice", 1),
        ("failed=on", 1),
        ("since=2999-01-01", 0),
        ("until=2000-01-01", 0),
        ("since=2000-01-01&until=2999-01-01&action=people", 2),
        ("since=not-a-day&action=people", 4),
    ],
)
def test_the_trail_is_narrowed(query, count, auditor, alice, actor_of, sign_in):
    audit(actor_of(alice), "people.read")
    audit(SOMEBODY, "people.exported")
    audit(SOMEBODY, "access.refused", succeeded=False)
    audit(SOMEBODY, "postings.read")
    assert sign_in(auditor).get(f"/audit/?{query}").context["rows"].paginator.count == count


def test_long_trails_export_whole(auditor, sign_in):
    write(1200)
    body = b"".join(sign_in(auditor).get("/audit/export/?action=postings").streaming_content).decode()
    assert body.count("postings.imported") == 1200
    assert body.startswith("\ufeffsequence,")
