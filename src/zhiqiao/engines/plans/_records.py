"""What stands behind a training plan: its making, the post survey, work tasks, loose leaves, certificates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zhiqiao.engines.kernel import Amount, Count, Key


class VersionState(StrEnum):
    """State of a version of a plan."""

    DRAFT = "draft"
    APPROVED = "approved"
    IN_FORCE = "in_force"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class PlanVersion:
    """A version of the plan for the same programme and entry year; an open `valid_to` has no end."""

    key: Key
    state: VersionState | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class MemberKind(StrEnum):
    """Kind of a member of the review panel."""

    FIRM = "firm"
    TEACHING_RESEARCH = "teaching_research"
    TEACHER = "teacher"
    STUDENT = "student"
    ASSOCIATION = "association"
    OTHER = "other"


@dataclass(frozen=True)
class PanelMember:
    """A member of the panel (专业建设委员会), by kind; the key need not be a name."""

    key: Key
    kind: MemberKind | None = None
    organisation: str | None = None


@dataclass(frozen=True)
class Record:
    """A document of record: what it is called, when it was made, and who made it."""

    document: str | None = None
    on: date | None = None
    by: str | None = None


@dataclass(frozen=True)
class Procedure:
    """How the plan was made: survey report, panel with minutes, decision, publication, versions and their use."""

    survey_report: Record | None = None
    panel: tuple[PanelMember, ...] | None = None
    minutes: Record | None = None
    decision: Record | None = None
    published: Record | None = None
    versions: tuple[PlanVersion, ...] | None = None
    teaching_tasks_from: tuple[str, ...] | None = None


class OwnerKind(StrEnum):
    """Kind of organisation that owns a survey."""

    ASSOCIATION = "association"
    SCHOOL = "school"
    GOVERNMENT = "government"
    ENTERPRISE = "enterprise"
    OTHER = "other"


class SourceKind(StrEnum):
    """Where a figure of a report comes from."""

    ANSWERS = "answers"
    POSTINGS = "postings"
    STATISTICS = "statistics"
    VISITS = "visits"


@dataclass(frozen=True)
class FigurePart:
    """The share of one source in a figure: its value, how many answers or postings stand behind it, its bias."""

    source: SourceKind
    value: Amount | None = None
    count: Count | None = None
    bias: str | None = None


@dataclass(frozen=True)
class ReportFigure:
    """A figure of the report, split by source."""

    key: Key
    section: str | None = None
    value: Amount | None = None
    parts: tuple[FigurePart, ...] | None = None


@dataclass(frozen=True)
class AskedEnterprise:
    """An enterprise that was asked: when, when before, whether earlier answers were used again, with consent."""

    key: Key
    asked_on: date | None = None
    asked_before: bool | None = None
    last_asked_on: date | None = None
    reused: bool | None = None
    consent: bool | None = None


class ListKind(StrEnum):
    """A list that a city's consortium keeps (JS-04)."""

    CORE_PRODUCTS = "core_products"
    TECHNOLOGY_NEEDS = "technology_needs"
    TALENT_NEEDS = "talent_needs"


@dataclass(frozen=True)
class NeedList:
    """A list of the consortium with its owner and date."""

    key: Key
    kind: ListKind | None = None
    owner: str | None = None
    on: date | None = None


@dataclass(frozen=True)
class Survey:
    """The post survey and its report (岗位调研报告)."""

    key: Key
    owner: str | None = None
    owner_kind: OwnerKind | None = None
    sections: Mapping[str, str] | None = None
    asked: Count | None = None
    answered: Count | None = None
    first_day: date | None = None
    last_day: date | None = None
    regions: tuple[str, ...] | None = None
    figures: tuple[ReportFigure, ...] | None = None
    enterprises: tuple[AskedEnterprise, ...] | None = None
    consortium: bool | None = None
    lists: tuple[NeedList, ...] | None = None


@dataclass(frozen=True)
class WorkTask:
    """A representative work task (代表性工作任务) with the six things that describe it."""

    key: Key
    name: str | None = None
    object: str | None = None
    tools: str | None = None
    method: str | None = None
    organisation: str | None = None
    requirements: str | None = None
    result: str | None = None
    gap_reason: str | None = None


@dataclass(frozen=True)
class Expert:
    """A practice expert: name, post and years in it."""

    key: Key
    name: str | None = None
    post: str | None = None
    years: Amount | None = None


@dataclass(frozen=True)
class Leaf:
    """A leaf of a loose-leaf book (活页式教材)."""

    key: Key
    version: str | None = None
    owner: str | None = None
    reviewed_on: date | None = None
    source: str | None = None


@dataclass(frozen=True)
class Edition:
    """A published edition: the frozen versions of its leaves."""

    key: Key
    leaves: Mapping[str, str] | None = None


class CertificateKind(StrEnum):
    """Kind of certificate (CT-01): school, training, vocational qualification, skill level (X)."""

    SCHOOL = "school"
    TRAINING = "training"
    QUALIFICATION = "qualification"
    SKILL_LEVEL = "skill_level"


@dataclass(frozen=True)
class Certificate:
    """A certificate that the plan names; `shown_as` is the kind that the plan's text calls it."""

    key: Key
    name: str | None = None
    kind: CertificateKind | None = None
    shown_as: CertificateKind | None = None
    issuer: str | None = None
    issuer_verified: bool | None = None


@dataclass(frozen=True)
class Conversion:
    """A line of the conversion table: credits for a certificate, who approved it when, the results it was used on."""

    key: Key
    certificate: str | None = None
    courses: tuple[str, ...] | None = None
    credits: Amount | None = None
    approved_by: str | None = None
    approved_on: date | None = None
    results: tuple[str, ...] | None = None
