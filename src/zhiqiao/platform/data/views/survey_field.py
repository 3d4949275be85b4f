"""Pages of the field work: frame and draw, the list of those asked, links handed out once, reminders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhiqiao.engines.surveys import Outcome
from zhiqiao.infra.ui import formats
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.models import PostSurvey, SurveyedEnterprise
from zhiqiao.platform.data.survey import asking, designing, framing
from zhiqiao.platform.data.survey.asking import Link
from zhiqiao.platform.data.survey.counting import UnitState, units_of
from zhiqiao.platform.data.survey.forms import DrawForm, OutcomeForm
from zhiqiao.platform.data.survey.parameters import least_days
from zhiqiao.platform.data.survey.register import enterprises
from zhiqiao.platform.data.survey.selectors import OUTCOME_LABELS, StratumWords, stratum_words
from zhiqiao.platform.data.survey.tables import frame_table
from zhiqiao.platform.data.views.surveys import shown
from zhiqiao.platform.governance.api import ActorRequest, action

_TONES = {
    Outcome.ANSWERED: "success",
    Outcome.REUSED: "success",
    Outcome.PARTIAL: "info",
    Outcome.SILENT: "warning",
}


@dataclass(frozen=True)
class FrameChoice:
    """An enterprise that may stand in the frame; `from_day` is when it may be asked again."""

    uuid: UUID
    name: str
    stratum: str
    from_day: str
    is_picked: bool


@dataclass(frozen=True)
class LinkLine:
    """A link to hand over now: by mail, copied, or on a printed slip."""

    code: str
    name: str
    contact: str
    url: str
    mailto: str
    expires_at: object


@require_http_methods(["GET", "POST"])
@action("surveys.manage")
def frame(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Choose the frame from the register and draw; or take the draw back."""
    survey = designing.managed(uuid, acting=request.actor, locked=False)
    if request.method == "POST" and request.POST.get("verb") == "undo":
        return _undone(request, uuid)
    form = DrawForm(request.POST or None, initial={"size": 30, "seed": survey.draw.get("seed", "")})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            picked = [UUID(one) for one in request.POST.getlist("picked") if _is_uuid(one)]
            data = form.cleaned_data
            try:
                framing.draw_sample(
                    uuid,
                    picked,
                    size=data["size"],
                    seed=data["seed"],
                    acting=request.actor,
                    now=timezone.now(),
                )
            except Refused as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("已抽样。"))
                return redirect("data:survey_frame", uuid=uuid)
    context = _frame_context(request, survey, form)
    return shown(request, uuid, "frame", context, tab="frame", status=status)


def _undone(request: ActorRequest, uuid: UUID) -> HttpResponse:
    try:
        framing.undo_draw(uuid, acting=request.actor)
    except Refused as error:
        messages.error(request, str(error))
    return redirect("data:survey_frame", uuid=uuid)


def _frame_context(request: ActorRequest, survey: PostSurvey, form: DrawForm) -> dict[str, object]:
    words = stratum_words()
    rows = list(survey.units.all())
    lines = [
        {
            "name": words.line(one.stratum.industry, one.stratum.size, one.stratum.place),
            "frame": one.frame,
            "drawn": one.drawn,
            "kept_out": one.kept_out,
        }
        for one in framing.lines_of(rows)
    ]
    context: dict[str, object] = {
        "form": form,
        "draw": survey.draw,
        "drawn_at": survey.drawn_at,
        "least": survey.least_days or least_days(timezone.localdate()),
        "table": frame_table().bind(request, lines),
        "uncovered": [line["name"] for line in lines if not line["drawn"]],
        "drawn": sum(row.is_drawn for row in rows),
    }
    if not survey.drawn_at:
        context["choices"] = _choices(request, survey)
    return context


def _choices(request: ActorRequest, survey: PostSurvey) -> list[FrameChoice]:
    words, today = stratum_words(), timezone.localdate()
    rows = list(enterprises(request.actor))
    waiting = framing.may_ask_from(rows, on=today, least=least_days(today), beside=survey)
    ticked = set(request.POST.getlist("picked")) if request.method == "POST" else None
    return [
        FrameChoice(
            row.uuid,
            row.name,
            _stratum(words, row),
            formats.date(waiting[row.pk]) if row.pk in waiting else "",
            ticked is None or str(row.uuid) in ticked,
        )
        for row in rows
    ]


def _stratum(words: StratumWords, row: SurveyedEnterprise) -> str:
    stratum = framing.stratum_of(row)
    return words.line(stratum.industry, stratum.size, stratum.place)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


