"""The people of an organisation: list, person, invitations, roles, state of an account."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
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
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from zhiqiao.platform.governance import selectors
from zhiqiao.platform.governance.access import Actor, action, can, get_visible
from zhiqiao.platform.governance.access.grants import roles_granted_by
from zhiqiao.platform.governance.actions.grants import end_membership, grant_role
from zhiqiao.platform.governance.actions.invitations import invite, make_password_link, revoke_invitation
from zhiqiao.platform.governance.actions.people import deactivate, reactivate
from zhiqiao.platform.governance.audit import audit
from zhiqiao.platform.governance.directory import indented, missing_administrator
from zhiqiao.platform.governance.errors import GovernanceError
from zhiqiao.platform.governance.http import ActorRequest
from zhiqiao.platform.governance.models import Invitation, Membership, Organisation, Role
from zhiqiao.platform.governance.tables import people_table


class PlaceForm(forms.Form):
    """A role in one of the units the actor manages; `within` narrows them to an organisation's tree."""

    organisation = forms.TypedChoiceField(label=_("单位"), coerce=int)
    role = forms.ChoiceField(label=_("角色"))

    def __init__(
        self, actor: Actor, *args: Any, within: Organisation | None = None, **kwargs: Any
    ) -> None:  # Any: Django's own signature
        super().__init__(*args, **kwargs)
        units = selectors.units_managed(actor)
        if within is not None:
            units = [unit for unit in units if unit.org_root_id == within.org_root_id]
            self.initial["organisation"] = within.id
            self.initial["role"] = missing_administrator(actor, within, on=timezone.localdate())
        self.units = {unit.id: unit for unit in units}
        places: dict[str, list[tuple[int, str]]] = {}
        for unit in units:
            places.setdefault(unit.get_kind_display(), []).append((unit.id, indented(unit)))
        roles = {
            unit.get_kind_display(): [
                (role, Role(role).label) for role in roles_granted_by(actor.role, unit.kind)
            ]
            for unit in units
        }
        self.fields["organisation"].choices = _grouped(places)  # type: ignore[attr-defined]
        self.fields["role"].choices = _grouped(roles)  # type: ignore[attr-defined]


class InviteForm(PlaceForm):
    """Whom to invite as what."""

    display_name = forms.CharField(label=_("姓名"), max_length=100)
    email = forms.EmailField(label=_("邮箱"), required=False)
    field_order = ("display_name", "email", "organisation", "role")


