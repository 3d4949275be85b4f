"""The directory of organisations, the page of one of them, and the forms that change their tree."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from zhiqiao.platform.governance import directory as reads
from zhiqiao.platform.governance.access import Actor, action, can
from zhiqiao.platform.governance.actions.organisations import (
    change_organisation,
    close_organisation,
    create_organisation,
    reopen_organisation,
)
from zhiqiao.platform.governance.errors import GovernanceError
from zhiqiao.platform.governance.http import ActorRequest
from zhiqiao.platform.governance.models import Organisation, OrganisationKind

_KINDS = [
    ("", _("请选择")),
    *((kind.value, kind.label) for kind in OrganisationKind if kind is not OrganisationKind.OPERATOR),
]


class NamesForm(forms.Form):
    """The names of an organisation or unit."""

    name_zh = forms.CharField(label=_("中文名称"), max_length=200)
    name_en = forms.CharField(
        label=_("英文名称"),
        max_length=200,
        required=False,
        help_text=_("英文界面显示它；不填则显示中文名称。"),
    )


class NewForm(NamesForm):
    """A new node: its names and, if wanted, its key."""

    key = forms.CharField(
        label=_("编号"),
        max_length=64,
        required=False,
        help_text=_("名单导入和数据交换用它指明单位，建立后不能改。不填则由英文名称生成。"),
    )


class OrganisationForm(NewForm):
    """A new organisation with its kind."""

    kind = forms.ChoiceField(label=_("类型"), choices=_KINDS)
    field_order = ("kind", "name_zh", "name_en", "key")


class UnitForm(NewForm):
    """A new unit with its kind."""

    unit_kind = forms.ChoiceField(label=_("类型"))
    field_order = ("unit_kind", "name_zh", "name_en", "key")

    def __init__(
        self, parent: Organisation, *args: Any, **kwargs: Any
    ) -> None:  # Any: Django's own signature
        super().__init__(*args, **kwargs)
        self.fields["unit_kind"].choices = reads.unit_kind_choices(parent)  # type: ignore[attr-defined]


class ChangeForm(NamesForm):
    """New names, and for a unit that may stand elsewhere its place in the tree."""

    parent = forms.TypedChoiceField(label=_("上级单位"), coerce=int)

    def __init__(self, actor: Actor, unit: Organisation, *args: Any, **kwargs: Any) -> None:  # Any: see above
        name_en = "" if unit.name_en == unit.name_zh else unit.name_en
        super().__init__(*args, **kwargs)
        self.initial.update(name_zh=unit.name_zh, name_en=name_en, parent=unit.parent_id)
        self.places = {row.id: row for row in reads.places_for(actor, unit)} if unit.parent_id else {}
        if len(self.places) < 2:
            del self.fields["parent"]
        else:
            choices = [(row.id, reads.indented(row)) for row in self.places.values()]
            self.fields["parent"].choices = choices  # type: ignore[attr-defined]


@action("organisations.read")
@require_safe
def directory(request: ActorRequest) -> HttpResponse:
    """Show the organisations by kind, each with its units."""
    groups = reads.directory(request.actor)
    page = {
        "groups": groups,
        "is_empty": not groups.keys() - {str(OrganisationKind.OPERATOR.label)},
        "may_create": can(request.actor, "organisations.create"),
    }
    return render(request, "governance/organisations.html", page)


@action("organisations.read")
@require_safe
def organisation(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show one organisation or unit with what stands below it."""
    row = reads.find_organisation(request.actor, str(uuid))
    page = reads.organisation_page(request.actor, row, on=timezone.localdate())
    way = [(gettext("机构名录"), reverse("governance:organisations"))]
    way += [(name, reverse("governance:organisation", args=[above])) for name, above in page.above]
    return render(request, "governance/organisation.html", {"page": page, "crumbs": [*way, (page.name, "")]})


@action("organisations.create")
def create(request: ActorRequest) -> HttpResponse:
    """Make an organisation."""
    form = OrganisationForm(request.POST or None)
    if form.is_valid():
        try:
            made = create_organisation(request.actor, **form.cleaned_data)
        except GovernanceError as error:
            _blame(form, error)
        else:
            messages.success(request, gettext("机构已建立。"))
            return redirect("governance:organisation", uuid=made.uuid)
    return render(request, "governance/organisation_new.html", {"form": form, "above": None})


@action("organisations.manage")
def add_unit(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Make a unit below an organisation or unit."""
    parent = reads.find_organisation(request.actor, str(uuid), action="organisations.manage")
    form = UnitForm(parent, request.POST or None)
    if form.is_valid():
        try:
            made = create_organisation(request.actor, parent=parent, **form.cleaned_data)
        except GovernanceError as error:
            _blame(form, error)
        else:
            text = gettext("“%(name)s”已增设。") % {"name": made.name}
            messages.success(request, text)
            return redirect("governance:organisation", uuid=parent.uuid)
    return render(request, "governance/organisation_new.html", {"form": form, "above": parent})


@action("organisations.manage")
def change(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Rename an organisation or unit, or move a unit within its tree."""
    unit = reads.find_organisation(request.actor, str(uuid), action="organisations.manage")
    form = ChangeForm(request.actor, unit, request.POST or None)
    if form.is_valid():
        values = form.cleaned_data
        parent = form.places.get(values.pop("parent", None))
        try:
            change_organisation(request.actor, unit, parent=parent, **values)
        except GovernanceError as error:
            _blame(form, error)
        else:
            messages.success(request, gettext("已保存。"))
            return redirect("governance:organisation", uuid=uuid)
    return render(request, "governance/organisation_change.html", {"form": form, "unit": unit})


@action("organisations.manage")
@require_POST
def change_state(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Close an organisation or unit, or open it again."""
    unit = reads.find_organisation(request.actor, str(uuid), action="organisations.manage")
    reopens = request.POST.get("state") == "active"
    try:
        (reopen_organisation if reopens else close_organisation)(request.actor, unit, now=timezone.now())
        messages.success(request, gettext("已启用。") if reopens else gettext("已停用；有关的记录都保留。"))
    except GovernanceError as error:
        messages.error(request, str(error))
    return redirect("governance:organisation", uuid=uuid)


def _blame(form: forms.Form, error: GovernanceError) -> None:
    """Show a refusal at its field, or above the form when the form has no such field."""
    form.add_error(error.field if error.field in form.fields else None, str(error))
