"""The local report of posts needed (岗位需求报告): composed from answers, postings and visits, written, published.

A published report is frozen with all it says; its digest stands in the audit trail. A further one begins anew.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from zhiqiao.engines.kernel import from_text, to_text
from zhiqiao.engines.plans import FigurePart, ReportFigure, SourceKind, Survey
from zhiqiao.engines.rules import Report
from zhiqiao.engines.surveys import (
    LEAST_SHOWN,
    REPORT_SECTIONS,
    Claim,
    Kind,
    Post,
    ReportContent,
    Stratified,
    Text,
    answer_bias,
    answer_claims,
)
from zhiqiao.infra.text import is_plain
from zhiqiao.platform.data.errors import Conflict, Refused
from zhiqiao.platform.data.models import (
    EnterpriseSize,
    EnterpriseVisit,
    JobPosting,
    JobRole,
    PostSurvey,
    SurveyReport,
    SurveyState,
)
from zhiqiao.platform.data.selectors.demand import demand
from zhiqiao.platform.data.survey.bank import posts_of
from zhiqiao.platform.data.survey.counting import Counted, count
from zhiqiao.platform.data.survey.designing import managed
from zhiqiao.platform.data.survey.judging import judge, survey_value
from zhiqiao.platform.data.survey.opening import mined_skills
from zhiqiao.platform.governance.api import Actor, audit, visible

__all__ = [
    "begin_report",
    "compose",
    "judge_report",
    "newest_report",
    "publish_report",
    "published_content",
    "save_texts",
]

_CLASSES = (ReportContent, Claim, Post, Stratified, Text)
_LONGEST = 6_000
_TOP_SKILLS = 8
_POSTINGS_BIAS = Text(
    "只含公开发布并已入库的招聘信息，不是抽样；不公开招聘的岗位看不到，招多少人也看不到",
    "only postings that were published and are on file, no sample; posts filled otherwise and head counts are not seen",
)
_VISITS_BIAS = Text(
    "走访的企业按得分挑选，不代表全部", "enterprises were chosen for visits by points and stand for no others"
)


def newest_report(acting: Actor, survey: PostSurvey) -> SurveyReport | None:
    """Return the newest report of a survey that one may see."""
    rows = SurveyReport.objects.filter(survey=survey)
    return visible(acting, "surveys.read", rows).order_by("-number").first()


@transaction.atomic
def begin_report(uuid: UUID, *, acting: Actor) -> SurveyReport:
    """Return the draft of a report, begun where there is none, with the texts of the last."""
    survey = managed(uuid, acting=acting)
    last = survey.reports.order_by("-number").first()
    if last is not None and last.published_at is None:
        return last
    row = SurveyReport.objects.create(
        org_root_id=survey.org_root_id,
        survey=survey,
        number=last.number + 1 if last else 1,
        texts=last.texts if last else {"purpose": survey.purpose},
        is_demo=survey.is_demo,
    )
    audit(acting, "survey.report_begun", survey, detail={"number": row.number})
    return row


@transaction.atomic
def save_texts(uuid: UUID, texts: Mapping[str, str], *, seen: int, acting: Actor) -> SurveyReport:
    """Keep what an officer wrote; raises Conflict when the draft was changed since it was shown."""
    survey = managed(uuid, acting=acting)
    row = survey.reports.filter(published_at=None).first()
    if row is None:
        raise Refused(_("这份报告已经发布，不能再改；请先开始新的一份。"))
    if row.version != seen:
        raise Conflict(_("别人刚改过报告。下面是您写的内容，请核对后再保存一次。"), row.version)
    known = {key: text.strip() for key, text in texts.items() if key in REPORT_SECTIONS}
    if not all(is_plain(text) and len(text) <= _LONGEST for text in known.values()):
        raise Refused(_("含有看不见的控制字符，或超过 %(most)s 字。") % {"most": _LONGEST})
    changed = sorted(key for key, text in known.items() if row.texts.get(key, "") != text)
    row.texts, row.version = {**row.texts, **known}, row.version + 1
    row.save()
    audit(acting, "survey.report_written", survey, detail={"number": row.number, "sections": changed})
    return row


@transaction.atomic
def publish_report(uuid: UUID, *, seen: int, acting: Actor, now: dt.datetime) -> SurveyReport:
    """Publish the draft as it stands: frozen, open to the region.

    Raises Refused before the survey is closed, for a section without any content, or where a rule stops it.
    """
    survey = managed(uuid, acting=acting)
    row = survey.reports.filter(published_at=None).first()
    if row is None:
        raise Refused(_("没有要发布的草稿。"))
    if row.version != seen:
        raise Conflict(_("别人刚改过报告，没有发布。请先看现在的内容。"), row.version)
    if survey.state != SurveyState.CLOSED:
        raise Refused(_("请先结束调研，再发布报告：发布的数字不能再变。"))
    counted = count(survey)
    content = compose(counted, row.texts, acting=acting)
    empty = [str(text.zh) for key, text in REPORT_SECTIONS.items() if not _filled(content, key)]
    if empty:
        raise Refused(_("这些部分还没有内容：%(names)s。") % {"names": "、".join(empty)})
    report = judge_report(counted, content, on=now.date())
    if report.blocking:
        raise Refused(_("有规则阻止发布，请看检查结果。"))
    text = to_text(content)
    row.content, row.digest = json.loads(text), hashlib.sha256(text.encode()).hexdigest()
    row.published_at, row.published_by_id, row.is_shared = now, acting.user_id, True
    row.save()
    audit(acting, "survey.report_published", survey, detail={"number": row.number, "digest": row.digest})
    return row


def published_content(row: SurveyReport) -> ReportContent:
    """Return what a published report says."""
    found = from_text(json.dumps(row.content, ensure_ascii=False), _CLASSES)
    assert isinstance(found, ReportContent)
    return found


def compose(counted: Counted, texts: Mapping[str, str], *, acting: Actor) -> ReportContent:
    """Return the report as it would be published now."""
    survey = counted.survey
    owner = counted.owner
    value = survey_value(counted)
    weights = counted.weights
    bias = answer_bias(counted.response, counted.bias, weights)
    written = [
        one.question.key for one in counted.results if one.question.kind is Kind.TEXT and not one.hidden
    ]
    named = {
        key: [(Text(skill.name.zh, skill.name.en), skill.enterprises) for skill in found]
        for key, found in mined_skills(counted, written).items()
    }
    visits = EnterpriseVisit.objects.filter(survey=survey).count()
    roles = posts_of(survey.programme)
    postings = _postings(roles, acting=acting)
    claims = [
        *answer_claims(counted.results, bias, named),
        *_posting_claims(roles, postings, acting=acting),
        *_visit_claims(visits, survey),
    ]
    return ReportContent(
        title=survey.title,
        owner=Text(owner.name_zh, owner.name_en or owner.name_zh),
        programme=Text(survey.programme.name_zh, survey.programme.name_en),
        purpose=survey.purpose,
        first_day=value.first_day.isoformat() if value.first_day else "",
        last_day=value.last_day.isoformat() if value.last_day else "",
        regions=value.regions or (),
        seed=str(survey.draw.get("seed", "")),
        frame=len(counted.units),
        drawn=counted.response.drawn,
        asked=value.asked or 0,
        answered=counted.response.answered,
        reused=counted.response.usable - counted.response.answered,
        effective=weights.effective if weights else None,
        least_days=survey.least_days,
        texts={key: texts.get(key, "") for key in REPORT_SECTIONS},
        claims=tuple(claims),
        posts=_posts(counted, roles, postings),
        strata=_strata(counted),
        questions=tuple(one.text for one in counted.questionnaire.questions),
        visits=visits,
        is_demo=survey.is_demo,
    )


def judge_report(counted: Counted, content: ReportContent, *, on: dt.date) -> Report:
    """Return the findings of the JS rules on a report."""
    return judge(report_value(counted, content), on=on)


def report_value(counted: Counted, content: ReportContent) -> Survey:
    """Return survey and report as the rules see them: a section is what was written and what is computed for it."""
    sections = {key: "\n".join(_written(content, key)) for key in REPORT_SECTIONS}
    figures = [
        ReportFigure(
            one.key,
            one.section,
            None,
            (FigurePart(SourceKind(one.source), None, one.count, one.bias.zh),),
        )
        for one in content.claims
    ]
    return survey_value(counted, sections=sections, figures=figures)


def _written(content: ReportContent, section: str) -> list[str]:
    found = [content.texts.get(section, ""), *(one.text.zh for one in content.of(section))]
    # computed whatever was written: how the sample was drawn, and the tables behind the figures
    if section == "method" and content.asked:
        found.append(content.seed)
    if section == "appendices" and content.questions:
        found.append(content.questions[0].zh)
    return [text for text in found if text.strip()]


def _filled(content: ReportContent, section: str) -> bool:
    return bool(_written(content, section))


def _postings(roles: Sequence[JobRole], *, acting: Actor) -> dict[int, int]:
    rows = visible(acting, "postings.read", JobPosting.objects.counted()).filter(role__in=roles)
    return dict(rows.values_list("role_id").annotate(count=Count("id")))


def _posting_claims(roles: Sequence[JobRole], postings: Mapping[int, int], *, acting: Actor) -> list[Claim]:
    found = [
        Claim(
            f"postings.{role.key}",
            "industry",
            Text(
                f"在库招聘信息：{role.name_zh} {postings[role.pk]} 条。",
                f"Postings on file: {role.name_en or role.name_zh}, {postings[role.pk]}.",
            ),
            "postings",
            float(postings[role.pk]),
            postings[role.pk],
            _POSTINGS_BIAS,
            f"role_postings:{role.uuid}",
        )
        for role in roles
        if postings.get(role.pk)
    ]
    table = demand(acting, [role.pk for role in roles]) if postings else None
    best = [row for row in table.rows if row.count][:_TOP_SKILLS] if table else []
    if table and best:
        zh = "、".join(f"{row.name.zh} {row.count / table.total:.0%}" for row in best)
        en = ", ".join(f"{row.name.en or row.name.zh} {row.count / table.total:.0%}" for row in best)
        found.append(
            Claim(
                "postings.skills",
                "posts",
                Text(
                    f"这些岗位的 {table.total} 条招聘信息最常要求：{zh}。",
                    f"{table.total} postings of these posts ask most for: {en}.",
                ),
                "postings",
                round(best[0].count / table.total, 4),
                table.total,
                _POSTINGS_BIAS,
                f"skill_demand:{best[0].figure_uuid}",
            )
        )
    return found


def _visit_claims(visits: int, survey: PostSurvey) -> list[Claim]:
    if not visits:
        return []
    text = Text(
        f"走访 {visits} 次，记录由主持单位保存，报告不引用单家企业的情况。",
        f"{visits} visits; their records stay with the owner, and no single enterprise is quoted.",
    )
    return [
        Claim(
            "visits.count",
            "method",
            text,
            "visits",
            float(visits),
            visits,
            _VISITS_BIAS,
            f"post_survey:{survey.uuid}",
        )
    ]


def _posts(counted: Counted, roles: Sequence[JobRole], postings: Mapping[int, int]) -> tuple[Post, ...]:
    result = next(
        (one for one in counted.results if one.question.meaning == "hires" and not one.hidden), None
    )
    amounts = {row.key: row for row in result.amounts} if result else {}
    return tuple(
        Post(
            Text(role.name_zh, role.name_en or role.name_zh),
            found.count if found else None,
            found.total if found else None,
            round(found.expected, 1) if found else None,
            round(found.expected_low, 1) if found else None,
            round(found.expected_high, 1) if found else None,
            postings.get(role.pk, 0),
        )
        for role in roles
        for found in (amounts.get(role.key),)
    )


_MARGINS = {
    "industry": Text("产业", "Industry"),
    "size": Text("规模", "Size"),
    "place": Text("县区", "Place"),
}
_SIZES = {
    EnterpriseSize.LARGE: Text("大型", "Large"),
    EnterpriseSize.MEDIUM: Text("中型", "Medium"),
    EnterpriseSize.SMALL: Text("小型", "Small"),
    EnterpriseSize.MICRO: Text("微型", "Micro"),
}


def _strata(counted: Counted) -> tuple[Stratified, ...]:
    firms = [one.row.enterprise.industry for one in counted.units]
    industries = {row.key: Text(row.name_zh, row.name_en or row.name_zh) for row in firms if row}

    def named(margin: str, value: str) -> Text:
        if not value:
            return Text("未知", "Unknown")
        if margin == "industry":
            return industries.get(value, Text(value, value))
        return _SIZES[EnterpriseSize(value)] if margin == "size" else Text(value, value)

    return tuple(
        Stratified(
            _MARGINS[one.margin],
            named(one.margin, part.name),
            part.frame,
            part.answered if part.answered == 0 or part.answered >= LEAST_SHOWN else None,
        )
        for one in counted.bias
        for part in one.classes
    )