class RoleForm(PlaceForm):
    """A further role with its last day."""

    ends = forms.DateField(
        label=_("结束日期"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    field_order = ("organisation", "role", "ends")


def _grouped(choices: Mapping[str, list[Any]]) -> list[Any]:  # Any: choices, or groups of them
    """Group choices by the kind of organisation where there are several; nothing is chosen beforehand."""
    flat = [one for group in choices.values() for one in group]
    blank = [] if len(flat) == 1 else [("", gettext("请选择"))]
    return [*blank, *(choices.items() if len(choices) > 1 else flat)]


@action("people.read")
@require_safe
def index(request: ActorRequest) -> HttpResponse:
    """List the people one may see; the reading, and the export by who manages them, is on record."""
    actor, past = request.actor, "past" in request.GET
    manages = can(actor, "people.manage")
    rows = selectors.people(actor, past=past)
    is_demo = rows.filter(user__is_demo=True).exists()
    table = people_table(actor).bind(request, rows, demo=is_demo, can_export=manages)
    if table.export:
        audit(actor, "people.exported", detail={"rows": table.total, "format": table.export})
        return table.response()
    audit(actor, "people.read", detail={"rows": len(table.rows), "page": table.page.number})
    page = {
        "table": table,
        "past": past,
        "past_url": table.address(past=None if past else "1", page=None),
        "may_manage": manages,
        "invitations": selectors.open_invitations(actor),
    }
    return render(request, "governance/people.html", page)


@action("people.read")
@require_safe
def person(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Show one person with the roles one may see; the reading is on record."""
    user = selectors.find_person(request.actor, str(uuid))
    audit(request.actor, "people.read", user, detail={"user": user.id})
    return _person(request, str(uuid))


@action("people.manage")
def invite_person(request: ActorRequest) -> HttpResponse:
    """Invite somebody by a one-time link, shown once."""
    within = _asked_organisation(request)
    form = InviteForm(request.actor, request.POST or None, within=within)
    if form.is_valid():
        values = form.cleaned_data
        try:
            _made, token = invite(
                request.actor,
                organisation=form.units[values["organisation"]],
                role=values["role"],
                display_name=values["display_name"],
                email=values["email"],
                now=timezone.now(),
            )
        except GovernanceError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            return _show_link(request, token, name=values["display_name"], within=within)
    return render(request, "governance/invite.html", {"form": form})


@action("people.manage")
@require_POST
def revoke(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Take an unused invitation back."""
    invitation = get_visible(request.actor, "people.manage", Invitation.objects.all(), uuid=uuid)
    revoke_invitation(request.actor, invitation, now=timezone.now())
    messages.success(request, gettext("邀请已撤回，链接不能再用。"))
    return redirect("governance:people")


@action("people.manage")
@require_POST
def end_role(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """End a role today."""
    membership = get_visible(
        request.actor, "people.manage", Membership.objects.select_related("user"), uuid=uuid
    )
    try:
        # the last day is yesterday: who is sent away today acts no more today
        end_membership(request.actor, membership, on=timezone.localdate() - dt.timedelta(days=1))
        messages.success(request, gettext("角色已结束。"))
    except GovernanceError as error:
        messages.error(request, str(error))
    return redirect("governance:person", uuid=membership.user.uuid)


@action("people.manage")
@require_POST
def add_role(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Give a person a further role."""
    user = selectors.find_person(request.actor, str(uuid), action="people.manage")
    form = RoleForm(request.actor, request.POST)
    if not form.is_valid():
        return _person(request, str(uuid), form=form)
    values = form.cleaned_data
    try:
        grant_role(
            request.actor,
            user,
            role=values["role"],
            organisation=form.units[values["organisation"]],
            starts=timezone.localdate(),
            ends=values["ends"],
        )
    except GovernanceError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return _person(request, str(uuid), form=form)
    messages.success(request, gettext("角色已授予。"))
    return redirect("governance:person", uuid=uuid)


@action("people.manage")
@require_POST
def change_state(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Deactivate or reactivate an account."""
    user = selectors.find_person(request.actor, str(uuid), action="people.manage")
    change = reactivate if request.POST.get("state") == "active" else deactivate
    try:
        change(request.actor, user, now=timezone.now())
        messages.success(request, gettext("已保存。"))
    except GovernanceError as error:
        messages.error(request, str(error))
    return redirect("governance:person", uuid=uuid)


@action("people.manage")
@require_POST
@never_cache
def password_link(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Make a one-time link to hand over to a person who lost the password."""
    user = selectors.find_person(request.actor, str(uuid), action="people.manage")
    try:
        token = make_password_link(request.actor, user, now=timezone.now())
    except GovernanceError as error:
        messages.error(request, str(error))
        return redirect("governance:person", uuid=uuid)
    return _show_link(request, token, name=user.display_name)


def _asked_organisation(request: ActorRequest) -> Organisation | None:
    """Return the organisation an address asks for; what is no uuid asks for none, what is hidden is 404."""
    try:
        uuid = UUID(request.GET.get("organisation", ""))
    except ValueError:
        return None
    return get_visible(request.actor, "people.manage", Organisation.objects.filter(is_active=True), uuid=uuid)


def _person(request: ActorRequest, uuid: str, *, form: RoleForm | None = None) -> HttpResponse:
    user = selectors.find_person(request.actor, uuid)
    page = {"person": selectors.person_page(request.actor, user), "form": None}
    if can(request.actor, "people.manage") and user.id != request.actor.user_id:
        page["form"] = form or RoleForm(request.actor)  # type: ignore[assignment]
    return render(request, "governance/person.html", page, status=400 if form and form.errors else 200)


def _show_link(
    request: ActorRequest, token: str, *, name: str, within: Organisation | None = None
) -> HttpResponse:
    link = request.build_absolute_uri(reverse("governance:invitation", args=[token]))
    return render(request, "governance/link.html", {"link": link, "name": name, "within": within})
