"""Runs a command with the test database on PostgreSQL when a server answers.

Without one the command is left out, or fails when ZHIQIAO_REQUIRE names postgres.
"""

from __future__ import annotations

import os
import subprocess
import sys

import psycopg

DEFAULT = "postgresql://postgres@127.0.0.1:5432/postgres"


def main(command: list[str]) -> int:
    """Run the command on PostgreSQL; return its exit code."""
    address = os.environ.get("ZHIQIAO_TEST_DATABASE_URL") or DEFAULT
    try:
        psycopg.connect(address, connect_timeout=3).close()
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        required = "postgres" in os.environ.get("ZHIQIAO_REQUIRE", "").split(",")
        print(f"no PostgreSQL server for the tests: {reason}", file=sys.stderr)
        return 1 if required else 0
    return subprocess.run(
        command, env={**os.environ, "ZHIQIAO_TEST_DATABASE_URL": address}, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
