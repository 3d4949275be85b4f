"""Names in both languages, shown in the reader's."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language


def local_name(zh: str, en: str) -> str:
    """Return the name in the active language; the other one where it is missing."""
    return (en or zh) if (get_language() or "").startswith("en") else (zh or en)


@dataclass(frozen=True)
class Name:
    """A name in Chinese and English; prints itself in the active language."""

    zh: str
    en: str

    def __str__(self) -> str:
        return local_name(self.zh, self.en)
