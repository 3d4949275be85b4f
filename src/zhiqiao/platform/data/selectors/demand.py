"""Demand for skills: how many of the live, visible postings of some posts ask for each, by import and by month."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum

from zhiqiao.infra.db.names import Name
from zhiqiao.platform.data.figures import demand_uuid, scope_of
from zhiqiao.platform.data.models import (
    ImportState,
    PostingImport,
    PostingSkill,
    RoleCount,
    Skill,
    SkillCategory,
    SkillCount,
    SkillKind,
)
from zhiqiao.platform.governance.api import Actor, visible

__all__ = [
    "METHOD",
    "METHOD_VERSION",
    "DemandTable",
    "ImportShare",
    "Live",
    "SkillDemandRow",
    "SkillView",
    "catalogue",
    "demand",
    "live",
    "live_imports",
    "skill_totals",
    "skills_by_key",
]

METHOD = "data.demand"
METHOD_VERSION = "1"


@dataclass(frozen=True)
class SkillView:
    """A skill of the catalogue."""

    id: int
    uuid: UUID
    key: str
    name: Name
    kind: str
    category: str
    category_name: Name
    broader: str

    @property
    def kind_label(self) -> str:
        """Return what the kind is called."""
        return str(SkillKind(self.kind).label)


@dataclass(frozen=True)
class Live:
    """The imports whose postings an actor sees and that count, asked for once per page."""

    imports: tuple[PostingImport, ...]

    @property
    def ids(self) -> list[int]:
        """Return their ids."""
        return [row.pk for row in self.imports]

    @property
    def is_demo(self) -> bool:
        """Tell whether demonstration data is among them, so that figures and exports say so."""
        return any(row.is_demo for row in self.imports)


@dataclass(frozen=True)
class SkillDemandRow:
    """How many postings ask for a skill; `months` maps yyyy-mm to (asking, all) of the postings with a date."""

    skill_id: int
    uuid: UUID
    figure_uuid: UUID
    key: str
    name: Name
    kind: str
    category: str
    broader: str
    count: int
    total: int
    by_import: Mapping[UUID, int]
    months: Mapping[str, tuple[int, int]]

    @property
    def share(self) -> float | None:
        """Return the share of postings, None when there are none."""
        return self.count / self.total if self.total else None


@dataclass(frozen=True)
class ImportShare:
    """An import behind a figure, how far its source is trusted, and how many of its postings count in it."""

    uuid: UUID
    file_name: str
    source: str
    postings: int
    is_demo: bool
    taxonomy_version: str
    source_uuid: UUID
    trust: str


@dataclass(frozen=True)
class DemandTable:
    """Demand of all skills in one set of posts (None: all postings), the most asked first."""

    rows: tuple[SkillDemandRow, ...]
    total: int
    role_ids: tuple[int, ...] | None
    imports: tuple[ImportShare, ...]
    months: tuple[str, str] | None
    undated: int
    import_ids: tuple[int, ...]

    @property
    def taxonomy_version(self) -> str:
        """Return the versions of the skill catalogue the postings were read with."""
        return ", ".join(sorted({item.taxonomy_version for item in self.imports if item.taxonomy_version}))

    @cached_property
    def together(self) -> dict[tuple[str, str], int]:
        """Return for pairs of skills (in key order) how many postings ask for both."""
        keys = {row.skill_id: row.key for row in self.rows}
        asked: dict[int, list[str]] = defaultdict(list)
        rows = PostingSkill.objects.filter(
            posting__posting_import__in=self.import_ids, posting__is_excluded=False
        )
        if self.role_ids is not None:
            rows = rows.filter(posting__role__in=self.role_ids)
        for posting, skill in rows.values_list("posting_id", "skill_id").iterator(chunk_size=5_000):
            asked[posting].append(keys[skill])
        pairs: Counter[tuple[str, str]] = Counter()
        for skills in asked.values():
            pairs.update(combinations(sorted(skills), 2))
        return dict(pairs)


def live_imports(actor: Actor) -> QuerySet[PostingImport]:
    """Return the imports whose postings the actor may see and that count."""
    return visible(actor, "postings.read", PostingImport.objects.filter(state=ImportState.LIVE)).order_by(
        "id"
    )


def live(actor: Actor) -> Live:
    """Return the live, visible imports with their sources."""
    return Live(tuple(live_imports(actor).select_related("source")))


def demand(actor: Actor, role_ids: Sequence[int] | None = None) -> DemandTable:
    """Return the demand for all skills in the live, visible postings of the posts (all postings by default)."""
    imports = {row.pk: row for row in live_imports(actor).select_related("source")}
    roles = None if role_ids is None else tuple(sorted(set(role_ids)))
    scope = scope_of(roles)
    postings = _narrowed(RoleCount.objects.all(), list(imports), roles)
    by_import: Counter[int] = Counter()
    by_month: Counter[str] = Counter()
    for import_id, month, count in postings.values_list("posting_import_id", "month").annotate(
        n=Sum("postings")
    ):
        by_import[import_id] += count
        by_month[month] += count
    total = by_import.total()
    known = sorted(month for month in by_month if month)
    counted = {pk: imports[pk] for pk in by_import}
    return DemandTable(
        rows=_rows(imports, roles, scope=scope, total=total, by_month=by_month),
        total=total,
        role_ids=roles,
        imports=tuple(
            ImportShare(
                row.uuid,
                row.file_name,
                row.source.name,
                by_import[pk],
                row.is_demo,
                row.taxonomy_version,
                row.source.uuid,
                row.source.trust,
            )
            for pk, row in counted.items()
        ),
        months=(known[0], known[-1]) if known else None,
        undated=by_month[""],
        import_ids=tuple(counted),
    )


def skill_totals(
    actor: Actor,
    role_ids: Sequence[int] | None = None,
    *,
    skill_ids: Sequence[int] | None = None,
    among: Live | None = None,
) -> tuple[dict[int, int], int]:
    """Return postings per skill and in all, without months: what lists need."""
    imports = (among or live(actor)).ids
    counts = _narrowed(SkillCount.objects.all(), imports, role_ids)
    if skill_ids is not None:
        counts = counts.filter(skill__in=skill_ids)
    per_skill = dict(counts.values_list("skill_id").annotate(n=Sum("postings")).order_by())
    total = _narrowed(RoleCount.objects.all(), imports, role_ids).aggregate(n=Sum("postings"))["n"] or 0
    return per_skill, total


def catalogue(*, active_only: bool = True) -> list[tuple[SkillView, tuple[str, ...]]]:
    """Return the skills of the catalogue with their aliases, built from plain columns: there are thousands."""
    rows = Skill.objects.filter(is_active=True) if active_only else Skill.objects.all()
    columns = ("id", "uuid", "key", "name_zh", "name_en", "kind", "category_id", "broader__key", "aliases")
    categories = {row.pk: (row.key, Name(row.name_zh, row.name_en)) for row in SkillCategory.objects.all()}
    return [
        (SkillView(pk, uuid, key, Name(zh, en), kind, *categories[category], broader or ""), tuple(aliases))
        for pk, uuid, key, zh, en, kind, category, broader, aliases in rows.values_list(*columns)
    ]


def skills_by_key(keys: Sequence[str] | set[str] | None = None) -> dict[str, SkillView]:
    """Return skills of the catalogue by key; all of them by default."""
    rows = Skill.objects.select_related("category", "broader")
    if keys is not None:
        rows = rows.filter(key__in=keys)
    return {row.key: skill_view(row) for row in rows}


def skill_view(row: Skill) -> SkillView:
    """Return a skill's row (with category and broader) as a value."""
    return SkillView(
        id=row.pk,
        uuid=row.uuid,
        key=row.key,
        name=Name(row.name_zh, row.name_en),
        kind=row.kind,
        category=row.category.key,
        category_name=Name(row.category.name_zh, row.category.name_en),
        broader=row.broader.key if row.broader else "",
    )


