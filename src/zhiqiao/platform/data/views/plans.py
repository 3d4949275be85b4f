"""Pages of hiring plans: an enterprise's own, and the sums that others may see."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from zhiqiao.infra.ui import formats
from zhiqiao.platform.data import uploads
from zhiqiao.platform.data.supply import plans, tables
from zhiqiao.platform.data.supply.forms import PlanForm
from zhiqiao.platform.data.supply.labels import PLAN_LABELS
from zhiqiao.platform.data.supply.targets import OwnPlans
from zhiqiao.platform.data.views.supply_pages import Button, Editing, Words, edited, listed
from zhiqiao.platform.data.views.table_pages import imported, template_file
from zhiqiao.platform.governance.api import ActorRequest, action


@require_GET
@action("plans.manage")
def plan_list(request: ActorRequest) -> HttpResponse:
    """List the plans of one's own enterprise."""
    words = Words(
        _("本企业用人计划"),
        _("您的数字只有本企业能看到；教育局和协会只看到三家以上企业的合计。"),
    )
    buttons = [
        Button(_("从表格导入"), reverse("data:plan_import")),
        Button(_("填写计划"), reverse("data:plan_new"), is_primary=True),
    ]
    return listed(request, tables.own_plans_table(), plans.own_plans(request.actor), words, buttons=buttons)


@require_GET
@action("plans.sums")
def plan_sums(request: ActorRequest) -> HttpResponse:
    """List the sums of plans over enterprises."""
    words = Words(
        _("企业用人计划合计"),
        _("按岗位和年份合计；少于三家企业的不公开，以免看出单个企业的计划。"),
    )
    return listed(request, tables.SUMS, plans.plan_sums(request.actor), words)


@require_http_methods(["GET", "POST"])
@action("plans.manage")
def plan_new(request: ActorRequest) -> HttpResponse:
    """Plan for a post and year."""
    form = PlanForm(request.POST or None, initial={"version": 0})
    editing = Editing(lambda: plans.save_plan(request.actor, None, form.facts()), reverse("data:plans"))
    return edited(request, form, Words(_("填写计划"), _("一个岗位一年填一次。"), [_crumb()]), editing)


@require_http_methods(["GET", "POST"])
@action("plans.manage")
def plan_edit(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Change a plan."""
    row = plans.get_plan(request.actor, uuid)
    names = ("role", "year", "headcount", "note", "version")
    form = PlanForm(request.POST or None, initial={name: getattr(row, name) for name in names})
    editing = Editing(
        lambda: plans.save_plan(request.actor, row, form.facts(), seen=form.seen),
        reverse("data:plans"),
        row,
        lambda seen: plans.remove_plan(request.actor, row, seen=seen),
        PLAN_LABELS,
    )
    title = _("修改：%(name)s") % {"name": f"{formats.named(row.role)} {row.year}"}
    lead = _("修改记录里不留数字和说明，只记改了哪一项：审计人员不属于本企业。")
    return edited(request, form, Words(title, lead, [_crumb()]), editing)


@require_http_methods(["GET", "POST"])
@action("plans.manage")
@uploads.accepts_upload
def plan_import(request: ActorRequest) -> HttpResponse:
    """Take plans of one's own enterprise in from a table."""
    words = Words(
        _("导入用人计划"),
        _("每行一个岗位一年。先检查再写入，有错误的行留下来改；您的数字只有本企业能看到。"),
        [_crumb()],
    )
    return imported(
        request, OwnPlans.verb, words, back=reverse("data:plans"), template=reverse("data:plan_template")
    )


@require_GET
@action("plans.manage")
def plan_template(request: ActorRequest) -> HttpResponse:
    """Give an empty table of plans."""
    return template_file(request, OwnPlans.verb, name="hiring-plans")


def _crumb() -> tuple[str, str]:
    return (_("本企业用人计划"), reverse("data:plans"))
