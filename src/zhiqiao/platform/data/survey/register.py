"""The register of enterprises that an association may ask: written by hand, from a file, or taken from the platform."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.models import EnterpriseSize, Industry, JobPosting, Programme, SurveyedEnterprise
from zhiqiao.platform.data.supply import keeping
from zhiqiao.platform.data.survey.bank import posts_of
from zhiqiao.platform.data.survey.parameters import parameters
from zhiqiao.platform.governance.api import (
    Actor,
    Organisation,
    OrganisationKind,
    audit,
    get_visible,
    require,
    visible,
)

__all__ = [
    "CONTACTS",
    "EnterpriseFacts",
    "enterprises",
    "folded_name",
    "get_enterprise",
    "own_enterprises",
    "remove_enterprise",
    "save_enterprise",
    "take_known",
]

CONTACTS = ("contact_name", "contact_phone", "contact_email")
_CODE = re.compile(r"[0-9A-HJ-NP-RTUW-Y]{18}")
_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_MOST_TAKEN = 500


@dataclass(frozen=True)
class EnterpriseFacts:
    """What is stated of an enterprise; empty is unknown."""

    name: str
    credit_code: str = ""
    industry: Industry | None = None
    size: str = ""
    place: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""


def folded_name(name: str) -> str:
    """Fold a name for comparing: width, case, spaces and brackets do not tell two firms apart."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[\s()\[\]【】「」·.,，。\-—_]", "", folded)


def is_credit_code(code: str) -> bool:
    """Tell whether a code is a unified social credit code: 18 signs, the last one a check (GB 32100-2015)."""
    if not _CODE.fullmatch(code):
        return False
    total = sum(_SIGNS.index(sign) * weight for sign, weight in zip(code, _WEIGHTS, strict=False))
    return _SIGNS[(31 - total % 31) % 31] == code[17]


def enterprises(acting: Actor) -> QuerySet[SurveyedEnterprise]:
    """Return the register one keeps."""
    rows = SurveyedEnterprise.objects.select_related("industry")
    return visible(acting, "surveys.manage", rows).order_by("name", "id")


def own_enterprises(acting: Actor) -> list[SurveyedEnterprise]:
    """Return all rows of the register, for a file that is taken in."""
    return list(enterprises(acting))


def get_enterprise(acting: Actor, uuid: UUID) -> SurveyedEnterprise:
    """Return one enterprise of one's register; 404 otherwise."""
    return get_visible(
        acting, "surveys.manage", SurveyedEnterprise.objects.select_related("industry"), uuid=uuid
    )


def save_enterprise(
    actor: Actor,
    row: SurveyedEnterprise | None,
    facts: EnterpriseFacts,
    *,
    seen: int = 0,
    origin: str = "typed",
    is_demo: bool = False,
) -> SurveyedEnterprise:
    """Keep an enterprise.

    Raises Refused for facts that can not be or a firm that is there under this name or code, Conflict when the row was
    changed. Of contacts the trail says that they changed, not what they hold.
    """
    require(actor, "surveys.manage", row)
    root = keeping.own_root(actor)
    facts = replace(facts, name=facts.name.strip(), credit_code=facts.credit_code.strip().upper())
    folded = folded_name(facts.name)
    _check(facts, folded)
    current = row or SurveyedEnterprise(org_root_id=root, origin=origin, is_demo=is_demo)
    same = Q(folded_name=folded) | (Q(credit_code=facts.credit_code) & ~Q(credit_code=""))
    others = SurveyedEnterprise.objects.filter(same, org_root_id=root).exclude(pk=current.pk)
    if there := others.first():
        raise Refused(
            _("名录里已有“%(name)s”（名称或信用代码相同），请直接修改那一行。") % {"name": there.name}
        )
    if row is None and SurveyedEnterprise.objects.filter(org_root_id=root).count() >= (
        most := parameters().most_enterprises
    ):
        raise Refused(_("企业名录最多 %(most)s 家。") % {"most": most})
    values: dict[str, object] = {**facts.__dict__, "folded_name": folded}
    if row is not None and row.name_en and row.name != facts.name:
        values["name_en"] = ""
    return keeping.keep(actor, current, values, seen=seen, verb="survey.enterprise", secret=CONTACTS)


def remove_enterprise(actor: Actor, row: SurveyedEnterprise, *, seen: int) -> None:
    """Take an enterprise out of the register; one that a survey has in its frame stays."""
    require(actor, "surveys.manage", row)
    if row.units.exists():
        raise Refused(_("这家企业已列入调研的抽样框，不能删除；可以改为不再联系：删去联系方式。"))
    keeping.remove(actor, row, seen=seen, verb="survey.enterprise", secret=CONTACTS)


@transaction.atomic
def take_known(actor: Actor, programme: Programme, *, source: str) -> int:
    """Add enterprises the platform knows: those that take part (`platform`) or employers of its posts (`postings`).

    One that is there under the same name stays as it is. Size is unknown. Return how many are new.
    """
    require(actor, "surveys.manage")
    root = keeping.own_root(actor)
    found = _taking_part() if source == "platform" else _employers(actor, programme)
    there = set(SurveyedEnterprise.objects.filter(org_root_id=root).values_list("folded_name", flat=True))
    room = parameters().most_enterprises - len(there)
    new: dict[str, SurveyedEnterprise] = {}
    for row in found:
        row.org_root_id, row.folded_name, row.origin = root, folded_name(row.name), source
        if row.folded_name and row.folded_name not in there:
            new.setdefault(row.folded_name, row)
    rows = list(new.values())[: min(room, _MOST_TAKEN)]
    SurveyedEnterprise.objects.bulk_create(rows)
    if rows:
        audit(actor, "survey.enterprises_taken", detail={"source": source, "new": len(rows)})
    return len(rows)


def _taking_part() -> list[SurveyedEnterprise]:
    rows = Organisation.objects.filter(kind=OrganisationKind.ENTERPRISE, parent=None, is_active=True)
    return [
        SurveyedEnterprise(name=row.name_zh, name_en=row.name_en, is_demo=row.is_demo)
        for row in rows.order_by("id")
    ]


def _employers(actor: Actor, programme: Programme) -> list[SurveyedEnterprise]:
    """Return employers in postings of the programme's posts, those with most postings first; the place is the city."""
    posts = posts_of(programme)
    rows = visible(actor, "postings.read", JobPosting.objects.counted()).filter(role__in=posts)
    counted = (
        rows.exclude(company="")
        .values("company", "city")
        .annotate(count=Count("id"))
        .order_by("-count", "company")[:_MOST_TAKEN]
    )
    industries = {post.link.industry_id for post in posts}
    industry = industries.pop() if len(industries) == 1 else None
    return [
        SurveyedEnterprise(name=row["company"][:150], place=row["city"], industry_id=industry)
        for row in counted
    ]


def _check(facts: EnterpriseFacts, folded: str) -> None:
    if len(folded) < 2:
        raise Refused(_("请写企业全称。"))
    if facts.credit_code and not is_credit_code(facts.credit_code):
        raise Refused(_("统一社会信用代码应为 18 位，且最后一位校验不通过；请核对或留空。"))
    if facts.size and facts.size not in EnterpriseSize.values:
        raise Refused(_("规模请选大型、中型、小型或微型。"))
    if facts.contact_email:
        try:
            validate_email(facts.contact_email)
        except ValidationError as error:
            raise Refused(_("邮箱格式不对，请改正或留空。")) from error
