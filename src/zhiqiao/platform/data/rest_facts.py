"""The JSON API of hiring plans and investment projects; sums of plans of three enterprises or more, or none."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field

from zhiqiao.infra.rest import READS, WRITES, NameOut, Number, PageOut, Plain, Size, level_of, named, part
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.models import (
    YEARS,
    ChainLink,
    EnterprisePlan,
    Industry,
    InvestmentProject,
    JobRole,
)
from zhiqiao.platform.data.rest_answers import wrote
from zhiqiao.platform.data.rest_supply import Refusal, Seen
from zhiqiao.platform.data.supply import plans, projects
from zhiqiao.platform.governance.api import action, api_actor

router = Router(tags=["supply"])
_Year = Annotated[int, Field(ge=YEARS[0], le=YEARS[1])]
_People = Annotated[int, Field(ge=0, le=1_000_000)]
_Key = Annotated[Plain, Field(min_length=1, max_length=100)]
_Version = Annotated[int, Field(ge=0, le=2**31 - 1)]


class PlanIn(Schema):
    """What one's enterprise plans: head count of a post (its key) in a year."""

    role: _Key
    year: _Year
    headcount: _People
    note: Annotated[Plain, Field(max_length=500)] = ""


class ChangedPlanIn(PlanIn):
    """A plan as it shall be, over the version that was read."""

    version: _Version


class PlanOut(Schema):
    """A plan of one's own enterprise."""

    uuid: UUID
    role: str
    role_name: NameOut
    year: int
    headcount: int
    note: str
    is_demo: bool
    version: int


class PlansOut(PageOut):
    """A page of one's own plans."""

    items: list[PlanOut]


class PlanSumOut(Schema):
    """A sum over enterprises; both figures are null where fewer than three stand behind it."""

    role: str
    role_name: NameOut
    year: int
    headcount: int | None
    enterprises: int | None
    is_demo: bool


class PlanSumsOut(PageOut):
    """A page of sums; `fewest` enterprises must stand behind each."""

    fewest: int
    items: list[PlanSumOut]


class StaffIO(Schema):
    """How many people a project needs for a post (its key) in a year."""

    role: _Key
    year: _Year
    headcount: _People


