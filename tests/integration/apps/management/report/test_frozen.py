"""A published edition stays as it is: neither the product, nor Django's ORM, nor plain SQL changes or removes it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from tests.integration.apps.management.report.conftest import NOW, ActorOf
from zhiqiao.apps.management.errors import AlreadyDecided, BadEdit, Damaged
from zhiqiao.apps.management.models import (
    EditionBlock,
    EditionPart,
    EditionState,
    EditionStep,
    EditionText,
    ReportEdition,
)
from zhiqiao.apps.management.report.editing import edit_text
from zhiqiao.apps.management.report.parts import open_part
from zhiqiao.apps.management.report.signing import return_edition, withdraw
from zhiqiao.infra.db import frozen
from zhiqiao.platform.governance.models import User

EDITION, PART = ReportEdition._meta.db_table, EditionPart._meta.db_table
TEXT, STEP, BLOCK = EditionText._meta.db_table, EditionStep._meta.db_table, EditionBlock._meta.db_table


def refused(act: Callable[[], object]) -> None:
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        act()


def sql(statement: str) -> Callable[[], object]:
    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    return run


@pytest.mark.parametrize(
    "change",
    [
        {"year": 2030},
        {"state": "draft"},
        {"facts_digest": "0" * 64},
        {"documents": {}},
        {"signed_by": None},
        {"is_published": False},
        {"withdrawal": "so"},
        {"state": "withdrawn", "withdrawal": ""},
        {"state": "withdrawn", "withdrawal": "so", "number": 9},
    ],
)
def test_the_orm_changes_nothing_of_a_published_edition(
    published: ReportEdition, change: dict[str, object]
) -> None:
    refused(lambda: ReportEdition.objects.filter(pk=published.pk).update(**change))


def test_the_orm_removes_nothing(published: ReportEdition) -> None:
    refused(lambda: ReportEdition.objects.filter(pk=published.pk)._raw_delete("default"))
    for rows in (EditionPart.objects.all(), EditionBlock.objects.all(), EditionStep.objects.all()):
        assert rows.exists()
        refused(lambda rows=rows: rows._raw_delete("default"))


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE {EDITION} SET correction = 'x'",
        f"UPDATE {EDITION} SET made_at = published_at",
        f"DELETE FROM {EDITION}",
        f"UPDATE {PART} SET content = ''",
        f"UPDATE {PART} SET sha256 = 'x'",
        f"DELETE FROM {PART}",
        f"UPDATE {STEP} SET reason = 'x'",
        f"DELETE FROM {STEP}",
        f"UPDATE {BLOCK} SET key = 'x'",
        f"DELETE FROM {BLOCK}",
    ],
)
def test_plain_sql_changes_and_removes_nothing(published: ReportEdition, statement: str) -> None:
    refused(sql(statement))


def test_nothing_is_added_to_a_published_edition(published: ReportEdition, chief: User) -> None:
    root = published.org_root_id
    refused(
        lambda: EditionText.objects.create(
            org_root_id=root,
            edition=published,
            language="zh",
            key="summary.total",
            number=1,
            before="",
            after="别的话",
            generated="",
            by=chief,
            at=NOW,
        )
    )
    refused(
        lambda: EditionPart.objects.create(
            org_root_id=root,
            edition=published,
            kind="pdf",
            language="zh",
            sha256="0",
            size=1,
            content=b"x",
        )
    )


@pytest.mark.skipif(connection.vendor != "sqlite", reason="REPLACE is SQLite's")
@pytest.mark.parametrize("table", [EDITION, PART, STEP])
def test_replacing_a_row_is_no_way_around(published: ReportEdition, table: str) -> None:
    refused(sql(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1"))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite knows no TRUNCATE")
@pytest.mark.parametrize("table", [EDITION, PART, TEXT, STEP, BLOCK])
def test_emptying_a_table_is_no_way_around(published: ReportEdition, table: str) -> None:
    sql("SET CONSTRAINTS ALL IMMEDIATE")()  # what waits for the end of the transaction would refuse first
    refused(sql(f"TRUNCATE {table} CASCADE"))


def test_setting_the_triggers_up_again_changes_nothing(published: ReportEdition) -> None:
    frozen.protect("default")
    refused(sql(f"DELETE FROM {EDITION}"))


def test_a_draft_is_open_to_change(edition: ReportEdition) -> None:
    ReportEdition.objects.filter(pk=edition.pk).update(correction="noch offen")
    edition.refresh_from_db()
    assert edition.correction == "noch offen"


def test_what_people_did_with_a_draft_is_kept_too(edition: ReportEdition) -> None:
    refused(sql(f"DELETE FROM {STEP}"))
    refused(sql(f"UPDATE {PART} SET size = 0"))


def test_a_published_edition_can_be_withdrawn_once_with_a_reason(
    published: ReportEdition, officer: User, actor_of: ActorOf
) -> None:
    acting = actor_of(officer)
    with pytest.raises(BadEdit, match="理由"):
        withdraw(published.uuid, acting=acting, version=published.version, reason=" ", now=NOW)
    row = withdraw(published.uuid, acting=acting, version=published.version, reason="数据来源有误", now=NOW)
    row.refresh_from_db()
    assert (row.state, row.withdrawal, row.is_published) == (EditionState.WITHDRAWN, "数据来源有误", True)
    refused(lambda: ReportEdition.objects.filter(pk=row.pk).update(withdrawal="另一个理由"))
    with pytest.raises(AlreadyDecided):
        withdraw(row.uuid, acting=acting, version=row.version, reason="再撤", now=NOW)


def test_a_published_edition_is_neither_edited_nor_returned(
    published: ReportEdition, officer: User, chief: User, actor_of: ActorOf
) -> None:
    with pytest.raises(AlreadyDecided):
        edit_text(
            published.uuid,
            acting=actor_of(officer),
            language="zh",
            key="summary.total",
            seen=0,
            text="别的话",
            now=NOW,
        )
    with pytest.raises(AlreadyDecided):
        return_edition(
            published.uuid, acting=actor_of(chief), version=published.version, reason="再看", now=NOW
        )


def test_bytes_that_are_not_those_of_the_digest_are_not_given_out(published: ReportEdition) -> None:
    part = EditionPart.objects.filter(kind="pdf", language="zh").get()
    assert open_part(part).startswith(b"pdf zh")
    part.content = b"something else"
    with pytest.raises(Damaged, match="摘要"):
        open_part(part)
