"""Experts of a study and their links; a link is shown once, only its hash is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from zhiqiao.apps.evaluation import parameters
from zhiqiao.apps.evaluation.actions import managed
from zhiqiao.apps.evaluation.errors import BadStudy, LinkInvalid, NotNow
from zhiqiao.apps.evaluation.models import (
    AnswerSheet,
    RoundState,
    StudyExpert,
    StudyRound,
    StudyState,
    WeightStudy,
)
from zhiqiao.infra.links import hash_of, new_token
from zhiqiao.platform.governance.api import Actor, User, audit, get_visible

_LONGEST_NAME, _LONGEST_PLACE = 100, 150


@dataclass(frozen=True)
class Guest:
    """Who is to be invited, as written in one line."""

    name: str
    affiliation: str
    email: str
    user: User | None


@dataclass(frozen=True)
class Link:
    """The secret of a new link, to be handed over now."""

    expert: StudyExpert
    token: str


def read_guests(text: str, *, known: Sequence[StudyExpert]) -> list[Guest]:
    """Read one expert a line: name, affiliation, e-mail, parted by commas; “@name” is an account of the platform.

    Raises BadStudy naming each line that can not be taken, also for somebody who was invited before.
    """
    found: list[Guest] = []
    problems: list[str] = []
    taken = {(one.name, one.affiliation) for one in known}
    users = {one.user_id for one in known if one.user_id}
    for number, raw in enumerate(text.splitlines(), start=1):
        if not raw.strip():
            continue
        cells = [cell.strip() for cell in raw.replace("，", ",").replace("\t", ",").split(",")]
        try:
            guest = _guest(cells)
        except BadStudy as error:
            problems.append(_("第 %(row)s 行：%(reason)s") % {"row": number, "reason": error.problems[0]})
            continue
        if (guest.name, guest.affiliation) in taken or (guest.user and guest.user.id in users):
            problems.append(
                _("第 %(row)s 行：%(name)s已在名单中。请删去这一行。") % {"row": number, "name": guest.name}
            )
            continue
        taken.add((guest.name, guest.affiliation))
        users |= {guest.user.id} if guest.user else set()
        found.append(guest)
    if problems or not found:
        raise BadStudy(problems or [_("请每行写一位专家。")], field="guests")
    return found


def _guest(cells: Sequence[str]) -> Guest:
    name, affiliation, email = [*cells, "", "", ""][:3]
    user = None
    if name.startswith("@"):
        user = User.objects.filter(username=name[1:].lower(), is_active=True).first()
        if user is None:
            raise BadStudy([_("平台上没有用户名 %(name)s。请核对，或直接写姓名。") % {"name": name[1:]}])
        name = user.display_name
    if not name:
        raise BadStudy([_("没有姓名。请按“姓名，单位，邮箱”填写。")])
    if len(cells) > 3 or len(name) > _LONGEST_NAME or len(affiliation) > _LONGEST_PLACE:
        raise BadStudy([_("内容太长或超过三项。请按“姓名，单位，邮箱”填写。")])
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise BadStudy([_("邮箱“%(email)s”不像一个邮箱。请改正或留空。") % {"email": email}]) from None
    return Guest(name, affiliation, email, user)


@transaction.atomic
def invite(study_uuid: UUID, text: str, *, acting: Actor, now: dt.datetime) -> list[Link]:
    """Invite experts; during an open round they are asked at once. Returns their links."""
    study = managed(study_uuid, acting=acting)
    if study.state == StudyState.CLOSED:
        raise NotNow(_("研究已结束，不能再邀请专家。"))
    known = list(study.experts.all())
    guests = read_guests(text, known=known)
    most = parameters.questionnaire().limits["most_experts"]
    if len(known) + len(guests) > most:
        raise BadStudy([_("一项研究最多 %(most)s 位专家。") % {"most": most}], field="guests")
    open_round = study.rounds.filter(state=RoundState.OPEN).first()
    links = [
        _invite(study, guest, code=f"E{number:02d}", open_round=open_round, now=now)
        for number, guest in enumerate(guests, start=len(known) + 1)
    ]
    audit(acting, "study.invited", study, detail={"codes": [link.expert.code for link in links]})
    return links


def _invite(
    study: WeightStudy, guest: Guest, *, code: str, open_round: StudyRound | None, now: dt.datetime
) -> Link:
    token = new_token()
    expert = StudyExpert.objects.create(
        org_root_id=study.org_root_id,
        study=study,
        code=code,
        user=guest.user,
        name=guest.name,
        affiliation=guest.affiliation,
        email=guest.email,
        token_hash=hash_of(token),
        expires_at=now + _valid_for(),
    )
    if open_round is not None:
        AnswerSheet.objects.create(org_root_id=study.org_root_id, round=open_round, expert=expert)
    return Link(expert, token)


@transaction.atomic
def renew_link(expert_uuid: UUID, *, acting: Actor, now: dt.datetime) -> Link:
    """Make a new link to remind an expert with; the earlier one ends. Answers stay."""
    row = _managed_expert(expert_uuid, acting=acting)
    token = new_token()
    row.token_hash, row.expires_at = hash_of(token), now + _valid_for()
    row.reminders, row.reminded_at = row.reminders + 1, now
    row.save()
    audit(acting, "study.link_renewed", row.study, detail={"code": row.code, "reminders": row.reminders})
    return Link(row, token)


@transaction.atomic
def end_link(expert_uuid: UUID, *, acting: Actor) -> StudyExpert:
    """End an expert's link; what was submitted stays."""
    row = _managed_expert(expert_uuid, acting=acting)
    row.token_hash, row.expires_at = None, None
    row.save(update_fields=["token_hash", "expires_at", "updated_at"])
    audit(acting, "study.link_ended", row.study, detail={"code": row.code})
    return row


def _managed_expert(expert_uuid: UUID, *, acting: Actor) -> StudyExpert:
    rows = StudyExpert.objects.select_related("study")
    found = get_visible(acting, "studies.manage", rows, uuid=expert_uuid)
    # the study first, as every verb on it does: one that closes in this moment must give no new link
    study = managed(found.study.uuid, acting=acting)
    row = StudyExpert.objects.select_for_update(of=("self",)).select_related("study").get(pk=found.pk)
    if study.state == StudyState.CLOSED:
        raise NotNow(_("研究已结束，链接不再使用。"))
    return row


def _valid_for() -> dt.timedelta:
    return dt.timedelta(days=parameters.questionnaire().valid_days)


def find_expert(token: str, *, now: dt.datetime) -> StudyExpert:
    """Return the expert of a link; raises LinkInvalid when it opens nothing."""
    row = StudyExpert.objects.select_related("study").filter(token_hash=hash_of(token)).first()
    if row is None or row.expires_at is None or row.expires_at <= now:
        raise LinkInvalid(_("链接不存在、已过期或已停用。请向邀请您的机构索取新的链接。"))
    return row
