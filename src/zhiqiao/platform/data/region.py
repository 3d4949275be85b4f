"""Loads the programmes and demo postings of a region pack; twice changes nothing."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from django.db import transaction

from zhiqiao.packs import read_rows
from zhiqiao.platform.data.actions import receive_file, save_columns, start_import
from zhiqiao.platform.data.errors import CatalogueError
from zhiqiao.platform.data.models import (
    Course,
    ImportState,
    JobRole,
    Module,
    ModuleSkill,
    PostingImport,
    Programme,
    ProgrammeRole,
    Skill,
    Source,
)
from zhiqiao.platform.data.uploads import Upload
from zhiqiao.platform.governance.api import Actor, Organisation

HOURS_TENTH = Decimal("0.1")
#: columns of the file that packs/postings.py writes
DEMO_COLUMNS = {
    "id": "id",
    "title": "title",
    "company": "company",
    "city": "city",
    "salary": "salary",
    "experience": "experience",
    "diploma": "diploma",
    "published": "published",
    "industry": "industry",
    "text": "description",
}


def load_programmes(pack: Path, *, is_demo: bool) -> int:
    """Load programmes.csv, courses.csv and modules.csv where a programme is not there yet; return how many are new.

    A programme that exists is left alone, for its people may have changed it. Raises CatalogueError naming file,
    row and fault when a row points to nothing.
    """
    courses = _by(pack / "courses.csv", "programme")
    modules = _by(pack / "modules.csv", "course")
    there = set(Programme.objects.values_list("key", flat=True))
    new = 0
    skills = dict(Skill.objects.values_list("key", "pk"))
    for row in read_rows(pack / "programmes.csv"):
        if row["id"] not in there:
            _load_programme(row, courses.get(row["id"], []), modules, skills, is_demo=is_demo)
            new += 1
    return new


@transaction.atomic
def _load_programme(
    row: dict[str, str],
    courses: list[dict[str, str]],
    modules: dict[str, list[dict[str, str]]],
    skills: dict[str, int],
    *,
    is_demo: bool,
) -> None:
    unit = Organisation.objects.filter(key=row["organisation"]).first()
    if unit is None:
        raise CatalogueError(f"programmes.csv: {row['id']}: no organisation {row['organisation']}")
    programme = Programme.objects.create(
        org_root_id=unit.org_root_id,
        organisation_id=unit.pk,
        key=row["id"],
        code=row["code"],
        name_zh=row["zh"],
        name_en=row["en"],
        level=row["level"],
        years=int(row["years"]),
        is_demo=is_demo,
    )
    roles = {role.key: role for role in JobRole.objects.filter(key__in=row["roles"].split("|"))}
    for key in filter(None, row["roles"].split("|")):
        if key not in roles:
            raise CatalogueError(f"programmes.csv: {row['id']}: no post {key}")
        ProgrammeRole.objects.create(org_root_id=unit.org_root_id, programme=programme, role=roles[key])
    for sort, line in enumerate(courses, start=1):
        course = Course.objects.create(
            org_root_id=unit.org_root_id,
            programme=programme,
            key=line["id"],
            name_zh=line["zh"],
            name_en=line["en"],
            category=line["category"],
            term=int(line["term"]),
            sort=sort,
        )
        for place, item in enumerate(modules.get(line["id"], []), start=1):
            _load_module(course, item, place, skills)


def _load_module(course: Course, row: dict[str, str], sort: int, skills: dict[str, int]) -> None:
    module = Module.objects.create(
        org_root_id=course.org_root_id,
        course=course,
        key=row["id"],
        name_zh=row["zh"],
        name_en=row["en"],
        theory_hours=int(row["theory"]),
        practice_hours=int(row["practice"]),
        sort=sort,
    )
    links = []
    for part in filter(None, row["skills"].split("|")):
        key, hours, level = part.split(":")
        if key not in skills:
            raise CatalogueError(f"modules.csv: {row['id']}: no skill {key}")
        links.append(
            ModuleSkill(
                org_root_id=course.org_root_id,
                module=module,
                skill_id=skills[key],
                hours=Decimal(hours).quantize(HOURS_TENTH),
                level=int(level),
            )
        )
    ModuleSkill.objects.bulk_create(links)


def _by(path: Path, column: str) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for row in read_rows(path):
        found.setdefault(row[column], []).append(row)
    return found


def demo_import_is_live() -> bool:
    """Tell whether the synthetic postings are in, or on their way."""
    gone = (ImportState.FAILED, ImportState.CANCELLED, ImportState.UPLOADED)
    return PostingImport.objects.filter(is_demo=True).exclude(state__in=gone).exists()


def import_demo_postings(acting: Actor, upload: Upload) -> None:
    """Queue the import of a pack's synthetic postings, shared with the region and marked as demo data."""
    assert acting.org_root_id is not None
    source, _ = Source.objects.get_or_create(
        org_root_id=acting.org_root_id,
        key="demo",
        defaults={
            "name": "演示招聘信息（合成数据）",
            "licence_note": "由平台按种子生成的合成数据，不对应任何真实招聘信息；Apache-2.0。",
            "brought_by_id": acting.user_id,
            "trust": "D",
            "trust_reason": "合成的演示数据，不是真实招聘信息。",
            "is_shared": True,
            "is_demo": True,
        },
    )
    posting_import = receive_file(acting, source=source, upload=upload)
    save_columns(acting, posting_import, DEMO_COLUMNS)
    start_import(acting, posting_import)
