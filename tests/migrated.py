"""A SQLite file with every migration applied, made once and copied: applying them takes longer than most test files.

It is kept beside the packages of the virtual environment under a name that depends on the migrations, the triggers and
the pinned packages. `migrate` still runs on every copy, so that what is missing in it is applied.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = Path(sys.prefix) / ".zhiqiao-tests"
MADE_FROM = ("src/zhiqiao/**/migrations/*.py", "src/zhiqiao/infra/db/frozen.py", "requirements/dev.txt")


def template() -> Path:
    """Return where the migrated file of this state of the program lies, or would lie."""
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(path for pattern in MADE_FROM for path in ROOT.glob(pattern)):
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return FOLDER / f"{digest.hexdigest()[:16]}.sqlite3"


def copy(target: Path) -> bool:
    """Put the migrated file at a place; False when there is none yet."""
    source = template()
    if source.exists():
        shutil.copyfile(source, target)
    return source.exists()


@contextmanager
def alone() -> Iterator[None]:
    """Let one test process at a time make the file; the others wait and copy it."""
    FOLDER.mkdir(exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def keep(database: sqlite3.Connection) -> None:
    """Keep a freshly migrated database for the next ones."""
    target = template()
    partial = target.with_suffix(f".{os.getpid()}")
    with closing(sqlite3.connect(partial)) as copied:
        database.backup(copied)
    partial.replace(target)
