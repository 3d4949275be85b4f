"""Forms of surveys; each carries the version that the person was shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiqiao.engines.surveys import GRIDS, Condition, Kind, Option, Question, Questionnaire, Text
from zhiqiao.infra.db.names import local_name
from zhiqiao.platform.data.models import EnterpriseSize, Industry, Programme, SurveyedEnterprise, UnitOutcome
from zhiqiao.platform.data.supply.forms import VersionedForm
from zhiqiao.platform.data.supply.labels import ENTERPRISE_LABELS
from zhiqiao.platform.data.survey.bank import bank
from zhiqiao.platform.data.survey.charts import text_of
from zhiqiao.platform.data.survey.designing import SurveyText
from zhiqiao.platform.data.survey.register import EnterpriseFacts
from zhiqiao.platform.data.survey.visiting import VisitFacts

__all__ = ["DrawForm", "EnterpriseForm", "OutcomeForm", "QuestionForm", "SurveyForm", "TakeForm", "VisitForm"]

_NOTE = {"rows": 3}
KIND_LABELS = {
    Kind.SINGLE: gettext_lazy("单选"),
    Kind.MULTIPLE: gettext_lazy("多选"),
    Kind.NUMBER: gettext_lazy("数字"),
    Kind.SCALE: gettext_lazy("打分"),
    Kind.TEXT: gettext_lazy("文字"),
    Kind.AMOUNTS: gettext_lazy("表格：每行一个数字"),
    Kind.RATINGS: gettext_lazy("表格：每行打分"),
}


class _Named(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    def label_from_instance(self, obj: Any) -> str:  # Any: Django's signature
        return local_name(obj.name_zh, obj.name_en)


class SurveyForm(VersionedForm):
    """Title, purpose and programme of a survey."""

    title = forms.CharField(label=gettext_lazy("调研名称"), max_length=150)
    programme = _Named(
        Programme.objects.order_by("name_zh"),
        label=gettext_lazy("专业"),
        empty_label=gettext_lazy("请选择"),
        help_text=gettext_lazy("题库里的岗位和技能按这个专业填好；可以再改。"),
    )
    purpose = forms.CharField(
        label=gettext_lazy("目的"),
        max_length=1000,
        widget=forms.Textarea(_NOTE),
        help_text=gettext_lazy("企业打开链接时会看到；也写进报告。"),
    )

    def text(self) -> SurveyText:
        """Return what was written."""
        data = self.cleaned_data
        return SurveyText(data["title"], data["purpose"], data["programme"])


class EnterpriseForm(VersionedForm):
    """An enterprise of the register."""

    name = forms.CharField(label=ENTERPRISE_LABELS["name"], max_length=150)
    credit_code = forms.CharField(label=ENTERPRISE_LABELS["credit_code"], max_length=18, required=False)
    industry = _Named(
        Industry.objects.order_by("sort", "key"),
        label=ENTERPRISE_LABELS["industry"],
        required=False,
        empty_label=gettext_lazy("未知"),
    )
    size = forms.ChoiceField(
        label=ENTERPRISE_LABELS["size"],
        required=False,
        choices=[("", gettext_lazy("未知")), *EnterpriseSize.choices],
        help_text=gettext_lazy("按工信部联企业〔2011〕300号；不清楚就留未知。"),
    )
    place = forms.CharField(label=ENTERPRISE_LABELS["place"], max_length=60, required=False)
    contact_name = forms.CharField(label=ENTERPRISE_LABELS["contact_name"], max_length=60, required=False)
    contact_phone = forms.CharField(label=ENTERPRISE_LABELS["contact_phone"], max_length=40, required=False)
    contact_email = forms.EmailField(
        label=ENTERPRISE_LABELS["contact_email"],
        required=False,
        help_text=gettext_lazy("联系方式只有本机构看得到，只用于发放和提醒。"),
    )

    def facts(self) -> EnterpriseFacts:
        """Return what was written."""
        names = EnterpriseFacts.__dataclass_fields__
        return EnterpriseFacts(**{name: self.cleaned_data[name] for name in names})


class TakeForm(forms.Form):
    """From where known enterprises are taken into the register."""

    source = forms.ChoiceField(
        label=gettext_lazy("来源"),
        choices=[
            ("platform", gettext_lazy("平台上的企业")),
            ("postings", gettext_lazy("发布过该专业岗位招聘信息的单位")),
        ],
    )
    programme = _Named(Programme.objects.order_by("name_zh"), label=gettext_lazy("专业"))


class DrawForm(forms.Form):
    """Size and seed of a draw."""

    size = forms.IntegerField(label=gettext_lazy("样本量（家）"), min_value=1, max_value=5000)
    seed = forms.CharField(
        label=gettext_lazy("随机种子"),
        max_length=40,
        help_text=gettext_lazy("任意文字；同一种子、同一名单总是抽出同样的企业，便于复核。"),
    )


class OutcomeForm(forms.Form):
    """What the office learnt of an enterprise that has not answered."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("情况"),
        required=False,
        choices=[
            ("", gettext_lazy("没有情况要记")),
            *((one.value, one.label) for one in UnitOutcome if one is not UnitOutcome.WITHDRAWN),
        ],
    )
    note = forms.CharField(label=gettext_lazy("说明"), max_length=300, required=False)


