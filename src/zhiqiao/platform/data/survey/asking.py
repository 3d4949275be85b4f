"""Asking enterprises: links, reminders, withdrawal, what the office noted, and earlier answers used again.

A link is shown once; only its hash is kept. It ends when it is answered, withdrawn, renewed, past its day, or when the
survey closes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from zhiqiao.engines.surveys import reusable
from zhiqiao.infra.links import hash_of, new_token
from zhiqiao.infra.ui import formats
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.models import (
    PostSurvey,
    QuestionnaireVersion,
    SurveySheet,
    SurveyState,
    SurveyUnit,
    UnitOutcome,
)
from zhiqiao.platform.data.survey.designing import managed, publish_draft, questionnaire_of
from zhiqiao.platform.data.survey.framing import last_asked, may_ask_from
from zhiqiao.platform.data.survey.parameters import parameters
from zhiqiao.platform.governance.api import Actor, audit, get_visible

__all__ = [
    "Link",
    "close_survey",
    "end_link",
    "get_unit",
    "note_outcome",
    "renew_links",
    "reusable_sheets",
    "reuse_answers",
    "send_links",
]


@dataclass(frozen=True)
class Link:
    """The secret of a new link, to be handed over now."""

    unit: SurveyUnit
    token: str


def get_unit(acting: Actor, uuid: UUID, *, locked: bool = False) -> SurveyUnit:
    """Return an enterprise of a survey one runs; locked, its survey is locked before it, as every verb does."""
    rows = SurveyUnit.objects.select_related("survey__programme", "enterprise", "questionnaire")
    found = get_visible(acting, "surveys.manage", rows, uuid=uuid)
    if not locked:
        return found
    managed(found.survey.uuid, acting=acting)
    return rows.select_for_update(of=("self",)).get(pk=found.pk)


@transaction.atomic
def send_links(
    survey_uuid: UUID, *, acting: Actor, now: dt.datetime, only: Sequence[UUID] | None = None
) -> list[Link]:
    """Give every drawn enterprise that was not asked yet its link; the first time opens the survey.

    Raises Refused when nothing was drawn or nobody is left, when the questionnaire has problems, or when somebody was
    asked by another body since the draw: the sentence names the enterprise and the day from which it may be asked.
    """
    survey = managed(survey_uuid, acting=acting)
    _must_be_open(survey, or_draft=True)
    rows = survey.units.select_related("enterprise").filter(
        is_drawn=True, asked_on=None, outcome="", sheets=None
    )
    if only is not None:
        rows = rows.filter(uuid__in=only)
    units = list(rows)
    if not units:
        raise Refused(_("没有还未发放的样本企业。请先抽样，或看看名单里的状态。"))
    firms = [unit.enterprise for unit in units]
    waiting = may_ask_from(firms, on=now.date(), least=survey.least_days, beside=survey)
    if waiting:
        raise Refused(_interval_sentence(units, waiting, survey.least_days))
    version = publish_draft(survey, acting=acting, now=now)
    before = last_asked(firms, beside=survey)
    links = [_ask(unit, version, before.get(unit.enterprise_id), now=now) for unit in units]
    if survey.state == SurveyState.DRAFT:
        survey.state, survey.opened_on = SurveyState.OPEN, now.date()
        survey.version += 1
        survey.save()
    detail = {"version": version.number, "codes": [link.unit.code for link in links]}
    audit(acting, "survey.sent", survey, detail=detail)
    return links


def _interval_sentence(units: Sequence[SurveyUnit], waiting: dict[int, dt.date], least: int) -> str:
    told = [
        _("%(name)s（%(day)s 起可再问）")
        % {"name": unit.enterprise.name, "day": formats.date(waiting[unit.enterprise_id])}
        for unit in units
        if unit.enterprise_id in waiting
    ]
    return _(
        "下列企业不到 %(least)s 天前刚被调研过，没有发放：%(names)s。请取消选中它们，或经同意改用已有答案。"
    ) % {
        "least": least,
        "names": _("、").join(told[:10]),
    }


def _ask(
    unit: SurveyUnit, version: QuestionnaireVersion, before: dt.date | None, *, now: dt.datetime
) -> Link:
    token = new_token()
    unit.questionnaire, unit.asked_on, unit.asked_before = version, now.date(), before
    unit.token_hash, unit.expires_at = hash_of(token), now + dt.timedelta(days=parameters().link_days)
    unit.save()
    SurveySheet.objects.create(org_root_id=unit.org_root_id, unit=unit, questionnaire=version)
    return Link(unit, token)


@transaction.atomic
def renew_links(uuids: Sequence[UUID], *, acting: Actor, now: dt.datetime) -> list[Link]:
    """Give new links: a reminder for who has not answered, a way to correct for who has; the earlier links end.

    A correction begins with the answers given and replaces them when it is submitted; until then the old ones count.
    """
    links = []
    for uuid in uuids:
        unit = get_unit(acting, uuid, locked=True)
        _must_be_open(unit.survey)
        if unit.asked_on is None:
            raise Refused(_("%(name)s 还没有发放过问卷。") % {"name": unit.enterprise.name})
        token = new_token()
        unit.token_hash, unit.expires_at = hash_of(token), now + dt.timedelta(days=parameters().link_days)
        unit.reminders, unit.reminded_at, unit.outcome = unit.reminders + 1, now, ""
        unit.save()
        _open_sheet(unit)
        detail = {"code": unit.code, "reminders": unit.reminders}
        audit(acting, "survey.link_renewed", unit.survey, detail=detail)
        links.append(Link(unit, token))
    return links


def _open_sheet(unit: SurveyUnit) -> None:
    """See that there is a sheet to write on: after an answer, a further one that begins with what was answered."""
    last = unit.sheets.order_by("-number").first()
    if last is not None and last.submitted_at is None:
        return
    assert unit.questionnaire is not None, "it was asked"
    SurveySheet.objects.create(
        org_root_id=unit.org_root_id,
        unit=unit,
        questionnaire_id=last.questionnaire_id if last else unit.questionnaire.pk,
        number=last.number + 1 if last else 1,
        answers=last.answers if last else {},
        may_reuse=last.may_reuse if last else None,
    )


@transaction.atomic
def end_link(uuid: UUID, *, acting: Actor) -> SurveyUnit:
    """Withdraw an enterprise's link; it then says so. What was submitted stays."""
    unit = get_unit(acting, uuid, locked=True)
    _must_be_open(unit.survey)
    unit.expires_at = None
    if not unit.sheets.filter(submitted_at__isnull=False).exists():
        unit.outcome = UnitOutcome.WITHDRAWN
    unit.save()
    audit(acting, "survey.link_ended", unit.survey, detail={"code": unit.code})
    return unit


