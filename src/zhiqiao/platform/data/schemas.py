"""What the JSON API of this package gives: only what the pages show to the same person."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from ninja import Schema

from zhiqiao.infra.rest import PageOut


class SkillOut(Schema):
    """A skill with its demand; count is null where postings may not be seen or there are none."""

    uuid: UUID
    key: str
    name_zh: str
    name_en: str
    kind: str
    category: str
    broader: str
    aliases: list[str]
    postings: int | None
    postings_total: int


class PostingOut(Schema):
    """A posting without its text."""

    uuid: UUID
    title: str
    company: str
    role: str | None
    role_confidence: float | None
    industry_code: str
    work_form: str
    signals: list[str] | None
    counts: bool
    city: str
    city_code: str
    salary_min: int | None
    salary_max: int | None
    diploma: str
    experience_min: float | None
    published: dt.date | None
    source: str
    is_demo: bool


class ImportOut(Schema):
    """An import: rows_in = kept + duplicates + quarantined."""

    uuid: UUID
    file_name: str
    source: str
    state: str
    created_at: dt.datetime
    finished_at: dt.datetime | None
    rows_in: int
    kept: int
    duplicates: int
    quarantined: int
    mentions: int
    is_shared: bool
    is_demo: bool


class SkillsOut(PageOut):
    """A page of skills."""

    items: list[SkillOut]


class PostingsOut(PageOut):
    """A page of postings."""

    items: list[PostingOut]


class ImportsOut(PageOut):
    """A page of imports."""

    items: list[ImportOut]
