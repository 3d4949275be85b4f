"""`zhiqiao doctor`: says what is missing and the one command that mends it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable

from zhiqiao.cli import _checks, _django
from zhiqiao.cli._say import Fault, Verbs, add_place
from zhiqiao.infra.config import config


def add_parser(verbs: Verbs) -> None:
    """Add the verb."""
    parser = verbs.add_parser("doctor", help="检查环境 say what is missing and what mends it")
    add_place(parser)
    parser.add_argument("--json", action="store_true", help="机器可读 for machines")
    parser.set_defaults(main=run)


def run(arguments: argparse.Namespace) -> int:
    """Run every check; 1 when one of them finds a fault."""
    found = {name: _fault(check) for name, check in _CHECKS.items()}
    if arguments.json:
        told = {
            name: None if fault is None else {"zh": fault.zh, "en": fault.en} for name, fault in found.items()
        }
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for name, fault in found.items():
            print(f"✓ {name}" if fault is None else f"✗ {name}\n  {fault.zh}\n  {fault.en}")
    return 1 if any(found.values()) else 0


def _fault(check: Callable[[], None]) -> Fault | None:
    try:
        check()
    except Fault as fault:
        return fault
    return None


def _database() -> None:
    """Stop when the database does not answer or is not up to date."""
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    if not config().database_url and not (config().data / "zhiqiao.sqlite3").exists():
        return  # nothing there yet; the first start makes it
    _django.check_readable()
    try:
        _django.start()
        executor = MigrationExecutor(connection)
        behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        raise Fault(
            f"数据库没有回应：{error}。请启动数据库，或检查 ZHIQIAO_DATABASE_URL",
            f"The database does not answer: {error}. Start it, or check ZHIQIAO_DATABASE_URL",
        ) from error
    if behind:
        raise Fault(
            f"数据库结构落后 {len(behind)} 步。请运行：zhiqiao migrate",
            f"The database is {len(behind)} steps behind. Run: zhiqiao migrate",
        )


_CHECKS: dict[str, Callable[[], None]] = {
    "Python": _checks.python_version,
    "数据目录 data folder": _checks.data_folder,
    "数据库 database": _database,
    "Node": _checks.node_wheel,
    "前端资源 assets": _checks.assets,
    "中文字体 fonts": _checks.fonts,
}
