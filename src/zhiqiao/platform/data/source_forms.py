"""Forms of the source register, its connectors and tokens, and of an enterprise's own postings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiqiao.platform.data.connecting import SCOPES
from zhiqiao.platform.data.connectors import ConnectorKind
from zhiqiao.platform.data.merging import grades
from zhiqiao.platform.data.models import CollectionTerms, Source, SourceKind, Vacancy
from zhiqiao.platform.data.registering import SourceFacts
from zhiqiao.platform.data.signals import sections
from zhiqiao.platform.data.vacancies import VacancyFacts

__all__ = ["SCOPE_LABELS", "OptionsForm", "SourceFactsForm", "TokenForm", "VacancyForm", "WageFileForm"]

_SEPARATORS = re.compile(r"[,，、;；\n]+")
_NOTE = {"rows": 3}


class SourceFactsForm(forms.Form):
    """What is registered of a source."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=200)
    kind = forms.ChoiceField(label=gettext_lazy("种类"), choices=SourceKind.choices)
    licence_note = forms.CharField(
        label=gettext_lazy("许可说明"),
        help_text=gettext_lazy("数据由谁提供、允许怎样使用；与全区域共享前必须写明。"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs=_NOTE),
    )
    collection_terms = forms.ChoiceField(
        label=gettext_lazy("来源条款怎样说采集"),
        help_text=gettext_lazy("条款禁止采集时，自动连接器不能设置，已有的会停用；人工导出后上传不受影响。"),
        choices=CollectionTerms.choices,
    )
    terms_note = forms.CharField(
        label=gettext_lazy("条款的出处和要点"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs=_NOTE),
    )
    trust = forms.ChoiceField(label=gettext_lazy("可信等级"), required=False, widget=forms.RadioSelect)
    trust_reason = forms.CharField(
        label=gettext_lazy("评定理由"),
        help_text=gettext_lazy("评定等级时必填；会记下由谁、何时评定。"),
        max_length=300,
        required=False,
    )
    places = forms.CharField(
        label=gettext_lazy("声明覆盖的地区"),
        help_text=gettext_lazy("用顿号或逗号分开，例如“巴中市、达州市”；没有数据的会在报告里说明。"),
        max_length=1000,
        required=False,
    )
    industries = forms.MultipleChoiceField(
        label=gettext_lazy("声明覆盖的行业门类"),
        help_text=gettext_lazy("国民经济行业分类 GB/T 4754 的门类。"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    covers_from = forms.DateField(
        label=gettext_lazy("覆盖时段从"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    covers_to = forms.DateField(
        label=gettext_lazy("覆盖时段到"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    refresh_days = forms.IntegerField(
        label=gettext_lazy("更新周期（天）"),
        help_text=gettext_lazy("每隔多少天应有新数据；过期会提醒。"),
        min_value=1,
        max_value=3660,
        required=False,
    )
    refreshed_on = forms.DateField(
        label=gettext_lazy("最近更新"),
        help_text=gettext_lazy("每次导入完成时自动改为当天。"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    steward = forms.TypedChoiceField(
        label=gettext_lazy("负责人"), required=False, coerce=int, empty_value=None
    )
    is_shared = forms.BooleanField(
        label=gettext_lazy("与全区域共享"),
        help_text=gettext_lazy("共享后，区域内其他机构也能查看这个来源的数据，并计入他们的统计。"),
        required=False,
    )

    def __init__(
        self, *args: Any, stewards: Sequence[tuple[int, str]], **kwargs: Any
    ) -> None:  # Any: Django's signature
        super().__init__(*args, **kwargs)
        choices: dict[str, list[tuple[str | int, str]]] = {
            "steward": [("", _("不指定")), *stewards],
            "trust": [("", _("不评定")), *((key, _grade(key)) for key in grades())],
            "industries": [(code, f"{code} {name}") for code, name in sections().items()],
        }
        for name, options in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = options

    @staticmethod
    def initial_of(source: Source) -> dict[str, object]:
        """Return a source's facts as the form shows them."""
        same = ("name", "kind", "licence_note", "collection_terms", "terms_note", "trust", "trust_reason")
        more = ("industries", "covers_from", "covers_to", "refresh_days", "refreshed_on", "is_shared")
        values: dict[str, object] = {name: getattr(source, name) for name in (*same, *more)}
        return values | {"places": "、".join(source.places), "steward": source.steward_id or ""}

    def facts(self) -> SourceFacts:
        """Return what a valid form states."""
        data = self.cleaned_data
        places = [part.strip() for part in _SEPARATORS.split(data["places"]) if part.strip()]
        return SourceFacts(
            name=data["name"].strip(),
            kind=data["kind"],
            licence_note=data["licence_note"].strip(),
            collection_terms=data["collection_terms"],
            terms_note=data["terms_note"].strip(),
            steward_id=data["steward"],
            trust=data["trust"],
            trust_reason=data["trust_reason"].strip(),
            places=list(dict.fromkeys(places)),
            industries=data["industries"],
            covers_from=data["covers_from"],
            covers_to=data["covers_to"],
            refresh_days=data["refresh_days"],
            refreshed_on=data["refreshed_on"],
            is_shared=data["is_shared"],
        )


def _grade(key: str) -> str:
    grade = grades()[key]
    return _("%(grade)s %(name)s：%(meaning)s") % {
        "grade": key,
        "name": grade.name,
        "meaning": grade.meaning,
    }


class OptionsForm(forms.Form):
    """The options of one kind of connector."""

    def __init__(self, *args: Any, kind: ConnectorKind, **kwargs: Any) -> None:  # Any: Django's signature
        super().__init__(*args, **kwargs)
        for option in kind.options:
            self.fields[option.key] = forms.CharField(
                label=option.label,
                help_text=option.help_text,
                required=option.is_required,
                max_length=2000,
                widget=forms.Textarea(attrs=_NOTE) if option.many else forms.TextInput(),
            )
        self._many = {option.key for option in kind.options if option.many}

    def options(self) -> dict[str, object]:
        """Return the options of a valid form; those of several lines as lists."""
        return {
            key: [line.strip() for line in value.splitlines() if line.strip()]
            if key in self._many
            else value.strip()
            for key, value in self.cleaned_data.items()
        }


SCOPE_LABELS = {
    "postings.write": gettext_lazy("送入招聘信息"),
    "deliveries.read": gettext_lazy("查询送达的结果"),
}


class TokenForm(forms.Form):
    """A new token."""

    name = forms.CharField(
        label=gettext_lazy("用途"), help_text=gettext_lazy("例如“市人才网每日送数”。"), max_length=100
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("权限"),
        choices=[(scope, SCOPE_LABELS[scope]) for scope in SCOPES],
        initial=list(SCOPES),
        widget=forms.CheckboxSelectMultiple,
    )
    expires_on = forms.DateField(
        label=gettext_lazy("失效日期"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class WageFileForm(forms.Form):
    """A table of guideline wages."""

    file = forms.FileField(
        label=gettext_lazy("工资表"),
        help_text=gettext_lazy(
            "CSV、TSV 或 XLSX；职业（或岗位）、年份、中位数、单位必需，职业代码、地区、低位数、高位数可无；"
            "单位写“元/月”或“元/年”。"
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        error_messages={"empty": gettext_lazy("文件是空的。请确认导出成功后重新选择文件。")},
    )


class VacancyForm(forms.Form):
    """A posting that an enterprise writes."""

    title = forms.CharField(label=gettext_lazy("职位名称"), max_length=200)
    text = forms.CharField(
        label=gettext_lazy("岗位描述"),
        help_text=gettext_lazy("职责和要求分行写；电话、邮箱等联系方式会被遮盖。"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    city = forms.CharField(label=gettext_lazy("城市"), max_length=60, required=False)
    salary_min = forms.IntegerField(
        label=gettext_lazy("月薪下限（元）"), min_value=1, max_value=10_000_000, required=False
    )
    salary_max = forms.IntegerField(
        label=gettext_lazy("月薪上限（元）"), min_value=1, max_value=10_000_000, required=False
    )
    diploma = forms.CharField(
        label=gettext_lazy("学历要求"), help_text=gettext_lazy("例如“大专”。"), max_length=30, required=False
    )
    experience = forms.CharField(
        label=gettext_lazy("经验要求"), help_text=gettext_lazy("例如“1-3年”。"), max_length=60, required=False
    )

    @staticmethod
    def initial_of(row: Vacancy) -> dict[str, object]:
        """Return a posting as the form shows it."""
        return {name: getattr(row, name) for name in VacancyForm.base_fields}

    def facts(self) -> VacancyFacts:
        """Return what a valid form states."""
        return VacancyFacts(**self.cleaned_data)
