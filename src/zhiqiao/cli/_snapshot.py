"""A consistent copy of the database, SQLite by its backup interface and PostgreSQL by COPY in one snapshot.

A copy goes back into the same kind of database; the two kinds are not converted into each other.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhiqiao.cli import _django
from zhiqiao.cli._say import Fault
from zhiqiao.infra.config import config

_SQLITE = "zhiqiao.sqlite3"
_HEAD = "SELECT sequence, digest FROM governance_audithead"
_MIGRATIONS = "SELECT app, name FROM django_migrations ORDER BY id"
#: Asks a database one question and returns all rows; both drivers fit.
_Ask = Callable[[str], Iterable[tuple[Any, ...]]]  # Any: whatever the columns hold


@dataclass(frozen=True)
class State:
    """What can be compared between two databases."""

    kind: str
    rows: dict[str, int]
    audit_head: dict[str, object]
    migrations: list[list[str]]


def _state(kind: str, tables: list[str], ask: _Ask) -> State:
    def one(question: str) -> tuple[Any, ...]:  # Any: see above
        return next(iter(ask(question)), (0, ""))

    rows = {name: int(one(f'SELECT count(*) FROM "{name}"')[0]) for name in tables}  # noqa: S608 - own tables
    head = one(_HEAD) if "governance_audithead" in rows else (0, "")
    applied = [list(row) for row in ask(_MIGRATIONS)]
    return State(kind, rows, {"sequence": head[0], "digest": head[1]}, applied)


def take(folder: Path) -> State:
    """Write a snapshot into `folder` and return its state."""
    return _take_postgresql(folder) if config().database_url else _take_sqlite(folder)


def put(folder: Path, *, kind: str, data: Path, migrations: list[list[str]]) -> None:
    """Bring a snapshot back into the empty database of this data folder."""
    wanted = "postgresql" if config().database_url else "sqlite"
    if kind != wanted:
        raise Fault(
            f"备份来自 {kind}，当前数据库是 {wanted}。请设置或清空 ZHIQIAO_DATABASE_URL",
            f"The backup is of {kind}, this database is {wanted}. Set or empty ZHIQIAO_DATABASE_URL",
        )
    if kind == "sqlite":
        (folder / _SQLITE).rename(data / _SQLITE)
    else:
        _put_postgresql(folder, migrations)


def state(data: Path, *, kind: str) -> State:
    """Return the state of the database as it is now."""
    if kind == "sqlite":
        with closing(sqlite3.connect(data / _SQLITE)) as database:
            return _state_sqlite(database)
    from django.db import connection

    with connection.cursor() as cursor:
        return _state_postgresql(cursor.cursor)


# SQLite


def _state_sqlite(database: sqlite3.Connection) -> State:
    named = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    )
    return _state("sqlite", sorted(name for (name,) in named), database.execute)


def _take_sqlite(folder: Path) -> State:
    source_path = config().data / _SQLITE
    with (
        closing(sqlite3.connect(source_path, timeout=30)) as source,
        closing(sqlite3.connect(folder / _SQLITE)) as copy,
    ):
        source.backup(copy)
        return _state_sqlite(copy)


# PostgreSQL


def _state_postgresql(cursor: Any) -> State:  # Any: psycopg's cursor, typed only where it is installed
    def ask(question: str) -> list[tuple[Any, ...]]:  # Any: see above
        return list(cursor.execute(question).fetchall())

    return _state("postgresql", _tables(ask), ask)


def _tables(ask: _Ask) -> list[str]:
    named = ask("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename")
    return [name for (name,) in named]


def _take_postgresql(folder: Path) -> State:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as django_cursor:
        django_cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor = django_cursor.cursor
        found = _state_postgresql(cursor)
        for name in found.rows:
            with (
                (folder / f"{name}.copy").open("wb") as out,
                cursor.copy(f'COPY "{name}" TO STDOUT') as source,
            ):
                out.writelines(source)
        return found


def _put_postgresql(folder: Path, migrations: list[list[str]]) -> None:
    from django.core.management import call_command
    from django.db import connection, transaction
    from django.db.migrations.executor import MigrationExecutor

    _django.start()
    if connection.introspection.table_names():
        raise Fault(
            "PostgreSQL 数据库不是空的。请新建一个空数据库，再设置 ZHIQIAO_DATABASE_URL",
            "The PostgreSQL database is not empty. Make an empty one and name it in ZHIQIAO_DATABASE_URL",
        )
    # the tables as they were when the backup was made; a newer program goes on from there at the next start
    executor = MigrationExecutor(connection)
    executor.migrate([(app, name) for app, name in migrations])
    call_command("createcachetable", verbosity=0)
    names = [path.stem for path in sorted(folder.glob("*.copy"))]
    with transaction.atomic(), connection.cursor() as django_cursor:
        cursor = django_cursor.cursor
        listed = ", ".join(f'"{name}"' for name in names)
        cursor.execute(f"TRUNCATE {listed}")  # what migrations wrote
        for name in names:
            with (
                (folder / f"{name}.copy").open("rb") as source,
                cursor.copy(f'COPY "{name}" FROM STDIN') as out,
            ):
                while block := source.read(1 << 20):
                    out.write(block)
        _set_sequences(cursor)


def _set_sequences(cursor: Any) -> None:  # Any: psycopg's cursor
    columns = (
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = current_schema() AND (is_identity = 'YES' OR column_default LIKE 'nextval%')"
    )
    for table, column in cursor.execute(columns).fetchall():
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('\"{table}\"', '{column}'), "  # noqa: S608 - names of own tables
            f'greatest((SELECT max("{column}") FROM "{table}"), 1))'
        )
