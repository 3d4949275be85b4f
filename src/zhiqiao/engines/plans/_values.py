"""A training plan (人才培养方案) as plain values: programme, courses, groups, calendar. None is unknown, never zero.

An empty list is known to be empty. What belongs to its making, to surveys, work tasks and certificates stands in
`_records.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zhiqiao.engines.kernel import Amount, Count, Key
from zhiqiao.engines.plans._records import (
    Certificate,
    Conversion,
    Edition,
    Expert,
    Leaf,
    Procedure,
    Survey,
    WorkTask,
)


class Level(StrEnum):
    """Kind of school: secondary (中职) or higher (高职) vocational."""

    SECONDARY = "secondary"
    HIGHER = "higher"


class Entry(StrEnum):
    """From where students enter: junior middle school, or senior secondary (高中阶段, vocational ones included)."""

    JUNIOR_MIDDLE = "junior_middle"
    SENIOR_SECONDARY = "senior_secondary"


class Category(StrEnum):
    """Legal category of a course."""

    PUBLIC_BASIC = "public_basic"  # 公共基础课程
    SPECIALTY_BASIC = "specialty_basic"  # 专业基础课程
    SPECIALTY_CORE = "specialty_core"  # 专业核心课程
    SPECIALTY_EXTENSION = "specialty_extension"  # 专业拓展课程
    PRACTICE = "practice"  # 集中实践教学环节


class Choice(StrEnum):
    """Who must take a course: all (必修), one of a few (限选), or whoever wants (任选)."""

    COMPULSORY = "compulsory"
    LIMITED = "limited"
    FREE = "free"


class Activity(StrEnum):
    """What is done in an hour of teaching."""

    LECTURE = "lecture"
    LAB = "lab"
    TRAINING = "training"
    PROJECT = "project"
    INTERNSHIP = "internship"
    OTHER = "other"


class Assessment(StrEnum):
    """How a course ends: with an examination (考试), or judged by work during the term (考查)."""

    EXAM = "exam"
    COURSEWORK = "coursework"


class Scope(StrEnum):
    """Whose standard a course follows (GX-01)."""

    NATIONAL_STANDARD = "national_standard"
    SPECIALTY_STANDARD = "specialty_standard"
    PROVINCIAL = "provincial"
    SCHOOL = "school"


@dataclass(frozen=True)
class Programme:
    """A programme by the specialty directory (专业目录) of an edition."""

    name: str | None = None
    code: str | None = None
    edition: str | None = None
    direction: str | None = None


@dataclass(frozen=True)
class Post:
    """A post that the programme aims at; `survey` names the survey record that it comes from."""

    key: Key
    name: str | None = None
    survey: str | None = None
    licence_required: bool | None = None


@dataclass(frozen=True)
class Orientation:
    """Occupational orientation (职业面向): classes and codes, posts, keys of example certificates.

    Industries by GB/T 4754, occupations by the classification of 2022.
    """

    specialty_class: str | None = None
    industries: tuple[str, ...] | None = None
    occupations: tuple[str, ...] | None = None
    posts: tuple[Post, ...] | None = None
    certificates: tuple[str, ...] | None = None


class ItemKind(StrEnum):
    """Part of the graduate's specification."""

    QUALITY = "quality"
    KNOWLEDGE = "knowledge"
    ABILITY = "ability"


class AbilityKind(StrEnum):
    """Kind of ability (GX-02): general or professional."""

    GENERAL = "general"
    PROFESSIONAL = "professional"


@dataclass(frozen=True)
class Goal:
    """A goal of the programme (培养目标) and the keys of the posts that it aims at."""

    key: Key
    text: str | None = None
    posts: tuple[str, ...] | None = None


@dataclass(frozen=True)
class SpecificationItem:
    """An item of the specification (培养规格), the courses that reach it and the demand that asks for it."""

    key: Key
    kind: ItemKind | None = None
    text: str | None = None
    courses: tuple[str, ...] | None = None
    evidence: tuple[str, ...] | None = None
    ability_kind: AbilityKind | None = None


@dataclass(frozen=True)
class CourseTerm:
    """What of a course is taught in a term: weeks times weekly hours, or hours where it is not weekly."""

    term: Count
    weeks: Amount | None = None
    weekly_hours: Amount | None = None
    hours: Amount | None = None


@dataclass(frozen=True)
class CertificateUnit:
    """A unit of a certificate that a course covers."""

    certificate: Key
    unit: str | None = None


