"""What an expert does through a link: read the questions, save part of the answers, submit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from zhiqiao.apps.evaluation.computing import Consistency, consistency, matrix_of
from zhiqiao.apps.evaluation.errors import BadAnswers, NotNow, SavedElsewhere
from zhiqiao.apps.evaluation.models import (
    AnswerSheet,
    Judgement,
    RoundState,
    StudyExpert,
    StudyItem,
    StudyKind,
    StudyRound,
)
from zhiqiao.apps.evaluation.parameters import kept, questionnaire
from zhiqiao.apps.evaluation.tree import Group, asked_in, groups, leaves
from zhiqiao.engines import weights
from zhiqiao.platform.governance.api import Actor, audit

SCALE = sorted({*(1 / step for step in range(2, 10)), *(float(step) for step in range(1, 10))})
Key = tuple[int, int | None]


@dataclass(frozen=True)
class Reply:
    """One answer as chosen: a value, and of ratings on what it rests and how familiar the matter is."""

    value: float
    basis: float | None = None
    familiarity: float | None = None


@dataclass(frozen=True)
class Questions:
    """A sheet with what is asked on it and what was answered so far, by (item id, other's id or None)."""

    expert: StudyExpert
    sheet: AnswerSheet
    items: tuple[StudyItem, ...]
    replies: Mapping[Key, Reply] = field(default_factory=dict)

    @property
    def groups(self) -> list[Group]:
        """Return the groups that have anything to compare."""
        return [group for group in groups(self.items) if len(group.children) > 1]

    @property
    def keys(self) -> list[Key]:
        """Return what is asked: pairs of a comparison, lowest items of a rating."""
        if self.expert.study.kind == StudyKind.AHP:
            return [(a.id, b.id) for group in self.groups for a, b in group.pairs()]
        return [(item.id, None) for item in leaves(self.items)]

    @property
    def is_open(self) -> bool:
        """Tell whether answers are taken."""
        return self.sheet.round.state == RoundState.OPEN

    def consistency(self) -> list[Consistency]:
        """Return how consistent the comparisons of each complete group are."""
        index = kept(self.expert.study.parameters).random_index
        values = {(a, b): reply.value for (a, b), reply in self.replies.items() if b is not None}
        found = (
            consistency(self.expert.code, group, matrix_of(group, values), random_index=index)
            for group in self.groups
        )
        return [one for one in found if one is not None]


def questions(expert: StudyExpert) -> Questions | None:
    """Return the expert's latest sheet; None before the first round."""
    sheet = (
        AnswerSheet.objects.filter(expert=expert).select_related("round").order_by("-round__number").first()
    )
    if sheet is None:
        return None
    items = asked_in(list(expert.study.items.all()), sheet.round.number)
    return Questions(expert, sheet, tuple(items), replies_of(sheet))


def replies_of(sheet: AnswerSheet) -> dict[Key, Reply]:
    """Return the stored answers of a sheet."""
    return {
        (row.item_id, row.other_id): Reply(row.value, row.basis, row.familiarity)
        for row in sheet.judgements.all()
    }


def earlier_replies(found: Questions) -> dict[Key, Reply]:
    """Return the own submitted answers of the round before."""
    before = AnswerSheet.objects.filter(
        expert=found.expert, round__number=found.sheet.round.number - 1, submitted_at__isnull=False
    ).first()
    return replies_of(before) if before else {}


def feedback_of(
    found: Questions, result: weights.DelphiResult, answers: list[weights.Answer]
) -> weights.Feedback:
    """Return the sheet of middle values of the round before; raises weights.TooFewAnswers to keep answers anonymous."""
    code = found.expert.code
    last = result.rounds[-1]
    if not any((one.round, one.expert) == (last.round, code) for one in answers):
        # was not asked or did not submit: sees the middle of the others, and no own answer
        answers = [*answers, *(weights.Answer(last.round, code, item.item, None) for item in last.items)]
    return weights.feedback(last, answers, expert=code, rules=result.rules)


@transaction.atomic
def save(
    found: Questions,
    replies: Mapping[Key, Reply],
    *,
    version: int,
    submit: bool,
    now: dt.datetime,
) -> AnswerSheet:
    """Write the answers of a sheet, all at once; answering again replaces the own answers until the round closes.

    `version` is the one the page showed. Raises NotNow after closing, SavedElsewhere when another device saved in
    between, BadAnswers for values that are none or, on submitting, for what is missing.
    """
    # what counts stays complete: a submitted sheet can be changed, not taken apart
    _check(found, replies, submit=submit or found.sheet.submitted_at is not None)
    row = StudyRound.objects.select_for_update().get(pk=found.sheet.round_id)
    if row.state != RoundState.OPEN:
        raise NotNow(_("这一轮已经结束，答案不能再改。"))
    taken = AnswerSheet.objects.filter(pk=found.sheet.pk, version=version)
    changed = {"version": F("version") + 1, "saved_at": now} | ({"submitted_at": now} if submit else {})
    if taken.update(**changed) != 1:
        raise SavedElsewhere(
            _("您在另一台设备或另一个页面上保存过。下面是您刚才填的内容，请核对后再保存一次。")
        )
    _write(found, replies, now=now)
    sheet = AnswerSheet.objects.select_related("round").get(pk=found.sheet.pk)
    verb = "study.submitted" if submit else "study.answers_saved"
    detail = {"code": found.expert.code, "round": row.number, "answers": len(replies)}
    audit(_voice(found.expert), verb, found.expert.study, detail=detail)
    return sheet


def _voice(expert: StudyExpert) -> Actor:
    """Return who acts: the code stands for the person, so that answers stay anonymous in the trail."""
    return Actor(user_id=None, name=expert.code, role="", org_root_id=expert.org_root_id)


def _write(found: Questions, replies: Mapping[Key, Reply], *, now: dt.datetime) -> None:
    """Keep what did not change with its time, replace what did, take away what was cleared."""
    held = {(row.item_id, row.other_id): row for row in found.sheet.judgements.all()}
    for key, row in held.items():
        reply = replies.get(key)
        if reply is None:
            row.delete()
        elif reply != Reply(row.value, row.basis, row.familiarity):
            row.value, row.basis, row.familiarity = reply.value, reply.basis, reply.familiarity
            row.changed_at = now
            row.save()
    Judgement.objects.bulk_create(
        Judgement(
            org_root_id=found.sheet.org_root_id,
            sheet=found.sheet,
            item_id=item,
            other_id=other,
            value=reply.value,
            basis=reply.basis,
            familiarity=reply.familiarity,
            changed_at=now,
        )
        for (item, other), reply in replies.items()
        if (item, other) not in held
    )


def _check(found: Questions, replies: Mapping[Key, Reply], *, submit: bool) -> None:
    asked = found.keys
    problems = {field_of(key): _("没有这道题。") for key in replies if key not in set(asked)}
    study, words = found.expert.study, questionnaire()
    if study.kind == StudyKind.AHP:
        problems |= {
            field_of(key): _("请从列表中选一项。")
            for key, reply in replies.items()
            if not any(abs(reply.value - step) < 1e-9 for step in SCALE)
        }
        if submit:
            problems |= {field_of(key): _("还没有比较这一对。") for key in asked if key not in replies}
    else:
        bases = {None, *(one.value for one in words.basis)}
        grades = {None, *(one.value for one in words.familiarity)}
        problems |= {
            field_of(key): _("请从列表中选一项。")
            for key, reply in replies.items()
            if reply.value not in range(1, study.highest + 1)
            or reply.basis not in bases
            or reply.familiarity not in grades
        }
        if submit and not replies:
            problems |= {field_of(key): _("请至少给一项评分。") for key in asked[:1]}
    if problems:
        raise BadAnswers(_("有 %(count)s 处需要改，填好的内容都还在。") % {"count": len(problems)}, problems)


def field_of(key: Key) -> str:
    """Return the form's name of a question."""
    item, other = key
    return f"v-{item}-{other}" if other else f"v-{item}"
