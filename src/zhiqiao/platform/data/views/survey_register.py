"""Pages of the register of enterprises that an association may ask."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from zhiqiao.infra.ui import formats
from zhiqiao.platform.data import uploads
from zhiqiao.platform.data.models import SurveyedEnterprise
from zhiqiao.platform.data.supply.labels import ENTERPRISE_LABELS
from zhiqiao.platform.data.supply.targets import OwnEnterprises
from zhiqiao.platform.data.survey import register
from zhiqiao.platform.data.survey.forms import EnterpriseForm, TakeForm
from zhiqiao.platform.data.survey.tables import enterprises_table
from zhiqiao.platform.data.views.supply_pages import Editing, Words, edited
from zhiqiao.platform.data.views.table_pages import imported, template_file
from zhiqiao.platform.governance.api import ActorRequest, action, audit


def _crumb() -> tuple[str, str]:
    return (_("企业名录"), reverse("data:survey_enterprises"))


def _industry(row: object) -> object:
    assert isinstance(row, SurveyedEnterprise)
    return formats.named(row.industry) if row.industry else None


@require_http_methods(["GET", "POST"])
@action("surveys.manage")
def enterprise_list(request: ActorRequest) -> HttpResponse:
    """List the register; a post takes known enterprises in."""
    form = TakeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        new = register.take_known(request.actor, data["programme"], source=data["source"])
        text = ngettext("新增 %(count)s 家，已有的没有改动。", "新增 %(count)s 家，已有的没有改动。", new)
        messages.success(request, text % {"count": new})
        return redirect("data:survey_enterprises")
    table = enterprises_table(industry=_industry).bind(request, register.enterprises(request.actor))
    if table.export:
        audit(request.actor, "survey.enterprises_exported")
        return table.response()
    status = 422 if request.method == "POST" else 200
    return render(request, "data/survey/enterprises.html", {"table": table, "form": form}, status=status)


@require_http_methods(["GET", "POST"])
@action("surveys.manage")
def enterprise_new(request: ActorRequest) -> HttpResponse:
    """Register an enterprise."""
    form = EnterpriseForm(request.POST or None, initial={"version": 0})
    words = Words(_("登记企业"), _("同名或同一信用代码的企业只登记一次。"), [_crumb()])
    editing = Editing(
        lambda: register.save_enterprise(request.actor, None, form.facts()),
        reverse("data:survey_enterprises"),
    )
    return edited(request, form, words, editing)


@require_http_methods(["GET", "POST"])
@action("surveys.manage")
def enterprise_edit(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Change an enterprise, or take it out."""
    row = register.get_enterprise(request.actor, uuid)
    names = (*register.EnterpriseFacts.__dataclass_fields__, "version")
    form = EnterpriseForm(request.POST or None, initial={name: getattr(row, name) for name in names})
    editing = Editing(
        lambda: register.save_enterprise(request.actor, row, form.facts(), seen=form.seen),
        reverse("data:survey_enterprises"),
        row,
        lambda seen: register.remove_enterprise(request.actor, row, seen=seen),
        ENTERPRISE_LABELS,
    )
    lead = _("联系方式的修改记录只写改过，不写内容。")
    return edited(request, form, Words(row.name, lead, [_crumb()]), editing)


@require_http_methods(["GET", "POST"])
@action("surveys.manage")
@uploads.accepts_upload
def enterprise_import(request: ActorRequest) -> HttpResponse:
    """Take enterprises in from a table."""
    words = Words(
        _("导入企业名录"),
        _("每行一家。先检查再写入，有错误的行留下来改；同一信用代码或同名的企业更新，不重复登记。"),
        [_crumb()],
    )
    return imported(
        request,
        OwnEnterprises.verb,
        words,
        back=reverse("data:survey_enterprises"),
        template=reverse("data:survey_enterprise_template"),
    )


@require_GET
@action("surveys.manage")
def enterprise_template(request: ActorRequest) -> HttpResponse:
    """Give an empty table of enterprises."""
    return template_file(request, OwnEnterprises.verb, name="enterprises")


__all__ = [
    "enterprise_edit",
    "enterprise_import",
    "enterprise_list",
    "enterprise_new",
    "enterprise_template",
]
