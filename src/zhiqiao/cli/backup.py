"""`zhiqiao backup FILE` and `zhiqiao restore FILE`: the whole data folder in one archive."""

from __future__ import annotations

import argparse
from pathlib import Path

from zhiqiao.cli import _checks, _django
from zhiqiao.cli._archive import Manifest, pack, unpack
from zhiqiao.cli._say import Fault, Verbs, add_place, say
from zhiqiao.infra.config import config


def add_parser(verbs: Verbs) -> None:
    """Add the verbs."""
    backup = verbs.add_parser("backup", help="备份到一个文件 write everything into one file")
    add_place(backup)
    backup.add_argument("file", type=Path, help="备份文件 FILE.tar.gz")
    backup.set_defaults(main=run_backup)
    restore = verbs.add_parser("restore", help="从备份恢复到空目录 restore into an empty folder")
    add_place(restore)
    restore.add_argument("file", type=Path, help="备份文件 FILE.tar.gz")
    restore.set_defaults(main=run_restore)


def run_backup(arguments: argparse.Namespace) -> int:
    """Write the archive; the product may go on running."""
    if not config().database_url and not (config().data / "zhiqiao.sqlite3").exists():
        raise Fault(
            f"{config().data} 中没有数据，无需备份。请检查 --data",
            f"There is nothing to back up in {config().data}. Check --data",
        )
    _django.check_readable()
    _django.start()
    manifest = pack(arguments.file, data=config().data)
    _tell("已备份", "Backed up", manifest)
    return 0


def run_restore(arguments: argparse.Namespace) -> int:
    """Fill an empty data folder from the archive, all or nothing."""
    folder = config().data
    _checks.data_folder()
    if any(folder.iterdir()):
        raise Fault(
            f"数据目录不是空的：{folder}。请指定一个空目录：zhiqiao restore 备份文件 --data 目录",
            f"The data folder is not empty: {folder}. Name an empty one: zhiqiao restore FILE --data FOLDER",
        )
    manifest = unpack(arguments.file, data=folder)
    _tell("已恢复", "Restored", manifest)
    return 0


def _tell(zh: str, en: str, manifest: Manifest) -> None:
    rows, files = sum(manifest.rows.values()), len(manifest.files)
    head = manifest.audit_head.get("sequence", 0)
    say(
        f"{zh}：{len(manifest.rows)} 张表，{rows} 行，{files} 个文件，审计记录至第 {head} 条。",
        f"{en}: {len(manifest.rows)} tables, {rows} rows, {files} files, audit trail up to entry {head}.",
    )