def _rows(
    imports: Mapping[int, PostingImport],
    roles: tuple[int, ...] | None,
    *,
    scope: tuple[Any, int],  # Any: figures.Scope
    total: int,
    by_month: Mapping[str, int],
) -> tuple[SkillDemandRow, ...]:
    per_import: dict[int, Counter[UUID]] = defaultdict(Counter)
    per_month: dict[int, Counter[str]] = defaultdict(Counter)
    counts = _narrowed(SkillCount.objects.all(), list(imports), roles)
    grouped = (
        counts.values_list("skill_id", "posting_import_id", "month").annotate(n=Sum("postings")).order_by()
    )
    for skill, import_id, month, count in grouped:
        per_import[skill][imports[import_id].uuid] += count
        per_month[skill][month] += count
    skills = {skill.id: skill for skill, _aliases in catalogue(active_only=False) if skill.id in per_import}
    rows = [
        SkillDemandRow(
            skill_id=pk,
            uuid=skills[pk].uuid,
            figure_uuid=demand_uuid(pk, scope),
            key=skills[pk].key,
            name=skills[pk].name,
            kind=skills[pk].kind,
            category=skills[pk].category,
            broader=skills[pk].broader,
            count=counter.total(),
            total=total,
            by_import=dict(counter),
            months={
                month: (per_month[pk][month], all_postings)
                for month, all_postings in by_month.items()
                if month
            },
        )
        for pk, counter in per_import.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.count, row.key)))


def _narrowed(  # Any: either count table
    rows: QuerySet[Any], imports: Sequence[int], roles: Sequence[int] | None
) -> QuerySet[Any]:
    rows = rows.filter(posting_import__in=imports).order_by()
    return rows if roles is None else rows.filter(role__in=roles)
