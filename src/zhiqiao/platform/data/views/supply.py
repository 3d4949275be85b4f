"""Pages of what schools can supply: years of programmes and training conditions."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from zhiqiao.infra.ui import formats
from zhiqiao.platform.data import uploads
from zhiqiao.platform.data.models import Programme, ProgrammeYear, TrainingCondition
from zhiqiao.platform.data.supply import conditions, tables, years
from zhiqiao.platform.data.supply.forms import ConditionForm, YearForm
from zhiqiao.platform.data.supply.labels import CONDITION_LABELS, YEAR_LABELS
from zhiqiao.platform.data.supply.targets import ConditionsOfProgrammes, YearsOfProgrammes
from zhiqiao.platform.data.views.supply_pages import (
    Button,
    Editing,
    Words,
    edited,
    listed,
)
from zhiqiao.platform.data.views.table_pages import imported, template_file
from zhiqiao.platform.governance.api import ActorRequest, action, can


def _tabs() -> list[tuple[str, str]]:
    return [
        (_("逐年情况"), reverse("data:supply_years")),
        (_("实训条件"), reverse("data:supply_conditions")),
    ]


def _crumb() -> tuple[str, str]:
    return (_("专业供给"), reverse("data:supply_years"))


@require_GET
@action("supply.read")
def year_list(request: ActorRequest) -> HttpResponse:
    """List the years of the programmes one may see."""
    may_edit = can(request.actor, "supply.edit")
    words = Words(
        _("专业供给"),
        _("各专业逐年招了多少、毕业多少、去了哪里；空着的是未知，不当作零。"),
    )
    buttons = [
        Button(_("从表格导入"), reverse("data:supply_import")),
        Button(_("填报一年"), reverse("data:supply_year_new"), is_primary=True),
    ]
    rows = years.programme_years(request.actor)
    table = tables.years_table(may_edit=may_edit)
    return listed(request, table, rows, words, buttons=buttons if may_edit else (), tabs=_tabs())


@require_GET
@action("supply.read")
def year(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show one year of a programme."""
    row = years.get_year(request.actor, uuid)
    view = next(
        item for item in years.programme_years(request.actor, [row.programme.uuid]) if item.uuid == uuid
    )
    context = {
        "row": view,
        "figures": [
            (label, getattr(view, name)) for name, label in YEAR_LABELS.items() if name in years.FIGURES
        ],
        "may_edit": can(request.actor, "supply.edit", row),
        "crumb": _crumb(),
    }
    return render(request, "data/supply/year.html", context)


@require_http_methods(["GET", "POST"])
@action("supply.edit")
def year_new(request: ActorRequest) -> HttpResponse:
    """State a year of a programme."""
    programmes = years.editable_programmes(request.actor)
    form = YearForm(request.POST or None, programmes=programmes, initial={"version": 0})

    def save() -> ProgrammeYear:
        target: Programme = form.cleaned_data["programme"]
        return years.save_year(request.actor, target, form.facts(), year=form.cleaned_data["year"])

    words = Words(_("填报一年"), _("只填知道的；不知道的留空，以后再补。"), [_crumb()])
    return edited(request, form, words, Editing(save, reverse("data:supply_years")))


