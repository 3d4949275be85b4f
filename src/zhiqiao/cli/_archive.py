"""The backup archive: a database snapshot, the files of the data folder, and a manifest that proves both."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath

from zhiqiao import __version__
from zhiqiao.cli import _snapshot
from zhiqiao.cli._say import Fault

_FORMAT = 1
#: What of the data folder belongs to the data; the rest (tmp, static) is made again.
_KEPT = ("lake", "uploads", "secret.key", "seeded.json")


@dataclass(frozen=True)
class Manifest:
    """What an archive holds: rows per table, the audit trail's head, a SHA-256 per file."""

    version: str
    made_at: str
    database: str
    rows: dict[str, int]
    audit_head: dict[str, object]
    migrations: list[list[str]]
    files: dict[str, str] = field(default_factory=dict)
    format: int = _FORMAT


def pack(target: Path, *, data: Path) -> Manifest:
    """Write the archive of a data folder; nothing is left at `target` when it fails."""
    part = target.with_name(f"{target.name}.part")
    try:
        with tempfile.TemporaryDirectory(dir=data, prefix=".backup-") as scratch:
            snapshot = _snapshot.take(Path(scratch))
            manifest = Manifest(
                version=__version__,
                made_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
                database=snapshot.kind,
                rows=snapshot.rows,
                audit_head=snapshot.audit_head,
                migrations=snapshot.migrations,
            )
            with tarfile.open(part, "w:gz", compresslevel=5) as archive:
                for name, path in (*_below(Path(scratch), "database"), *_kept(data)):
                    manifest.files[name] = _digest(path)
                    archive.add(path, arcname=name, recursive=False)
                told = Path(scratch) / "manifest.json"
                told.write_text(json.dumps(asdict(manifest), indent=1), encoding="utf-8")
                archive.add(told, arcname="manifest.json")
        part.chmod(0o600)  # it holds the signing key and personal data
        part.replace(target)
    except OSError as error:
        raise Fault(
            f"无法写入备份：{target}（{error.strerror}）。请检查目录与磁盘空间",
            f"The backup can not be written: {target} ({error.strerror}). Check folder and disk space",
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return manifest


def _kept(data: Path) -> Iterator[tuple[str, Path]]:
    for name in _KEPT:
        path = data / name
        if path.is_dir():
            yield from _below(path, f"files/{name}")
        elif path.exists():
            yield f"files/{name}", path


def _below(folder: Path, prefix: str) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield f"{prefix}/{path.relative_to(folder).as_posix()}", path


def _digest(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def unpack(source: Path, *, data: Path) -> Manifest:
    """Fill the empty folder `data` from an archive; it is empty again when anything is wrong."""
    scratch = Path(tempfile.mkdtemp(dir=data, prefix=".restore-"))
    try:
        manifest = _extract(source, scratch)
        for path in sorted((scratch / "files").glob("*")):
            path.rename(data / path.name)
        _snapshot.put(scratch / "database", kind=manifest.database, data=data, migrations=manifest.migrations)
        found = _snapshot.state(data, kind=manifest.database)
        if found.rows != manifest.rows or found.audit_head != manifest.audit_head:
            wrong = sorted(name for name in manifest.rows if found.rows.get(name) != manifest.rows[name])
            raise _damaged(f"行数或审计链头不一致 rows or audit head differ: {', '.join(wrong[:5])}")
    except BaseException:
        for path in data.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise
    shutil.rmtree(scratch)
    return manifest


def _extract(source: Path, scratch: Path) -> Manifest:
    """Extract into an empty scratch folder and hold every file against the manifest."""
    if not source.exists():
        raise Fault(f"找不到备份文件：{source}", f"There is no such backup file: {source}")
    digests: dict[str, str] = {}
    try:
        with tarfile.open(source, "r:gz") as archive:
            for member in archive:
                digests[member.name] = _extract_one(archive, member, scratch)
        manifest = Manifest(**json.loads((scratch / "manifest.json").read_text(encoding="utf-8")))
        wrong = sorted(
            set(digests.items()) ^ {*manifest.files.items(), ("manifest.json", digests["manifest.json"])}
        )
    except (
        tarfile.TarError,
        gzip.BadGzipFile,
        EOFError,
        zlib.error,
        OSError,
        ValueError,
        TypeError,
        AttributeError,
        LookupError,
    ) as error:
        raise _damaged(error) from error
    if not any(name.startswith("database/") for name in digests):
        raise _damaged("database")
    if manifest.format != _FORMAT or wrong:
        raise _damaged(wrong[0][0] if wrong else f"format {manifest.format}")
    return manifest


def _extract_one(archive: tarfile.TarFile, member: tarfile.TarInfo, scratch: Path) -> str:
    """Write one member; refuses links and names that lead out of the folder."""
    name = PurePosixPath(member.name)
    content = archive.extractfile(member) if member.isfile() else None
    if content is None or not name.parts or name.is_absolute() or ".." in name.parts or "\\" in member.name:
        msg = f"{member.name}: 不安全的路径 unsafe path"
        raise ValueError(msg)
    if name.parts[0] not in {"manifest.json", "database", "files"}:
        msg = f"{member.name}: 不认识的文件 unknown file"
        raise ValueError(msg)
    path = scratch.joinpath(*name.parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with path.open("xb") as out:
        while block := content.read(1 << 20):
            digest.update(block)
            out.write(block)
    if name.parts[-1] == "secret.key":
        path.chmod(0o600)
    return digest.hexdigest()


def _damaged(reason: object) -> Fault:
    return Fault(
        f"备份文件已损坏或不是职桥备份：{reason}。数据目录保持为空，请换一个备份文件。",
        f"The backup is damaged or not one of Zhiqiao: {reason}. The folder stays empty; use another file.",
    )
