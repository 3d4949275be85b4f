"""A demo programme of a region pack as a plan: what its files say, and nothing that they do not.

Three readings are ours, because the files say less than a plan does: hours of practice become internship in a
placement, training in a practice course and lab else; an elective with 限选 in its name is a limited one and public
basic, any other a free one and specialty extension; subjects are told by the names of courses.
"""

from __future__ import annotations

from collections.abc import Iterable

from zhiqiao.engines.plans import (
    Activity,
    Category,
    Choice,
    Course,
    CourseTerm,
    Entry,
    Level,
    Plan,
    Programme,
)
from zhiqiao.packs import folder, read_rows

Row = dict[str, str]

#: Names of demo courses and the subjects they stand for; read once by hand, course by course.
TAGS = {
    "思想道德与法治": "思想政治理论课",
    "形势与政策": "思想政治理论课",
    "毛泽东思想": "思想政治理论课|马克思主义理论",
    "习近平新时代": "思想政治理论课|马克思主义理论",
    "思想政治": "思想政治",
    "大学语文与中华优秀传统文化": "语文|中华优秀传统文化",
    "语文": "语文",
    "历史": "历史",
    "应用数学": "数学",
    "数学": "数学",
    "大学英语": "外语",
    "英语": "外语",
    "信息技术": "信息技术",
    "体育与健康": "体育|健康教育|体育与健康",
    "军事课": "军事课|军事理论",
    "大学生心理健康教育": "心理健康教育",
    "劳动教育": "劳动教育",
    "职业发展与就业创业指导": "职业发展与就业指导|创新创业教育",
    "公共艺术": "美育|公共艺术",
    "艺术": "艺术",
    "党史国史": "党史国史",
    "职业素养": "职业素养",
    "物理": "物理",
    "化学": "化学",
    "中华优秀传统文化": "中华优秀传统文化",
}
_PRACTICE = {"placement": Activity.INTERNSHIP, "practice": Activity.TRAINING}


def demo_plans(pack: str = "bazhong") -> dict[str, Plan]:
    """Return the plans of a pack's programmes by id."""
    files = {name: read_rows(folder(pack, f"{name}.csv")) for name in ("programmes", "courses", "modules")}
    return {
        programme["id"]: _plan(programme, files["courses"], files["modules"])
        for programme in files["programmes"]
    }


def _plan(programme: Row, courses: Iterable[Row], modules: Iterable[Row]) -> Plan:
    by_course: dict[str, list[Row]] = {}
    for module in modules:
        by_course.setdefault(module["course"], []).append(module)
    own = [row for row in courses if row["programme"] == programme["id"]]
    return Plan(
        key=programme["id"],
        programme=Programme(name=programme["zh"], code=programme["code"] or None, edition="2021"),
        level=Level(programme["level"]),
        entry=Entry.JUNIOR_MIDDLE if programme["level"] == "secondary" else Entry.SENIOR_SECONDARY,
        years=int(programme["years"]),
        entry_year=2026,
        courses=tuple(_course(row, by_course[row["id"]]) for row in own),
        groups=(),
        substitutions=(),
    )


def _course(row: Row, modules: list[Row]) -> Course:
    theory, practice = (sum(int(module[name]) for module in modules) for name in ("theory", "practice"))
    activity = _PRACTICE.get(row["category"], Activity.LAB)
    category, choice = _kind(row)
    tags = next((tags for name, tags in TAGS.items() if name in row["zh"]), "")
    if category is not Category.PUBLIC_BASIC:
        tags = ""
    return Course(
        key=row["id"],
        name=row["zh"],
        category=category,
        choice=choice,
        hours=theory + practice,
        theory=theory,
        practice=practice,
        activities={
            kind: hours for kind, hours in ((Activity.LECTURE, theory), (activity, practice)) if hours
        },
        terms=(CourseTerm(int(row["term"]), hours=theory + practice),),
        tags=tuple(tags.split("|")) if tags else (),
    )


def _kind(row: Row) -> tuple[Category, Choice]:
    if row["category"] == "elective":
        limited = "限选" in row["zh"]
        return (
            (Category.PUBLIC_BASIC, Choice.LIMITED)
            if limited
            else (Category.SPECIALTY_EXTENSION, Choice.FREE)
        )
    category = "practice" if row["category"] == "placement" else row["category"]
    return Category(category), Choice.COMPULSORY