@require_http_methods(["GET", "POST"])
@action("supply.edit")
def year_edit(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Change a year of a programme."""
    row = years.get_year(request.actor, uuid, "supply.edit")
    names = (*years.FIGURES, "year", "source", "definition", "version")
    form = YearForm(
        request.POST or None, programmes=None, initial={name: getattr(row, name) for name in names}
    )

    def save() -> ProgrammeYear:
        facts, at = form.facts(), form.cleaned_data["year"]
        return years.save_year(request.actor, row, facts, year=at, seen=form.seen)

    editing = Editing(
        save,
        reverse("data:supply_years"),
        row,
        lambda seen: years.remove_year(request.actor, row, seen=seen),
        YEAR_LABELS,
    )
    title = _("修改：%(name)s") % {"name": f"{formats.named(row.programme)} {row.year}"}
    words = Words(title, _("每次修改都记下由谁、从什么改成什么。"), [_crumb()])
    return edited(request, form, words, editing)


@require_http_methods(["GET", "POST"])
@action("supply.edit")
@uploads.accepts_upload
def year_import(request: ActorRequest) -> HttpResponse:
    """Take years of programmes in from a table."""
    words = Words(
        _("导入专业逐年情况"),
        _("每行一个专业一年。先检查再写入，有错误的行留下来改；没有的列不改动，空着的格子是未知。"),
        [_crumb()],
    )
    return imported(
        request,
        YearsOfProgrammes.verb,
        words,
        back=reverse("data:supply_years"),
        template=reverse("data:supply_template"),
    )


@require_GET
@action("supply.edit")
def year_template(request: ActorRequest) -> HttpResponse:
    """Give an empty table of years."""
    return template_file(request, YearsOfProgrammes.verb, name="programme-years")


@require_GET
@action("supply.read")
def condition_list(request: ActorRequest) -> HttpResponse:
    """List the training conditions of the programmes one may see."""
    may_edit = can(request.actor, "supply.edit")
    words = Words(_("专业供给"), _("设备、场地和授权：标准要多少，现有多少；没有清点的是未知，不当作没有。"))
    buttons = [
        Button(_("从表格导入"), reverse("data:condition_import")),
        Button(_("登记一项"), reverse("data:condition_new"), is_primary=True),
    ]
    rows = conditions.all_conditions(request.actor)
    table = tables.conditions_table(may_edit=may_edit)
    return listed(request, table, rows, words, buttons=buttons if may_edit else (), tabs=_tabs())


@require_http_methods(["GET", "POST"])
@action("supply.edit")
def condition_new(request: ActorRequest) -> HttpResponse:
    """Register a training condition."""
    programmes = years.editable_programmes(request.actor)
    form = ConditionForm(request.POST or None, programmes=programmes, initial={"version": 0})

    def save() -> TrainingCondition:
        target: Programme = form.cleaned_data["programme"]
        return conditions.save_condition(request.actor, target, form.facts())

    words = Words(_("登记一项"), _("标准要多少，现有多少；都可以先留空。"), [_crumb()])
    return edited(request, form, words, Editing(save, reverse("data:supply_conditions")))


@require_http_methods(["GET", "POST"])
@action("supply.edit")
def condition_edit(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Change a training condition."""
    row = conditions.get_condition(request.actor, uuid, "supply.edit")
    names = ("name", "name_en", "unit", "required", "present", "norm", "norm_source", "version")
    initial = {name: getattr(row, name) for name in names}
    form = ConditionForm(request.POST or None, programmes=None, initial=initial)
    editing = Editing(
        lambda: conditions.save_condition(request.actor, row, form.facts(), seen=form.seen),
        reverse("data:supply_conditions"),
        row,
        lambda seen: conditions.remove_condition(request.actor, row, seen=seen),
        CONDITION_LABELS,
    )
    title = _("修改：%(name)s") % {"name": row.name}
    return edited(request, form, Words(title, formats.named(row.programme), [_crumb()]), editing)


@require_http_methods(["GET", "POST"])
@action("supply.edit")
@uploads.accepts_upload
def condition_import(request: ActorRequest) -> HttpResponse:
    """Take training conditions in from a table."""
    words = Words(
        _("导入实训条件"),
        _("每行一项。先检查再写入，有错误的行留下来改；没有的列不改动，空着的格子是未知。"),
        [_crumb()],
    )
    return imported(
        request,
        ConditionsOfProgrammes.verb,
        words,
        back=reverse("data:supply_conditions"),
        template=reverse("data:condition_template"),
    )


@require_GET
@action("supply.edit")
def condition_template(request: ActorRequest) -> HttpResponse:
    """Give an empty table of training conditions."""
    return template_file(request, ConditionsOfProgrammes.verb, name="training-conditions")
