"""Standards from TOML files, a file an edition; everything wrong is named by its place."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from zhiqiao.engines.kernel import EngineError, ShapeError, from_json
from zhiqiao.engines.standards._values import Standard


class StandardError(EngineError):
    """Raised when a standard can not be used, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")
        self.zh = zh
        self.en = en


def read_standard(path: Path) -> Standard:
    """Read one edition; raise StandardError with all that is wrong."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=_exact)
        standard = from_json(Standard, _plain(data))
    except ShapeError as error:
        raise StandardError(f"{path.name}：{error.zh}", f"{path.name}: {error.en}") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise StandardError(f"{path.name}：{error}", f"{path.name}: {error}") from error
    if dangling := list(_dangling(standard)):
        listed = "、".join(dangling)
        raise StandardError(
            f"{path.name}：所指的行不存在：{listed}", f"{path.name}: there are no such rows: {listed}"
        )
    return standard


def read_standards(folder: Path) -> tuple[Standard, ...]:
    """Read every edition in a folder; raise StandardError also where one edition stands twice."""
    found = tuple(read_standard(path) for path in sorted(folder.glob("*.toml")))
    names = [(one.key, one.edition) for one in found]
    twice = sorted({f"{key} {edition}" for key, edition in names if names.count((key, edition)) > 1})
    if twice:
        listed = "、".join(twice)
        raise StandardError(f"版本重复：{listed}", f"an edition stands twice: {listed}")
    return found


def _dangling(standard: Standard) -> Iterator[str]:
    posts = {post.key for post in standard.posts or ()}
    tasks = {task.key for task in standard.tasks or ()}
    for task in standard.tasks or ():
        yield from (f"tasks[{task.key}].posts: {key}" for key in task.posts or () if key not in posts)
    for course in standard.courses or ():
        yield from (f"courses[{course.key}].tasks: {key}" for key in course.tasks or () if key not in tasks)


def _exact(text: str) -> int | Decimal:
    value = Decimal(text)
    return int(value) if value == value.to_integral_value() else value


def _plain(value: object) -> object:
    """Return TOML values as those of JSON: days as text."""
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value
