"""Organisations and their units: making, renaming, moving within the tree, closing and opening again.

Nothing is deleted: records name organisations. Whoever changes a tree locks its root first, so that two
changes of one tree come one after the other.
"""

from __future__ import annotations

import datetime as dt
import re

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhiqiao.platform.governance.access import Actor, can
from zhiqiao.platform.governance.audit import audit
from zhiqiao.platform.governance.errors import Refused
from zhiqiao.platform.governance.models import (
    Invitation,
    Membership,
    Organisation,
    OrganisationKind,
    UnitKind,
)
from zhiqiao.platform.governance.units import held_by, unit_kinds_below

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_KEY = 64
_LONGEST_NAME = 200
#: How many numbers are tried for a key made from a name before the person is asked to type one.
_MOST_TRIES = 100


@transaction.atomic
def create_organisation(
    actor: Actor,
    *,
    name_zh: str,
    name_en: str = "",
    key: str = "",
    kind: OrganisationKind | str = "",
    parent: Organisation | None = None,
    unit_kind: UnitKind | str = UnitKind.ORGANISATION,
    is_demo: bool = False,
) -> Organisation:
    """Make an organisation, or with `parent` a unit below it (its kind is the parent's).

    Without a key one is made from the English name; without an English name the Chinese one stands for it.
    """
    names = _names(name_zh, name_en)
    if parent is None:
        kind = _check_root(actor, kind)
        unit_kind = UnitKind.ORGANISATION
    else:
        parent = _locked(actor, parent)
        _check_place(parent, unit_kind)
        kind = parent.kind
    made = Organisation(kind=kind, unit_kind=unit_kind, parent=parent, is_demo=is_demo, **names)
    made.org_root_id = parent.org_root_id if parent else 0
    _save_with_key(made, key.strip().lower(), slugify(name_en))
    made.place()
    made.save(update_fields=["path", "org_root_id"])
    audit(
        actor, "organisations.created", made, detail={"key": made.key, "kind": made.kind, "unit": unit_kind}
    )
    return made


@transaction.atomic
def change_organisation(
    actor: Actor, unit: Organisation, *, name_zh: str, name_en: str = "", parent: Organisation | None = None
) -> None:
    """Rename an organisation or unit and, with another `parent`, move it there with everything below it."""
    unit = _locked(actor, unit)
    names = _names(name_zh, name_en)
    before = {name: getattr(unit, name) for name in names}
    if before != names:
        Organisation.objects.filter(id=unit.id).update(**names, updated_at=timezone.now())
        audit(actor, "organisations.renamed", unit, detail={"from": before, "to": names})
    if parent is not None and parent.id != unit.parent_id:
        _move(actor, unit, parent)


@transaction.atomic
def close_organisation(actor: Actor, unit: Organisation, *, now: dt.datetime) -> None:
    """Close an organisation or unit; raise Refused while people work there or anything stands in it."""
    # links before the tree: who joins holds the link and then waits for the unit
    links = Invitation.objects.filter(organisation=unit, used_at__isnull=True, expires_at__gt=now)
    open_links = list(links.select_for_update(no_key=True).order_by("id").values_list("id", flat=True))
    unit = _locked(actor, unit)
    if not unit.is_active:
        return
    reasons = hindrances(unit, on=timezone.localdate(now))
    if reasons:
        text = _("不能停用“%(name)s”：%(reasons)s") % {"name": unit.name, "reasons": "；".join(reasons)}
        raise Refused(text)
    Organisation.objects.filter(id=unit.id).update(is_active=False, updated_at=now)
    ended = Invitation.objects.filter(id__in=open_links, used_at__isnull=True).update(expires_at=now)
    audit(actor, "organisations.closed", unit, detail={"key": unit.key, "invitations_ended": ended})


@transaction.atomic
def reopen_organisation(actor: Actor, unit: Organisation, *, now: dt.datetime) -> None:
    """Open a closed organisation or unit again, unless the one above it is closed."""
    unit = _locked(actor, unit)
    if unit.is_active:
        return
    if unit.parent and not unit.parent.is_active:
        raise Refused(_("上级单位“%(name)s”已停用，请先启用它") % {"name": unit.parent.name})
    Organisation.objects.filter(id=unit.id).update(is_active=True, updated_at=now)
    audit(actor, "organisations.reopened", unit, detail={"key": unit.key})


