"""Tables of this package."""

from __future__ import annotations


def gap_table(*_: object) -> object:
    raise NotImplementedError


def programme_table(*_: object) -> object:
    raise NotImplementedError
