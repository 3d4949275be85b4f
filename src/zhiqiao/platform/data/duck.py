"""DuckDB in memory, opened once per process: every look into Parquet files is a connection to the same one.

Opening a database takes twenty milliseconds of CPU, a further connection to it a fraction of one. Views and prepared
statements belong to the connection; nothing is ever stored in the database itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import duckdb

__all__ = ["opened"]


@contextmanager
def opened(*, within: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection of one thread; with `within` it reads files of that folder and nothing else."""
    with _database(os.getpid(), within).cursor() as connection:
        try:
            yield connection
        except (duckdb.FatalException, duckdb.InternalException):
            _database.cache_clear()  # after such an error it refuses every further question
            raise


@lru_cache(maxsize=4)
def _database(_process: int, within: Path | None) -> duckdb.DuckDBPyConnection:
    """Open a database; a forked process must not use that of its parent."""
    connection = duckdb.connect(":memory:", config={"threads": 1})
    connection.execute(
        "SET enable_external_file_cache = false"
    )  # no memory for files that may not come again
    if within is not None:
        folder = str(within).replace("'", "''")  # settings take no parameters
        connection.execute(f"SET allowed_directories = ['{folder}/']")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
    return connection
