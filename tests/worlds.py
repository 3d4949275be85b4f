"""Worlds: rows and files that many tests stand on, made once and laid under the transaction of each of them.

A world is a session fixture whose name ends in `_world`, made by `lay`:

    @pytest.fixture(scope="session")
    def region_world(request, places_world):
        yield from lay(request, make_region, places_world)

    @pytest.fixture
    def region(region_world, db):
        return deepcopy(region_world)

It lives in an outer transaction of its own, in which every test is a savepoint: a test may change and delete what it
likes, in the database and among the files the world has written. What a world returns is shared, so tests get copies.
A world that names another lies inside it. It is given up as soon as a test runs that asks for the database without
naming it; the tests of each module are ordered so that this is rare. A transactional test stands on no world.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, TypeVar

import pytest
from django.db import transaction

from zhiqiao.infra.config import config

__all__ = ["in_order", "lay", "stand_on"]

T = TypeVar("T")
_SUFFIX = "_world"


@dataclass
class _World:
    request: Any  # Any: pytest's SubRequest, which has no public name
    is_bare: bool = False
    files: dict[Path, tuple[int, int]] = field(default_factory=dict)
    copies: Path | None = None

    def carries(self, item: pytest.Item) -> bool:
        """Tell whether a test names this very world; another package may have one of the same name."""
        named = item._fixtureinfo.name2fixturedefs  # type: ignore[attr-defined]
        return not self.is_bare and self.request._fixturedef in named.get(self.request.fixturename, ())

    def give_up(self) -> None:
        """Let pytest end the fixture, and make it anew when a later test names it."""
        self.request._fixturedef.finish(self.request)

    def keep_files(self, before: set[Path]) -> None:
        """Remember the files that came with the world."""
        for path in sorted(_files() - before):
            self.files[path] = _stamp(path)
            self.copies = self.copies or Path(mkdtemp(prefix="world-", dir=_folder().parent))
            shutil.copy2(path, self.copies / str(len(self.files)))

    def restore_files(self) -> None:
        """Put back what a test has changed or removed of them."""
        for number, (path, stamp) in enumerate(self.files.items(), start=1):
            if not path.exists() or _stamp(path) != stamp:
                path.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(self.copies / str(number), path)  # type: ignore[operator]


_open: list[_World] = []
_transactional = False


def lay(
    request: Any,
    make: Callable[..., T],
    *args: object,
    or_bare: bool = False,  # Any: see above
) -> Iterator[T | None]:
    """Make a world inside the open ones and give what it returns; the fixture's own `request` names it.

    For a transactional test it fails, or gives None where the world may be missing (`or_bare`).
    """
    if _transactional and not or_bare:
        pytest.fail(f"{request.fixturename} lies in a transaction: a transactional test can not stand on it")
    request.getfixturevalue("django_db_setup")
    world = _World(request, is_bare=_transactional)
    _open.append(world)
    try:
        if world.is_bare:
            yield None
        else:
            yield from _laid(world, lambda: make(*args))
    finally:
        _open.remove(world)


def _laid(world: _World, make: Callable[[], T]) -> Iterator[T]:
    unblocked = world.request.getfixturevalue("django_db_blocker").unblock
    before = _files()
    with unblocked():
        outer = transaction.atomic()
        outer._from_testcase = True  # type: ignore[attr-defined] - durable blocks may lie in it, as in any test
        outer.__enter__()
    try:
        with unblocked():
            value = make()
        world.keep_files(before)
        yield value
    finally:
        with unblocked():
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)
        for path in world.files:
            path.unlink(missing_ok=True)
        if world.copies:
            shutil.rmtree(world.copies)


def stand_on(item: pytest.Item) -> None:
    """Give up the worlds that a test does not name, before its fixtures are set up."""
    global _transactional  # noqa: PLW0603 - tests of a process run one after the other
    marker = item.get_closest_marker("django_db")
    names = set(getattr(item, "fixturenames", ()))
    _transactional = "transactional_db" in names or bool(marker and marker.kwargs.get("transaction"))
    if not (_transactional or marker or "db" in names):
        return
    while any(_transactional or not world.carries(item) for world in _open):
        _open[-1].give_up()
    for world in _open:
        world.restore_files()


def in_order(items: list[pytest.Item]) -> list[pytest.Item]:
    """Order the tests of each module by the worlds they stand on."""
    ordered: list[pytest.Item] = []
    for _, module in groupby(items, key=lambda item: item.path):
        ordered += sorted(module, key=_worlds_of)
    return ordered


def _worlds_of(item: pytest.Item) -> tuple[int, list[str]]:
    names = sorted(name for name in getattr(item, "fixturenames", ()) if name.endswith(_SUFFIX))
    return len(names), names


def _folder() -> Path:
    return config().data


def _files() -> set[Path]:
    """Return the files of the data folder, without the database."""
    return {
        path for part in _folder().iterdir() if part.is_dir() for path in part.rglob("*") if path.is_file()
    }


def _stamp(path: Path) -> tuple[int, int]:
    state = path.stat()
    return state.st_mtime_ns, state.st_size