@require_GET
@action("surveys.manage")
def units(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """List who was drawn, who has answered, and what can be done about the others."""
    survey = designing.managed(uuid, acting=request.actor, locked=False)
    now, words = timezone.now(), stratum_words()
    found = units_of(survey)
    rows = [one for one in found if one.row.is_drawn or one.sheet]
    wanted = request.GET.get("outcome", "")
    not_asked = [one.row for one in found if one.outcome is Outcome.NOT_ASKED]
    again = asking.reusable_sheets(not_asked, now=now)
    reusable = {row.code for row in not_asked if row.pk in again}
    context = {
        "lines": [
            _unit_line(one, words.line(one.row.industry, one.row.size, one.row.place), code_set=reusable)
            for one in rows
            if not wanted or one.outcome == wanted
        ],
        "kept_out": [
            _unit_line(one, words.line(one.row.industry, one.row.size, one.row.place), code_set=reusable)
            for one in found
            if one.row.may_ask_from and not one.sheet
        ],
        "outcomes": [
            (outcome.value, OUTCOME_LABELS[outcome], sum(one.outcome is outcome for one in rows))
            for outcome in OUTCOME_LABELS
            if any(one.outcome is outcome for one in rows)
        ],
        "wanted": wanted,
        "not_asked": sum(one.outcome is Outcome.NOT_ASKED for one in rows),
        "to_remind": [one.row.uuid for one in rows if one.outcome in {Outcome.SILENT, Outcome.PARTIAL}],
        "now": now,
    }
    return shown(request, uuid, "units", context, tab="units")


def _unit_line(one: UnitState, stratum: str, *, code_set: set[str]) -> dict[str, object]:
    row = one.row
    return {
        "row": row,
        "name": row.enterprise.name,
        "contact": " ".join(
            filter(
                None,
                (row.enterprise.contact_name, row.enterprise.contact_phone, row.enterprise.contact_email),
            )
        ),
        "stratum": stratum,
        "outcome": OUTCOME_LABELS[one.outcome],
        "tone": _TONES.get(one.outcome, ""),
        "submitted_at": one.sheet.submitted_at if one.sheet else None,
        "answers": one.sheet is not None,
        "is_asked": row.asked_on is not None,
        "may_reuse": one.code in code_set,
        "is_waiting": one.outcome in {Outcome.SILENT, Outcome.PARTIAL},
        "correcting": bool(one.sheet and one.open_sheet),
    }


@never_cache
@require_POST
@action("surveys.manage")
def send(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Give out links to all that were drawn and not asked; they are shown this once."""
    try:
        links = asking.send_links(uuid, acting=request.actor, now=timezone.now())
    except Refused as error:
        messages.error(request, str(error))
        return redirect("data:survey_units", uuid=uuid)
    return _links(request, uuid, links)


@never_cache
@require_POST
@action("surveys.manage")
def remind(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Give new links to the chosen enterprises: a reminder, or a way to correct."""
    survey = designing.managed(uuid, acting=request.actor, locked=False)
    wanted = {one for one in request.POST.getlist("picked") if _is_uuid(one)}
    rows = [row.uuid for row in survey.units.all() if str(row.uuid) in wanted]
    if not rows:
        messages.error(request, _("请先选企业。"))
        return redirect("data:survey_units", uuid=uuid)
    try:
        links = asking.renew_links(rows, acting=request.actor, now=timezone.now())
    except Refused as error:
        messages.error(request, str(error))
        return redirect("data:survey_units", uuid=uuid)
    return _links(request, uuid, links)


def _links(request: ActorRequest, uuid: UUID, links: Sequence[Link]) -> HttpResponse:
    lines = [_link_line(request, link) for link in links]
    table = "\n".join(f"{line.code}\t{line.name}\t{line.url}" for line in lines)
    return shown(request, uuid, "links", {"lines": lines, "as_table": table}, tab="units")


def _link_line(request: ActorRequest, link: Link) -> LinkLine:
    unit = link.unit
    url = request.build_absolute_uri(reverse("survey_answers:sheet", args=[link.token]))
    firm = unit.enterprise
    subject = _("岗位调研：%(title)s") % {"title": unit.survey.title}
    until = formats.moment(unit.expires_at) if unit.expires_at else ""
    body = _(
        "%(name)s：\n\n请协助填写“%(title)s”问卷，约十分钟，手机也能填，可以中途保存：\n%(url)s\n\n"
        "链接只供贵单位使用，有效至 %(until)s。答案只作不具名统计，不到三家不公布。"
    ) % {"name": firm.contact_name or firm.name, "title": unit.survey.title, "url": url, "until": until}
    mailto = ""
    if firm.contact_email:
        mailto = f"mailto:{quote(firm.contact_email, safe='@')}?subject={quote(subject)}&body={quote(body)}"
    contact = " ".join(filter(None, (firm.contact_name, firm.contact_phone)))
    return LinkLine(unit.code, firm.name, contact, url, mailto, unit.expires_at)


@require_POST
@action("surveys.manage")
def unit_act(request: ActorRequest, uuid: UUID) -> HttpResponse:
    """Withdraw a link, note an outcome, or use earlier answers again."""
    unit = asking.get_unit(request.actor, uuid)
    try:
        match request.POST.get("verb", ""):
            case "end":
                asking.end_link(uuid, acting=request.actor)
                messages.success(request, _("链接已撤回。"))
            case "reuse":
                row = asking.reuse_answers(uuid, acting=request.actor, now=timezone.now())
                text = ngettext(
                    "用了以前的 %(count)s 个答案，报告里单列。",
                    "用了以前的 %(count)s 个答案，报告里单列。",
                    len(row.answers),
                )
                messages.success(request, text % {"count": len(row.answers)})
            case _:
                form = OutcomeForm(request.POST)
                if form.is_valid():
                    data = form.cleaned_data
                    asking.note_outcome(uuid, data["outcome"], data["note"], acting=request.actor)
                    messages.success(request, _("已记下。"))
                else:
                    messages.error(request, _("请从列表中选。"))
    except Refused as error:
        messages.error(request, str(error))
    return redirect("data:survey_units", uuid=unit.survey.uuid)