@transaction.atomic
def note_outcome(uuid: UUID, outcome: str, note: str, *, acting: Actor) -> SurveyUnit:
    """Note that an enterprise declined or could not be reached; an empty outcome takes the note back."""
    unit = get_unit(acting, uuid, locked=True)
    _must_be_open(unit.survey)
    if outcome not in {"", UnitOutcome.DECLINED, UnitOutcome.UNREACHABLE}:
        raise Refused(_("请从列表中选。"))
    if unit.sheets.filter(submitted_at__isnull=False).exists():
        raise Refused(_("这家企业已经答复，不需要再记。"))
    unit.outcome, unit.outcome_note = outcome, note.strip()[:300]
    unit.save()
    audit(acting, "survey.outcome_noted", unit.survey, detail={"code": unit.code, "outcome": outcome})
    return unit


def reusable_sheets(units: Sequence[SurveyUnit], *, now: dt.datetime) -> dict[int, SurveySheet]:
    """Return by unit the enterprise's latest answers to this association, where it lets them be used again.

    The latest word counts: consent taken back with a later survey ends it for the earlier one too.
    """
    if not units:
        return {}
    rows = (
        SurveySheet.objects.filter(
            org_root_id=units[0].org_root_id,
            unit__enterprise__in=[unit.enterprise_id for unit in units],
            submitted_at__gte=now - dt.timedelta(days=parameters().reuse_days),
            reused_from=None,
        )
        .exclude(unit__survey_id=units[0].survey_id)
        .select_related("questionnaire", "unit")
        .order_by("submitted_at", "id")
    )
    latest = {row.unit.enterprise_id: row for row in rows}
    return {
        unit.pk: sheet
        for unit in units
        if (sheet := latest.get(unit.enterprise_id)) is not None and sheet.may_reuse
    }


@transaction.atomic
def reuse_answers(uuid: UUID, *, acting: Actor, now: dt.datetime) -> SurveySheet:
    """Use an enterprise's earlier answers where questions are the same, with its consent, instead of asking it.

    Raises Refused without consent, after it was asked in this survey, or when no question fits.
    """
    unit = get_unit(acting, uuid, locked=True)
    survey = unit.survey
    _must_be_open(survey, or_draft=True)
    if unit.asked_on is not None or unit.sheets.exists():
        raise Refused(_("这项调研已经问过这家企业。"))
    sheet = reusable_sheets([unit], now=now).get(unit.pk)
    if sheet is None:
        raise Refused(_("没有经这家企业同意可以再用的答案；只能等到间隔期满后再问。"))
    version = publish_draft(survey, acting=acting, now=now)
    answers = reusable(questionnaire_of(version), questionnaire_of(sheet.questionnaire), sheet.answers)
    if not answers:
        raise Refused(_("以前的问卷与现在的没有相同的题，用不上。"))
    row = SurveySheet.objects.create(
        org_root_id=unit.org_root_id,
        unit=unit,
        questionnaire=version,
        answers=answers,
        saved_at=sheet.saved_at,
        submitted_at=sheet.submitted_at,
        reused_from=sheet,
        may_reuse=True,
    )
    unit.questionnaire = version
    unit.save(update_fields=["questionnaire", "updated_at"])
    detail = {"code": unit.code, "answers": len(answers), "from": str(sheet.uuid)}
    audit(acting, "survey.answers_reused", survey, detail=detail)
    return row


@transaction.atomic
def close_survey(uuid: UUID, *, acting: Actor, now: dt.datetime) -> PostSurvey:
    """End a survey: links end, statistics open to the region, without names."""
    survey = managed(uuid, acting=acting)
    _must_be_open(survey)
    survey.state, survey.closed_on, survey.is_shared = SurveyState.CLOSED, now.date(), True
    survey.version += 1
    survey.save()
    audit(acting, "survey.closed", survey)
    return survey


def _must_be_open(survey: PostSurvey, *, or_draft: bool = False) -> None:
    if survey.state == SurveyState.CLOSED:
        raise Refused(_("调研已结束。"))
    if survey.state == SurveyState.DRAFT and not or_draft:
        raise Refused(_("还没有开始发放。"))