@dataclass(frozen=True)
class Course:
    """A course. Hours are teaching hours (学时); `activities` splits all of them by what is done.

    `tags` name the subjects that rules ask for, such as 语文 or 数字素养; `tag_hours` says how many hours serve a
    tag where a course serves several. `week_type` is for courses counted by weeks, not by hours per credit.
    `layer` is a word of the school's own. `gap_reason` explains why no work task stands behind it.
    """

    key: Key
    name: str | None = None
    category: Category | None = None
    choice: Choice | None = None
    hours: Amount | None = None
    theory: Amount | None = None
    practice: Amount | None = None
    activities: Mapping[Activity, Amount] | None = None
    credits: Amount | None = None
    terms: tuple[CourseTerm, ...] | None = None
    week_type: bool | None = None
    assessment: Assessment | None = None
    tags: tuple[str, ...] | None = None
    tag_hours: Mapping[str, Amount] | None = None
    layer: str | None = None
    scope: Scope | None = None
    tasks: tuple[str, ...] | None = None
    gap_reason: str | None = None
    certificate_units: tuple[CertificateUnit, ...] | None = None


class GroupMode(StrEnum):
    """How the members of a group count: all of them (AND), or as many as `need` asks for (OR)."""

    ALL = "all"
    CHOOSE = "choose"


@dataclass(frozen=True)
class Need:
    """How much of a group a student must take: so many members, credits or hours; exactly one is given."""

    courses: Count | None = None
    credits: Amount | None = None
    hours: Amount | None = None


@dataclass(frozen=True)
class Group:
    """An elective pool, a track or a substitute group: courses and other groups, counted together."""

    key: Key
    name: str | None = None
    mode: GroupMode | None = None
    members: tuple[str, ...] | None = None
    need: Need | None = None


@dataclass(frozen=True)
class Substitution:
    """A course that others stand in for, from a day to a day (both included)."""

    key: Key
    course: str | None = None
    by: tuple[str, ...] | None = None
    mode: GroupMode | None = None
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class Layer:
    """A word of the school's own for a layer of courses (基础层, 基本功), and the legal categories it stands for."""

    key: Key
    categories: tuple[Category, ...] | None = None


@dataclass(frozen=True)
class Term:
    """A term by its number (two to a year): weeks of teaching, hours a week."""

    number: Count
    teaching_weeks: Amount | None = None
    weekly_hours: Amount | None = None


@dataclass(frozen=True)
class WeekActivity:
    """An activity counted by weeks, such as military training (军训)."""

    key: Key
    weeks: Amount | None = None
    credits: Amount | None = None


@dataclass(frozen=True)
class Placement:
    """A block of placement (岗位实习): its length in weeks, its post and the certificate held as licence for it."""

    key: Key
    weeks: Amount | None = None
    term: Count | None = None
    post: str | None = None
    licence: str | None = None


@dataclass(frozen=True)
class Summary:
    """What the plan itself says in its tables: hours in all and by category."""

    hours: Amount | None = None
    credits: Amount | None = None
    by_category: Mapping[Category, Amount] | None = None


@dataclass(frozen=True)
class Plan:
    """A training plan of one programme for one entry year."""

    key: Key
    version: str | None = None
    programme: Programme | None = None
    level: Level | None = None
    entry: Entry | None = None
    years: Amount | None = None
    entry_year: Count | None = None
    region: str | None = None
    work_integrated: bool | None = None
    sections: Mapping[str, str] | None = None
    orientation: Orientation | None = None
    goals: tuple[Goal, ...] | None = None
    specification: tuple[SpecificationItem, ...] | None = None
    layers: tuple[Layer, ...] | None = None
    courses: tuple[Course, ...] | None = None
    groups: tuple[Group, ...] | None = None
    substitutions: tuple[Substitution, ...] | None = None
    terms: tuple[Term, ...] | None = None
    week_activities: tuple[WeekActivity, ...] | None = None
    placements: tuple[Placement, ...] | None = None
    summary: Summary | None = None
    certificates: tuple[Certificate, ...] | None = None
    conversions: tuple[Conversion, ...] | None = None
    procedure: Procedure | None = None
    survey: Survey | None = None
    tasks: tuple[WorkTask, ...] | None = None
    experts: tuple[Expert, ...] | None = None
    leaves: tuple[Leaf, ...] | None = None
    editions: tuple[Edition, ...] | None = None