class VisitForm(VersionedForm):
    """A visit."""

    visited_on = forms.DateField(
        label=gettext_lazy("走访日期"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    visitors = forms.CharField(label=gettext_lazy("走访人"), max_length=200)
    met = forms.CharField(label=gettext_lazy("接待人（姓名、职务）"), max_length=200, required=False)
    findings = forms.CharField(
        label=gettext_lazy("了解到的情况"),
        max_length=4000,
        widget=forms.Textarea({"rows": 8}),
        help_text=gettext_lazy("岗位、任务、设备、能力要求、招用情况；报告只引用不具名的内容。"),
    )

    def facts(self, reason: str) -> VisitFacts:
        """Return what was written."""
        data = self.cleaned_data
        return VisitFacts(data["visited_on"], data["visitors"], data["met"], data["findings"], reason)


class QuestionForm(VersionedForm):
    """A question with its choices and the earlier answers after which it is asked."""

    key = forms.RegexField(
        r"^[a-z0-9][a-z0-9-]{0,39}$",
        label=gettext_lazy("题号"),
        help_text=gettext_lazy("小写字母、数字和连字符，例如 night-shift。"),
        error_messages={"invalid": gettext_lazy("题号只用小写字母、数字和连字符。")},
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("题型"), choices=[(one.value, KIND_LABELS[one]) for one in Kind]
    )
    section = forms.ChoiceField(label=gettext_lazy("部分"), choices=[])
    text_zh = forms.CharField(label=gettext_lazy("题目（中文）"), max_length=300)
    text_en = forms.CharField(label=gettext_lazy("题目（英文）"), max_length=400)
    options = forms.CharField(
        label=gettext_lazy("选项或表格的行"),
        required=False,
        max_length=6000,
        widget=forms.Textarea({"rows": 6}),
        help_text=gettext_lazy(
            "每行一个：编号 | 中文 | 英文。编号末尾加 ! 表示不能与其他选项同选。数字、打分、文字题留空。"
        ),
    )
    least = forms.IntegerField(
        label=gettext_lazy("下限"),
        required=False,
        min_value=0,
        help_text=gettext_lazy("数字题的最小值、打分的最低分、多选的最少项数。"),
    )
    most = forms.IntegerField(label=gettext_lazy("上限"), required=False, min_value=0)
    unit_zh = forms.CharField(label=gettext_lazy("单位（中文）"), required=False, max_length=20)
    unit_en = forms.CharField(label=gettext_lazy("单位（英文）"), required=False, max_length=30)
    required = forms.BooleanField(label=gettext_lazy("必答"), required=False)
    when = forms.MultipleChoiceField(
        label=gettext_lazy("只在前面选了这些时才问"),
        required=False,
        choices=[],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("同一题下选几项，满足一项即可；不同的题要同时满足。都不选就总是问。"),
    )
    when_number = forms.ChoiceField(label=gettext_lazy("并且前面的数字题"), required=False, choices=[])
    when_least = forms.IntegerField(label=gettext_lazy("不小于"), required=False, min_value=0)
    when_most = forms.IntegerField(label=gettext_lazy("不大于"), required=False, min_value=0)

    def __init__(self, *args: Any, before: Sequence[Question], **options: Any) -> None:  # Any: Django's
        super().__init__(*args, **options)
        # Any: a choice field of the form
        fields: dict[str, Any] = self.fields
        fields["section"].choices = [(key, str(name)) for key, name in bank().sections.items()]
        fields["when"].choices = [
            (
                text_of(one.text),
                [(f"{one.key}|{option.key}", text_of(option.text)) for option in one.options],
            )
            for one in before
            if one.kind in {Kind.SINGLE, Kind.MULTIPLE}
        ]
        numbers = [one for one in before if one.kind in {Kind.NUMBER, Kind.SCALE}]
        fields["when_number"].choices = [("", "—"), *((one.key, text_of(one.text)) for one in numbers)]

    def clean_options(self) -> tuple[Option, ...]:
        """Read the lines of choices; each wrong one is named."""
        found = []
        for number, raw in enumerate(self.cleaned_data["options"].splitlines(), start=1):
            if not raw.strip():
                continue
            cells = [cell.strip() for cell in raw.replace("｜", "|").split("|")]
            exclusive = cells[0].endswith("!")
            key = cells[0].removesuffix("!").strip()
            if len(cells) != 3 or not all(cells) or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", key):
                raise forms.ValidationError(
                    _("第 %(row)s 行读不出；请写成：编号 | 中文 | 英文。") % {"row": number}
                )
            found.append(Option(key, Text(cells[1], cells[2]), exclusive))
        return tuple(found)

    def question(self, old: Question | None) -> Question:
        """Return what was written; what the form does not show stays as it was."""
        data = self.cleaned_data
        by_question: dict[str, list[str]] = {}
        for word in data["when"]:
            key, _sign, option = word.partition("|")
            by_question.setdefault(key, []).append(option)
        when = [Condition(key, tuple(options)) for key, options in by_question.items()]
        if data["when_number"]:
            when.append(Condition(data["when_number"], (), data["when_least"], data["when_most"]))
        same = old is not None and (old.text.zh, old.kind.value) == (data["text_zh"], data["kind"])
        return Question(
            key=data["key"],
            kind=Kind(data["kind"]),
            text=Text(data["text_zh"], data["text_en"]),
            options=data["options"],
            least=data["least"],
            most=data["most"],
            whole=old.whole if old else True,
            unit=Text(data["unit_zh"], data["unit_en"] or data["unit_zh"]) if data["unit_zh"] else None,
            hint=old.hint if old else None,
            required=data["required"],
            when=tuple(when),
            section=data["section"],
            # another question than the bank's is not the bank's any more: its answers are not reused as such
            meaning=old.meaning if old and same else "",
            bank=old.bank if old and same else "",
        )


def question_initial(one: Question) -> dict[str, object]:
    """Return a question as its form shows it."""
    numbers = [part for part in one.when if not part.any_of]
    return {
        "key": one.key,
        "kind": one.kind.value,
        "section": one.section,
        "text_zh": one.text.zh,
        "text_en": one.text.en,
        "options": "\n".join(
            f"{option.key}{'!' if option.exclusive else ''} | {option.text.zh} | {option.text.en}"
            for option in one.options
        ),
        "least": one.least,
        "most": one.most,
        "unit_zh": one.unit.zh if one.unit else "",
        "unit_en": one.unit.en if one.unit else "",
        "required": one.required,
        "when": [f"{part.question}|{option}" for part in one.when for option in part.any_of],
        "when_number": numbers[0].question if numbers else "",
        "when_least": numbers[0].least if numbers else None,
        "when_most": numbers[0].most if numbers else None,
    }


def read_answers(data: Any, questions: Sequence[Question]) -> dict[str, object]:  # Any: a QueryDict
    """Return what was filled in on a page of the questionnaire, as plain values; a number that is none stays text."""
    found: dict[str, object] = {}
    for one in questions:
        name = f"q-{one.key}"
        if one.kind is Kind.MULTIPLE:
            found[one.key] = data.getlist(name)
        elif one.kind in GRIDS:
            found[one.key] = {
                row: _number(data.get(f"{name}-{row}", ""))
                for row in one.option_keys
                if data.get(f"{name}-{row}")
            }
        elif one.kind in {Kind.NUMBER, Kind.SCALE}:
            found[one.key] = _number(data.get(name, ""))
        else:
            found[one.key] = data.get(name, "")
    return found


def _number(text: str) -> object:
    """Return a number as people write it (full width, thousands separators); the text itself where it is none."""
    folded = (
        text.strip().translate(str.maketrans("０１２３４５６７８９．，", "0123456789.,")).replace(",", "")
    )
    if not folded:
        return None
    try:
        number = float(folded)
    except ValueError:
        return text
    return int(number) if number.is_integer() else number


def before_of(questionnaire: Questionnaire, key: str) -> list[Question]:
    """Return the questions asked before one; all for a new one."""
    places = {one.key: at for at, one in enumerate(questionnaire.questions)}
    return list(questionnaire.questions[: places.get(key, len(questionnaire.questions))])


def picked(rows: Sequence[SurveyedEnterprise], names: Sequence[str]) -> list[SurveyedEnterprise]:
    """Return the rows that were ticked."""
    wanted = set(names)
    return [row for row in rows if str(row.uuid) in wanted]
