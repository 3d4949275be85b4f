"""The JSON API of governance: who one is, and the directory of organisations."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from zhiqiao.platform.governance import selectors
from zhiqiao.platform.governance.access import ACTIONS, Actor, action, can
from zhiqiao.platform.governance.models import Membership, Organisation, User
from zhiqiao.platform.governance.sessions import current_memberships

router = Router(tags=["governance"])


class OrganisationOut(Schema):
    """A node of the directory."""

    uuid: UUID
    key: str
    kind: str
    unit_kind: str
    parent_key: str | None
    name_zh: str
    name_en: str
    is_demo: bool


class MembershipOut(Schema):
    """A role one holds."""

    uuid: UUID
    role: str
    organisation_key: str
    is_acting: bool


class MeOut(Schema):
    """The signed-in person under the membership they act for, with what they may do."""

    uuid: UUID
    username: str
    display_name: str
    email: str
    language: str
    memberships: list[MembershipOut]
    abilities: dict[str, bool]


@router.get("/me", response=MeOut, summary="The signed-in person")
@action("home.read")
def me(request: HttpRequest) -> MeOut:
    """Return one's own account, roles and abilities."""
    actor, user = _who(request)
    return MeOut(
        uuid=user.uuid,
        username=user.username,
        display_name=user.display_name,
        email=user.email,
        language=user.language,
        memberships=[_membership(actor, row) for row in current_memberships(user.id)],
        abilities={key: can(actor, key) for key in ACTIONS},
    )


@router.get("/organisations", response=list[OrganisationOut], summary="The directory of organisations")
@action("organisations.read")
def organisations(request: HttpRequest, kind: str = "") -> list[OrganisationOut]:
    """Return the organisations and units one may see, each tree from its root down."""
    actor, _user = _who(request)
    rows = selectors.organisations(actor)
    return [_organisation(row) for row in rows if kind in ("", row.kind)]


def _who(request: HttpRequest) -> tuple[Actor, User]:
    # the API's own `auth` has let only signed-in people with a role in
    return request.actor, request.user  # type: ignore[attr-defined, return-value]


def _membership(actor: Actor, row: Membership) -> MembershipOut:
    return MembershipOut(
        uuid=row.uuid,
        role=row.role,
        organisation_key=row.organisation.key,
        is_acting=row.id == actor.membership_id,
    )


def _organisation(row: Organisation) -> OrganisationOut:
    return OrganisationOut(
        uuid=row.uuid,
        key=row.key,
        kind=row.kind,
        unit_kind=row.unit_kind,
        parent_key=row.parent.key if row.parent else None,
        name_zh=row.name_zh,
        name_en=row.name_en,
        is_demo=row.is_demo,
    )
