"""Pages of the region's statistics: indicators, their values and definitions, and values from a table."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from zhiqiao.infra.db.names import local_name
from zhiqiao.infra.ui import formats
from zhiqiao.platform.data import uploads
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.supply import regional, tables
from zhiqiao.platform.data.supply.forms import IndicatorForm, RedefineForm, ValueForm
from zhiqiao.platform.data.supply.labels import INDICATOR_LABELS, VALUE_LABELS
from zhiqiao.platform.data.supply.targets import RegionalValues
from zhiqiao.platform.data.views.supply_pages import (
    Button,
    Editing,
    Words,
    edited,
    listed,
)
from zhiqiao.platform.data.views.table_pages import imported, template_file
from zhiqiao.platform.governance.api import ActorRequest, action, audit, can


def _crumb() -> tuple[str, str]:
    return (_("区域统计"), reverse("data:regional"))


@require_GET
@action("regional.read")
def indicator_list(request: ActorRequest) -> HttpResponse:
    """List the indicators with their newest values."""
    may_edit = can(request.actor, "regional.edit")
    words = Words(_("区域统计"), _("每个数都有年份、口径和出处；转引的说法只作引用，不参加任何计算。"))
    buttons = [
        Button(_("从表格导入"), reverse("data:regional_import")),
        Button(_("新建指标"), reverse("data:regional_new"), is_primary=True),
    ]
    rows = regional.indicators(request.actor)
    table = tables.indicators_table(may_edit=may_edit)
    return listed(request, table, rows, words, buttons=buttons if may_edit else ())


@require_GET
@action("regional.read")
def indicator(request: ActorRequest, key: str) -> HttpResponse:
    """Show one indicator: its values and what they count."""
    row = regional.get_indicator(request.actor, key)
    values = regional.regional_values(request.actor, key)
    may_edit = can(request.actor, "regional.edit")
    table = tables.values_table(may_edit=may_edit).bind(
        request, values, demo=any(one.is_demo for one in values)
    )
    if table.export:
        audit(request.actor, "regional-values.exported")
        return table.response()
    context = {
        "row": row,
        "table": table,
        "definitions": sorted(row.definitions.all(), key=lambda item: -item.number),
        "has_breaks": any(value.breaks for value in values),
        "has_quoted": any(value.is_quoted for value in values),
        "may_edit": may_edit,
    }
    return render(request, "data/supply/indicator.html", context)


@require_http_methods(["GET", "POST"])
@action("regional.edit")
def indicator_new(request: ActorRequest) -> HttpResponse:
    """Make an indicator with its first definition."""
    form = IndicatorForm(request.POST or None, is_new=True, initial={"version": 0})
    editing = Editing(
        lambda: regional.save_indicator(
            request.actor, None, form.facts(), definition=form.cleaned_data["definition"]
        ),
        reverse("data:regional"),
    )
    words = Words(_("新建指标"), _("先写明口径，再逐年填数。"), [_crumb()])
    return edited(request, form, words, editing)


@require_http_methods(["GET", "POST"])
@action("regional.edit")
def indicator_edit(request: ActorRequest, key: str) -> HttpResponse:
    """Change names and unit of an indicator."""
    row = regional.get_indicator(request.actor, key, "regional.edit")
    names = ("name_zh", "name_en", "unit_zh", "unit_en", "used_as", "industry", "version")
    initial = {name: getattr(row, name) for name in names}
    form = IndicatorForm(request.POST or None, is_new=False, initial=initial)
    editing = Editing(
        lambda: regional.save_indicator(request.actor, row, form.facts(), seen=form.seen),
        reverse("data:regional_indicator", args=[key]),
        row,
        labels=INDICATOR_LABELS,
    )
    title = _("修改：%(name)s") % {"name": formats.named(row)}
    return edited(request, form, Words(title, _("口径变了不在这里改，请登记新口径。"), [_crumb()]), editing)


@require_http_methods(["GET", "POST"])
@action("regional.edit")
def redefine(request: ActorRequest, key: str) -> HttpResponse:
    """Register another definition of an indicator."""
    row = regional.get_indicator(request.actor, key, "regional.edit")
    form = RedefineForm(request.POST or None)
    back = reverse("data:regional_indicator", args=[key])
    if request.method == "POST" and form.is_valid():
        try:
            regional.redefine(
                request.actor, row, form.cleaned_data["text"], source=form.cleaned_data["source"]
            )
        except Refused as error:
            form.add_error("text", str(error))
        else:
            messages.success(request, _("新口径已登记；已有的数值保留原口径，以后的数值用新口径。"))
            return redirect(back)
    lead = _("已有的数值保留原口径，序列在口径变化处标出断点。")
    words = Words(
        _("登记新口径：%(name)s") % {"name": formats.named(row)}, lead, [_crumb(), (formats.named(row), back)]
    )
    context = {"form": form, "words": words, "back": back}
    return render(request, "data/supply/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@action("regional.edit")
def value_new(request: ActorRequest, key: str) -> HttpResponse:
    """Add a value under the definition in force."""
    row = regional.get_indicator(request.actor, key, "regional.edit")
    newest = max(row.definitions.all(), key=lambda item: item.number, default=None)
    if newest is None:
        raise Http404
    form = ValueForm(request.POST or None, initial={"version": 0})
    back = reverse("data:regional_indicator", args=[key])
    editing = Editing(lambda: regional.save_value(request.actor, newest, form.facts()), back)
    told = {"unit": local_name(row.unit_zh, row.unit_en), "text": newest.text}
    words = Words(
        _("填一个数：%(name)s") % {"name": formats.named(row)},
        _("单位：%(unit)s；口径：%(text)s") % told,
        [_crumb(), (formats.named(row), back)],
    )
    return edited(request, form, words, editing)


@require_http_methods(["GET", "POST"])
@action("regional.edit")
def value_edit(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Change a value."""
    row = regional.get_value(request.actor, uuid, "regional.edit")
    form = ValueForm(request.POST or None, initial=ValueForm.initial_of(row))
    back = reverse("data:regional_indicator", args=[row.indicator.key])
    editing = Editing(
        lambda: regional.save_value(request.actor, row, form.facts(), seen=form.seen),
        back,
        row,
        lambda seen: regional.remove_value(request.actor, row, seen=seen),
        VALUE_LABELS,
    )
    told = {"unit": local_name(row.indicator.unit_zh, row.indicator.unit_en), "text": row.definition.text}
    words = Words(
        _("修改：%(name)s") % {"name": f"{formats.named(row.indicator)} {row.year}"},
        _("单位：%(unit)s；口径：%(text)s") % told,
        [_crumb(), (formats.named(row.indicator), back)],
    )
    return edited(request, form, words, editing)


@require_http_methods(["GET", "POST"])
@action("regional.edit")
@uploads.accepts_upload
def value_import(request: ActorRequest) -> HttpResponse:
    """Take values in from a table."""
    words = Words(
        _("导入区域统计"),
        _("每行一个指标一年；指标要先建好，数值按现行口径记入。有错误的行留下来改，其余的写入。"),
        [_crumb()],
    )
    return imported(
        request,
        RegionalValues.verb,
        words,
        back=reverse("data:regional"),
        template=reverse("data:regional_template"),
    )


@require_GET
@action("regional.edit")
def value_template(request: ActorRequest) -> HttpResponse:
    """Give an empty table of values."""
    return template_file(request, RegionalValues.verb, name="regional-values")
