"""Editions of standards: which is in force, what changed between two, whether a comparison is outdated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from zhiqiao.engines.standards._values import Comparison, Item, Outcome, Part, Standard


def newest(standards: Iterable[Standard], key: str, *, on: date) -> Standard | None:
    """Return the latest edition of a standard in force on a day."""
    found = [one for one in standards if one.key == key and one.valid_from <= on]
    return max(found, key=lambda one: one.valid_from, default=None)


def is_outdated(comparison: Comparison, standards: Iterable[Standard], *, on: date) -> bool:
    """Tell whether a plan was compared with an edition that a newer one has replaced by a day."""
    latest = newest(standards, comparison.standard, on=on)
    return latest is not None and latest.edition != comparison.edition


def changed(old: Standard, new: Standard) -> tuple[Item, ...]:
    """Return what a newer edition adds, drops or changes, by key; parts that either does not know are left out."""
    return tuple(item for item in _changes(old, new) if item.is_deviation)


def _changes(old: Standard, new: Standard) -> Iterator[Item]:
    for part, before, after in (
        (Part.POST, old.posts, new.posts),
        (Part.TASK, old.tasks, new.tasks),
        (Part.COURSE, old.courses, new.courses),
    ):
        if before is None or after is None:
            continue
        kept = {row.key for row in before} & {row.key for row in after}
        yield from (Item(part, Outcome.DROPPED, row.key, row.name) for row in before if row.key not in kept)
        yield from (Item(part, Outcome.ADDED, row.key, row.name) for row in after if row.key not in kept)
    hours = {course.key: course.hours for course in old.courses or ()}
    for course in new.courses or ():
        told = hours.get(course.key)
        if told is not None and course.hours is not None and told != course.hours:
            yield Item(Part.HOURS, Outcome.CHANGED, course.key, course.name, told=told, found=course.hours)