def hindrances(unit: Organisation, *, on: dt.date) -> list[str]:
    """Return a sentence for everything that keeps a unit from being closed."""
    below = _subtree(unit)
    reasons = []
    units = below.filter(is_active=True).exclude(id=unit.id).count()
    if units:
        text = ngettext("下面还有 %(count)s 个启用的单位", "下面还有 %(count)s 个启用的单位", units)
        reasons.append(text % {"count": units})
    standing = Membership.objects.filter(Q(ends__isnull=True) | Q(ends__gte=on))
    people = standing.filter(organisation__path__startswith=unit.path).values("user").distinct().count()
    if people:
        text = ngettext("还有 %(count)s 人在这里任职", "还有 %(count)s 人在这里任职", people)
        reasons.append(text % {"count": people})
    return reasons + held_by(list(below.values_list("id", flat=True)))


def _move(actor: Actor, unit: Organisation, parent: Organisation) -> None:
    target = _locked(actor, parent)
    if target.org_root_id != unit.org_root_id or unit.parent_id is None:
        raise Refused(_("单位只能在本机构内调整"), field="parent")
    if target.path.startswith(unit.path):
        raise Refused(_("单位不能移到自己或自己的下属单位之下"), field="parent")
    _check_place(target, unit.unit_kind)
    old, new = unit.path, f"{target.path}{unit.id}/"
    _subtree(unit).update(path=Concat(Value(new), Substr("path", len(old) + 1)))
    Organisation.objects.filter(id=unit.id).update(parent=target, updated_at=timezone.now())
    audit(actor, "organisations.moved", unit, detail={"from": unit.parent_id, "to": target.id})


def _subtree(unit: Organisation) -> QuerySet[Organisation]:
    return Organisation.objects.filter(path__startswith=unit.path)


def _locked(actor: Actor, unit: Organisation) -> Organisation:
    """Return the unit as it stands now, its tree locked; raise Refused when the actor may not change it."""
    if not can(actor, "organisations.manage", unit):
        raise Refused(_("您不能管理这个单位"))
    rows = Organisation.objects.select_for_update(no_key=True)
    rows.get(id=unit.org_root_id)
    return rows.get(id=unit.id)


def _names(name_zh: str, name_en: str) -> dict[str, str]:
    # PostgreSQL keeps no NUL.
    zh, en = (" ".join(name.replace("\0", "").split()) for name in (name_zh, name_en))
    if not zh:
        raise Refused(_("请填写名称"), field="name_zh")
    for name, field in ((zh, "name_zh"), (en, "name_en")):
        if len(name) > _LONGEST_NAME:
            raise Refused(_("名称最多 %(most)s 个字") % {"most": _LONGEST_NAME}, field=field)
    return {"name_zh": zh, "name_en": en or zh}


def _check_root(actor: Actor, kind: str) -> OrganisationKind:
    if not can(actor, "organisations.create"):
        raise Refused(_("您不能建立机构"))
    if kind not in OrganisationKind.values or (kind == OrganisationKind.OPERATOR and not actor.is_system):
        raise Refused(_("请选择机构的类型"), field="kind")
    return OrganisationKind(kind)


def _check_place(parent: Organisation, unit_kind: str) -> None:
    """Raise Refused unless a unit of this kind may stand below the parent."""
    field = "parent"
    if not parent.is_active:
        raise Refused(_("“%(name)s”已停用") % {"name": parent.name}, field=field)
    if unit_kind not in unit_kinds_below(parent.kind, parent.unit_kind):
        raise Refused(_("这类单位不能设在“%(name)s”之下") % {"name": parent.name}, field=field)


def _save_with_key(made: Organisation, typed: str, slug: str) -> None:
    """Save the row under the typed key or, of those made from the name, the first that nobody has."""
    if typed:
        if len(typed) > _LONGEST_KEY or not _KEY.fullmatch(typed):
            text = _("编号只能用小写字母、数字和连字符，例如 red-leaf-college，最多 64 个字符")
            raise Refused(text, field="key")
        if not _saved_as(made, typed):
            raise Refused(_("编号“%(key)s”已被使用") % {"key": typed}, field="key")
        return
    stem = _stem(made, slug)
    for number in range(1, _MOST_TRIES):
        key = stem if number == 1 and slug else f"{stem}-{number}"
        if not Organisation.objects.filter(key=key).exists() and _saved_as(made, key):
            return
    raise Refused(_("无法从名称生成编号，请自己填写一个"), field="key")


def _stem(made: Organisation, slug: str) -> str:
    own = slug or str(made.unit_kind if made.parent_id else made.kind)
    root = "" if made.parent_id is None else Organisation.objects.get(id=made.org_root_id).key + "-"
    return f"{root}{own}"[: _LONGEST_KEY - 4].strip("-")


def _saved_as(made: Organisation, key: str) -> bool:
    """Tell whether the row could be saved; of two people who take one key at once the database lets one."""
    made.key = key
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        if not Organisation.objects.filter(key=key).exists():
            raise  # another rule than the one on keys
        made.pk = None
        return False
    return True