class ProjectIn(Schema):
    """What is stated of a project; `start` is yyyy-mm, `probability` 0..1, industry and link by key."""

    name: Annotated[Plain, Field(min_length=1, max_length=150)]
    industry: _Key
    link: Annotated[Plain, Field(max_length=100)] = ""
    region: Annotated[Plain, Field(max_length=100)] = ""
    start: Annotated[str, Field(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]
    probability: Annotated[float, Field(ge=0, le=1)]
    state: Literal["announced", "building", "producing", "cancelled"]
    source: Annotated[Plain, Field(min_length=1, max_length=300)]
    announced: dt.date | None = None
    staff: list[StaffIO] = Field(default_factory=list, max_length=60)


class ChangedProjectIn(ProjectIn):
    """A project as it shall be, over the version that was read."""

    version: _Version


class ProjectOut(Schema):
    """An announced project."""

    uuid: UUID
    name: str
    industry: str
    industry_name: NameOut
    link: str
    region: str
    start: str
    probability: float
    state: str
    source: str
    announced: dt.date | None
    staff: list[StaffIO]
    headcount: int | None
    is_demo: bool
    version: int


class ProjectsOut(PageOut):
    """A page of projects."""

    items: list[ProjectOut]


@router.get(
    "/plans",
    response={200: PlansOut, **READS},
    summary="Hiring plans of one's own enterprise",
    openapi_extra=level_of(EnterprisePlan),
)
@action("plans.manage")
def plan_list(request: HttpRequest, year: int | None = None, page: Number = 1, size: Size = 50) -> PlansOut:
    """Return one's own plans only."""
    rows = plans.own_plans(api_actor(request), None if year is None else [year])
    items = [_plan(row) for row in part(rows, page=page, size=size)]
    return PlansOut(total=len(rows), page=page, size=size, items=items)


@router.get(
    "/plans/sums",
    response={200: PlanSumsOut, **READS},
    summary="Hiring plans summed over three enterprises or more",
    openapi_extra=level_of(EnterprisePlan),
)
@action("plans.sums")
def plan_sums(
    request: HttpRequest, year: int | None = None, page: Number = 1, size: Size = 50
) -> PlanSumsOut:
    """Return sums; where fewer enterprises stand behind one, it says so and gives no figure."""
    rows = plans.plan_sums(api_actor(request), None if year is None else [year])
    items = [
        PlanSumOut(
            role=row.role_key,
            role_name=named(row.role),
            year=row.year,
            headcount=row.headcount,
            enterprises=row.enterprises,
            is_demo=row.is_demo,
        )
        for row in part(rows, page=page, size=size)
    ]
    return PlanSumsOut(total=len(rows), page=page, size=size, items=items, fewest=plans.fewest())


@router.post(
    "/plans",
    response={201: PlanOut, **WRITES},
    summary="Plan for a post and year",
    openapi_extra=level_of(EnterprisePlan),
)
@action("plans.manage")
def plan_add(request: HttpRequest, payload: PlanIn) -> Status[PlanOut | Refusal]:
    """Keep a new plan of one's enterprise."""
    actor = api_actor(request)
    return wrote(
        lambda: _plan(plans.plan_view(plans.save_plan(actor, None, _plan_facts(payload)))), status=201
    )


@router.put(
    "/plans/{uuid}",
    response={200: PlanOut, **WRITES},
    summary="Change a plan",
    openapi_extra=level_of(EnterprisePlan),
)
@action("plans.manage")
def plan_change(request: HttpRequest, uuid: UUID, payload: ChangedPlanIn) -> Status[PlanOut | Refusal]:
    """Keep a changed plan; 409 when a colleague changed it since."""
    actor = api_actor(request)
    row = plans.get_plan(actor, uuid)

    def write() -> PlanOut:
        return _plan(plans.plan_view(plans.save_plan(actor, row, _plan_facts(payload), seen=payload.version)))

    return wrote(write)


@router.delete(
    "/plans/{uuid}",
    response={204: None, **WRITES},
    summary="Take a plan out",
    openapi_extra=level_of(EnterprisePlan),
)
@action("plans.manage")
def plan_remove(request: HttpRequest, uuid: UUID, version: Seen) -> Status[Refusal | None]:
    """Take a plan out."""
    actor = api_actor(request)
    row = plans.get_plan(actor, uuid)
    return wrote(lambda: plans.remove_plan(actor, row, seen=version), status=204)


@router.get(
    "/projects",
    response={200: ProjectsOut, **READS},
    summary="Announced investment projects",
    openapi_extra=level_of(InvestmentProject),
)
@action("projects.read")
def project_list(
    request: HttpRequest, industry: str = "", state: str = "", page: Number = 1, size: Size = 50
) -> ProjectsOut:
    """Return projects, of one industry (key) or state where asked for, the earliest start first."""
    rows = [
        row
        for row in projects.projects(api_actor(request))
        if industry in {"", row.industry_key} and state in {"", row.state}
    ]
    items = [_project(row) for row in part(rows, page=page, size=size)]
    return ProjectsOut(total=len(rows), page=page, size=size, items=items)


@router.get(
    "/projects/{uuid}",
    response={200: ProjectOut, **READS},
    summary="One investment project",
    openapi_extra=level_of(InvestmentProject),
)
@action("projects.read")
def project_one(request: HttpRequest, uuid: UUID) -> ProjectOut:
    """Return one project with its staff."""
    return _project(projects.project_view(projects.get_project(api_actor(request), uuid)))


@router.post(
    "/projects",
    response={201: ProjectOut, **WRITES},
    summary="Register an investment project",
    openapi_extra=level_of(InvestmentProject),
)
@action("projects.edit")
def project_add(request: HttpRequest, payload: ProjectIn) -> Status[ProjectOut | Refusal]:
    """Keep a new project."""
    actor = api_actor(request)

    def write() -> ProjectOut:
        row = projects.save_project(actor, None, _project_facts(payload))
        return _project(projects.project_view(projects.get_project(actor, row.uuid)))

    return wrote(write, status=201)


@router.put(
    "/projects/{uuid}",
    response={200: ProjectOut, **WRITES},
    summary="Change an investment project",
    openapi_extra=level_of(InvestmentProject),
)
@action("projects.edit")
def project_change(
    request: HttpRequest, uuid: UUID, payload: ChangedProjectIn
) -> Status[ProjectOut | Refusal]:
    """Keep a changed project; a cancelled one gets that state and stays."""
    actor = api_actor(request)
    row = projects.get_project(actor, uuid, "projects.edit")

    def write() -> ProjectOut:
        projects.save_project(actor, row, _project_facts(payload), seen=payload.version)
        return _project(projects.project_view(projects.get_project(actor, uuid)))

    return wrote(write)


def _role(key: str) -> JobRole:
    found = JobRole.objects.filter(key=key).first()
    if found is None:
        raise Refused(f"role: {key}")
    return found


def _plan_facts(payload: PlanIn) -> plans.PlanFacts:
    return plans.PlanFacts(_role(payload.role), payload.year, payload.headcount, payload.note)


def _project_facts(payload: ProjectIn) -> projects.ProjectFacts:
    industry = Industry.objects.filter(key=payload.industry).first()
    link = ChainLink.objects.filter(key=payload.link).first() if payload.link else None
    if industry is None or (payload.link and link is None):
        raise Refused(f"industry: {payload.industry}, link: {payload.link}")
    return projects.ProjectFacts(
        **payload.model_dump(exclude={"industry", "link", "staff", "version"}),
        industry=industry,
        link=link,
        staff=[projects.Staff(_role(line.role), line.year, line.headcount) for line in payload.staff],
    )


def _plan(row: plans.PlanView) -> PlanOut:
    assert row.uuid is not None  # one's own, never a sum
    assert row.headcount is not None
    return PlanOut(
        uuid=row.uuid,
        role=row.role_key,
        role_name=named(row.role),
        year=row.year,
        headcount=row.headcount,
        note=row.note,
        is_demo=row.is_demo,
        version=row.version,
    )


def _project(row: projects.ProjectView) -> ProjectOut:
    names = (
        "uuid",
        "name",
        "region",
        "start",
        "probability",
        "state",
        "source",
        "announced",
        "is_demo",
        "version",
    )
    return ProjectOut(
        **{name: getattr(row, name) for name in names},
        industry=row.industry_key,
        industry_name=named(row.industry),
        link=row.link_key,
        staff=[StaffIO(role=role, year=year, headcount=count) for role, count, year in row.staff],
        headcount=row.headcount,
    )
