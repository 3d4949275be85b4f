"""Rows that are never changed again: the database itself refuses, whoever asks and by whatever way.

A package says which rows (`freeze`); the triggers are set up after each migration and stand outside the migrations on
purpose: SQLite rebuilds a table when a later migration changes it, which silently drops its triggers. Whoever owns the
database can remove triggers; what must be provable beyond that carries a digest that the audit trail has too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

__all__ = ["Frozen", "freeze", "lift", "protect"]

_VERBS = ("insert", "update", "delete")


@dataclass(frozen=True)
class Frozen:
    """Rows of a table that stay as they are.

    `rows` is a condition in SQL on a row named `OLD`; `into` one on the new row (`NEW`) that may not be added; `open`
    names columns that may still change while `door`, a condition on OLD and NEW, holds. All rows when `rows` is empty.
    """

    model: type[models.Model]
    message: str
    rows: str = ""
    into: str = ""
    open: tuple[str, ...] = ()
    door: str = ""


_FROZEN: list[Frozen] = []


def freeze(*wanted: Frozen) -> None:
    """Declare frozen rows; called once when a package is loaded."""
    _FROZEN.extend(one for one in wanted if one not in _FROZEN)


def protect(using: str) -> None:
    """Set up all triggers anew (idempotent); tables that are not there yet are left out."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    for one in _FROZEN:
        if one.model._meta.db_table in tables:
            _install(connection, one)


def lift(connection: BaseDatabaseWrapper) -> None:
    """Remove the triggers; only a test database that is emptied between tests needs it."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in {one.model._meta.db_table for one in _FROZEN} & tables:
            for statement in _drops(connection.vendor, table):
                cursor.execute(statement)


def _install(connection: BaseDatabaseWrapper, one: Frozen) -> None:
    table = one.model._meta.db_table
    conditions = _conditions(one, connection.vendor)
    # as one: rows are open at no moment, and those who write meanwhile see the old triggers or the new ones
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for statement in (*_drops(connection.vendor, table), *_creates(connection.vendor, one, conditions)):
            cursor.execute(statement)


def _drops(vendor: str, table: str) -> list[str]:
    on = f" ON {table}" if vendor == "postgresql" else ""
    verbs = (*_VERBS, "truncate") if vendor == "postgresql" else _VERBS
    return [f"DROP TRIGGER IF EXISTS {table}_no_{verb}{on}" for verb in verbs]


def _conditions(one: Frozen, vendor: str) -> dict[str, str]:
    """Return for each verb when it is refused."""
    rows = f"({one.rows})" if one.rows else "(1 = 1)"
    update = rows
    if one.door:
        update = f"{rows} AND NOT (({one.door}) AND {_same(one, vendor)})"
    # on PostgreSQL a taken key is refused as such, or becomes an update: each insert there is spared the search
    added = [one.into, _replaced(one) if vendor == "sqlite" else ""]
    insert = " OR ".join(f"({condition})" for condition in added if condition)
    return {**({"insert": insert} if insert else {}), "update": update, "delete": rows}


def _same(one: Frozen, vendor: str) -> str:
    """Return that every column but the open ones is as it was."""
    equal = "IS NOT DISTINCT FROM" if vendor == "postgresql" else "IS"
    columns = [field.column for field in one.model._meta.concrete_fields if field.column not in one.open]
    return " AND ".join(f'NEW."{column}" {equal} OLD."{column}"' for column in columns)


def _replaced(one: Frozen) -> str:
    """Return that an added row would take the place of another: SQLite's REPLACE deletes without a delete trigger."""
    meta = one.model._meta
    column = {field.name: str(field.column) for field in meta.concrete_fields}
    alone = [[column[field.name]] for field in meta.concrete_fields if field.unique]
    together = [
        [column[name] for name in constraint.fields]
        for constraint in meta.constraints
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields and not constraint.condition
    ]
    keys = [_match(columns) for columns in (*alone, *together)]
    frozen = one.rows.replace("OLD.", "t.") or "1 = 1"
    return f"EXISTS (SELECT 1 FROM {meta.db_table} t WHERE ({' OR '.join(keys)}) AND ({frozen}))"  # noqa: S608


def _match(columns: Sequence[str]) -> str:
    return "(" + " AND ".join(f't."{column}" = NEW."{column}"' for column in columns) + ")"


def _creates(vendor: str, one: Frozen, conditions: dict[str, str]) -> list[str]:
    table = one.model._meta.db_table
    if vendor != "postgresql":
        return [
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{one.message}'); END"
            for verb, condition in conditions.items()
        ]
    found = []
    for verb, condition in (*conditions.items(), ("truncate", "1 = 1")):
        result = {"delete": "OLD", "truncate": "NULL"}.get(verb, "NEW")
        each = "STATEMENT" if verb == "truncate" else "ROW"
        found += [
            f"CREATE OR REPLACE FUNCTION {table}_no_{verb}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {condition} THEN RAISE EXCEPTION '{one.message}'; END IF; RETURN {result}; END $$",
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} "
            f"FOR EACH {each} EXECUTE FUNCTION {table}_no_{verb}()",
        ]
    return found
