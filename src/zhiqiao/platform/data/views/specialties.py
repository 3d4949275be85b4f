"""Pages of the specialty directory: what is loaded, by edition, and taking an edition in from a table."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from zhiqiao.infra.ui.table import Column, Empty, Filter, Table
from zhiqiao.platform.data import uploads
from zhiqiao.platform.data.models import SpecialtyLevel, SpecialtyState
from zhiqiao.platform.data.specialties import SPECIALTY_LABELS, editions, specialties
from zhiqiao.platform.data.supply.targets import SpecialtyEditions
from zhiqiao.platform.data.views.supply_pages import Button, Words
from zhiqiao.platform.data.views.table_pages import imported, template_file
from zhiqiao.platform.governance.api import ActorRequest, action, audit, can

_TABLE = Table(
    key="specialties",
    caption=gettext_lazy("专业目录"),
    columns=(
        Column("code", SPECIALTY_LABELS["code"], is_head=True),
        Column("name", SPECIALTY_LABELS["name"]),
        Column("level", SPECIALTY_LABELS["level"], value=lambda row: str(row.get_level_display())),
        Column(
            "class_name",
            SPECIALTY_LABELS["class_name"],
            value=lambda row: row.class_name or None,
            unknown=gettext_lazy("表里没有"),
        ),
        Column("edition", SPECIALTY_LABELS["edition"]),
        Column(
            "retired_from",
            SPECIALTY_LABELS["retired_from"],
            value=lambda row: str(row.retired_from) if row.retired_from else "",
        ),
        Column("state", SPECIALTY_LABELS["state"], value=lambda row: str(row.get_state_display())),
        Column(
            "source",
            SPECIALTY_LABELS["source"],
            value=lambda row: row.source or None,
            unknown=gettext_lazy("表里没有"),
            is_extra=True,
        ),
    ),
    filters=(
        Filter(
            "edition",
            SPECIALTY_LABELS["edition"],
            choices=lambda: [(name, f"{name} ({number})") for name, number in editions()],
        ),
        Filter("level", SPECIALTY_LABELS["level"], choices=SpecialtyLevel.choices),
        Filter("state", SPECIALTY_LABELS["state"], choices=SpecialtyState.choices),
    ),
    search=("code", "name", "class_name"),
    empty=Empty(
        gettext_lazy("还没有导入专业目录"),
        gettext_lazy("没有载入的代码按未知处理：检查方案时只提醒，不阻止。数据专员可以从表格导入一个版本。"),
    ),
    file_name="specialty-directory",
)


@require_GET
@action("specialties.read")
def specialty_list(request: ActorRequest) -> HttpResponse:
    """List the codes that are loaded, or give them as a file."""
    table = _TABLE.bind(request, specialties(request.actor))
    if table.export:
        audit(request.actor, "specialties.exported")
        return table.response()
    words = Words(
        _("专业目录"),
        _(
            "已导入的目录版本和代码。检查方案时按方案写明的版本核对名称、代码和层次；没有载入的代码是未知，只提醒。"
        ),
    )
    buttons = [Button(_("从表格导入"), reverse("data:specialty_import"), is_primary=True)]
    context = {
        "table": table,
        "words": words,
        "buttons": buttons if can(request.actor, "specialties.import") else (),
        "path": request.path,
    }
    return render(request, "data/supply/list.html", context)


@require_http_methods(["GET", "POST"])
@action("specialties.import")
@uploads.accepts_upload
def specialty_import(request: ActorRequest) -> HttpResponse:
    """Take an edition in from a table."""
    words = Words(
        _("导入专业目录"),
        _("每行一个专业代码。先检查再写入，有错误的行留下来改；同一版本已有的代码按表修改，不会删除。"),
        [(_("专业目录"), reverse("data:specialties"))],
    )
    return imported(
        request,
        SpecialtyEditions.verb,
        words,
        back=reverse("data:specialties"),
        template=reverse("data:specialty_template"),
    )


@require_GET
@action("specialties.import")
def specialty_template(request: ActorRequest) -> HttpResponse:
    """Give an empty table of an edition."""
    return template_file(request, SpecialtyEditions.verb, name="specialty-directory")
