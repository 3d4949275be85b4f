"""Pages of announced investment projects."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from zhiqiao.platform.data import uploads
from zhiqiao.platform.data.models import InvestmentProject
from zhiqiao.platform.data.supply import projects, tables
from zhiqiao.platform.data.supply.forms import ProjectForm, StaffFormSet, staff_roles
from zhiqiao.platform.data.supply.labels import PROJECT_LABELS
from zhiqiao.platform.data.supply.targets import OwnProjects
from zhiqiao.platform.data.views.supply_pages import Button, Editing, Words, edited, listed
from zhiqiao.platform.data.views.table_pages import imported, template_file
from zhiqiao.platform.governance.api import ActorRequest, action, can


@require_GET
@action("projects.read")
def project_list(request: ActorRequest) -> HttpResponse:
    """List the projects."""
    words = Words(
        _("招商引资项目"),
        _("已公布的项目和它们写明的用人；只移动情景区间，不改变由数据得出的预测。"),
    )
    buttons = [
        Button(_("从表格导入"), reverse("data:project_import")),
        Button(_("登记项目"), reverse("data:project_new"), is_primary=True),
    ]
    may_edit = can(request.actor, "projects.edit")
    rows = projects.projects(request.actor)
    return listed(request, tables.PROJECTS, rows, words, buttons=buttons if may_edit else ())


@require_GET
@action("projects.read")
def project(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show one project with the staff it says it needs."""
    row = projects.get_project(request.actor, uuid)
    view = projects.project_view(row)
    context = {
        "row": view,
        "staff": [
            (name, year, count)
            for name, (_role, count, year) in zip(view.staff_names, view.staff, strict=True)
        ],
        "may_edit": can(request.actor, "projects.edit", row),
    }
    return render(request, "data/supply/project.html", context)


@require_http_methods(["GET", "POST"])
@action("projects.edit")
def project_new(request: ActorRequest) -> HttpResponse:
    """Register a project."""
    words = Words(_("登记项目"), _("照公布的内容写；可能性是教育局的判断。"), [_crumb()])
    return _edit(request, None, words, initial={"version": 0}, lines=[])


@require_http_methods(["GET", "POST"])
@action("projects.edit")
def project_edit(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Change a project."""
    row = projects.get_project(request.actor, uuid, "projects.edit")
    names = (
        "name", "name_en", "industry", "link", "region", "start", "state", "source", "announced", "version"
    )  # fmt: skip
    initial = {name: getattr(row, name) for name in names} | {"percent": round(row.probability * 100)}
    lines = [
        {"role": item.role_id, "year": item.year, "headcount": item.headcount}
        for item in sorted(row.staff.all(), key=lambda item: (item.year, item.role.key))
    ]
    words = Words(
        _("修改：%(name)s") % {"name": row.name}, _("取消的项目把进展改为“已取消”，不删除。"), [_crumb()]
    )
    return _edit(request, row, words, initial=initial, lines=lines)


@require_http_methods(["GET", "POST"])
@action("projects.edit")
@uploads.accepts_upload
def project_import(request: ActorRequest) -> HttpResponse:
    """Take projects in from a table."""
    words = Words(
        _("导入招商引资项目"),
        _("每行一个项目。先检查再写入，有错误的行留下来改；用人计划写成“岗位:年份:人数”，几条之间用分号。"),
        [_crumb()],
    )
    return imported(
        request,
        OwnProjects.verb,
        words,
        back=reverse("data:projects"),
        template=reverse("data:project_template"),
    )


@require_GET
@action("projects.edit")
def project_template(request: ActorRequest) -> HttpResponse:
    """Give an empty table of projects."""
    return template_file(request, OwnProjects.verb, name="investment-projects")


def _edit(
    request: ActorRequest,
    row: InvestmentProject | None,
    words: Words,
    *,
    initial: dict[str, object],
    lines: list[dict[str, int]],
) -> HttpResponse:
    form = ProjectForm(request.POST or None, initial=initial)
    staff = StaffFormSet(
        request.POST or None, initial=lines, prefix="staff", form_kwargs={"roles": staff_roles()}
    )

    def save() -> InvestmentProject:
        found = [line for part in staff.forms if (line := part.staff()) is not None]
        return projects.save_project(request.actor, row, form.facts(found), seen=form.seen)

    back = reverse("data:project", args=[row.uuid]) if row else reverse("data:projects")
    editing = Editing(save, back, row, labels=PROJECT_LABELS)
    return edited(request, form, words, editing, context={"staff": staff}, is_valid=staff.is_valid)


def _crumb() -> tuple[str, str]:
    return (_("招商引资项目"), reverse("data:projects"))
