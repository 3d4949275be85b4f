"""Starts Django inside a command and brings the database up to date."""

from __future__ import annotations

import sqlite3

import django
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from zhiqiao.cli._say import Fault
from zhiqiao.infra.config import config


def start() -> None:
    """Load settings and packages."""
    django.setup()


def damaged(reason: object) -> Fault:
    """Return the fault of a database that can not be read."""
    return Fault(
        f"数据库已损坏或无法读取：{reason}。请用备份恢复到空目录：zhiqiao restore 备份文件 --data 新目录",
        f"The database is damaged or can not be read: {reason}. "
        "Restore a backup into an empty folder: zhiqiao restore FILE --data NEW_FOLDER",
    )


def check_readable() -> None:
    """Stop with a sentence when the SQLite file is not a sound database; cheap on any size."""
    path = config().data / "zhiqiao.sqlite3"
    if config().database_url or not path.exists():
        return
    try:
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30) as database:
            database.execute("SELECT count(*) FROM sqlite_master").fetchone()
            database.execute("PRAGMA schema_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise damaged(error) from error


def unknown_migrations() -> list[str]:
    """Return migrations that were applied here but that this program does not know."""
    loader = MigrationLoader(connection)
    ours = {app for app, _ in loader.disk_migrations}
    applied = {key for key in loader.applied_migrations if key[0] in ours}
    return sorted(".".join(key) for key in applied - set(loader.disk_migrations))


def migrate(*, verbosity: int = 0) -> None:
    """Bring the database to this program's state; refuses one that a newer program wrote."""
    check_readable()
    try:
        newer = unknown_migrations()
    except DatabaseError as error:
        raise damaged(error) from error
    if newer:
        raise Fault(
            f"数据目录由更新版本的程序写入（{newer[0]}）。请升级程序，或换一个数据目录：DATA=目录",
            f"The data folder was written by a newer program ({newer[0]}). "
            "Upgrade the program, or name another folder: DATA=FOLDER",
        )
    call_command("migrate", verbosity=verbosity, interactive=False)
    call_command("createcachetable", verbosity=verbosity)
