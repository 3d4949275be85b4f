"""Forms of the import wizard and of withdrawal; what they mean is decided in `actions`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiqiao.engines import jobmining
from zhiqiao.platform.data.actions import NewSource
from zhiqiao.platform.data.models import Source

__all__ = ["FIELD_LABELS", "CoderForm", "ColumnsForm", "CorrectionForm", "SourceForm", "WithdrawForm"]

NEW = "new"

#: What a column can hold, in the order of the form; labels of the engine's fields.
FIELD_LABELS = {
    "title": gettext_lazy("职位名称"),
    "text": gettext_lazy("岗位描述"),
    "tags": gettext_lazy("技能标签"),
    "company": gettext_lazy("公司"),
    "city": gettext_lazy("城市"),
    "district": gettext_lazy("区县"),
    "salary": gettext_lazy("薪资"),
    "salary_min": gettext_lazy("最低薪资"),
    "salary_max": gettext_lazy("最高薪资"),
    "experience": gettext_lazy("经验要求"),
    "diploma": gettext_lazy("学历要求"),
    "exp_edu": gettext_lazy("经验与学历"),
    "published": gettext_lazy("发布日期"),
    "industry": gettext_lazy("行业"),
    "company_type": gettext_lazy("企业性质"),
    "company_size": gettext_lazy("企业规模"),
    "id": gettext_lazy("编号"),
}


class SourceForm(forms.Form):
    """Step 1: which source, and the file."""

    unmarked = ("name", "licence_note")

    source = forms.ChoiceField(label=gettext_lazy("数据来源"))
    name = forms.CharField(
        label=gettext_lazy("新来源的名称"),
        help_text=gettext_lazy("登记新来源时，名称和许可说明必填。"),
        max_length=200,
        required=False,
    )
    licence_note = forms.CharField(
        label=gettext_lazy("许可说明"),
        help_text=gettext_lazy("数据由谁提供、允许怎样使用，例如“市人社局提供，仅限本校教学研究”。"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    is_shared = forms.BooleanField(
        label=gettext_lazy("与全区域共享"),
        help_text=gettext_lazy("共享后，区域内其他机构也能查看这些招聘信息，并计入他们的统计。"),
        required=False,
    )
    file = forms.FileField(
        label=gettext_lazy("文件"),
        help_text=gettext_lazy("CSV、TSV、XLSX、JSONL 或 Parquet，也可以是其 gzip 压缩文件；编码自动识别。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.jsonl,.ndjson,.parquet,.gz"}),
        error_messages={"empty": gettext_lazy("文件是空的。请确认导出成功后重新选择文件。")},
    )

    def __init__(
        self, *args: Any, sources: Sequence[Source], **kwargs: Any
    ) -> None:  # Any: Django's signature
        super().__init__(*args, **kwargs)
        self._sources = {str(source.uuid): source for source in sources}
        choices = [(key, source.name) for key, source in self._sources.items()]
        field = self.fields["source"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*choices, (NEW, _("登记一个新来源"))]
        field.initial = choices[0][0] if choices else NEW

    def clean(self) -> dict[str, Any]:  # Any: Django's cleaned data
        """Ask for a name and a licence note when the source is new, and for none when it is not."""
        data = super().clean() or {}
        if data.get("source") == NEW:
            if not (data.get("name") or "").strip():
                self.add_error("name", _("请填写新来源的名称。"))
            if not (data.get("licence_note") or "").strip():
                self.add_error("licence_note", _("请写明数据由谁提供、允许怎样使用。"))
        elif (data.get("name") or "").strip():
            # which of the two is meant nobody can guess, and the wrong one mixes the figures of two sources
            self.add_error(
                "source", _("选了已有的来源，又填了新来源的名称；请改选“登记一个新来源”，或清空新名称。")
            )
        return data

    def chosen(self) -> Source | NewSource:
        """Return the source of a valid form."""
        data = self.cleaned_data
        if data["source"] == NEW:
            return NewSource(data["name"].strip(), data["licence_note"].strip(), is_shared=data["is_shared"])
        return self._sources[data["source"]]


class ColumnsForm(forms.Form):
    """Step 2: which column holds which field."""

    unmarked = tuple(FIELD_LABELS)

    def __init__(
        self,
        *args: Any,
        columns: Sequence[str],
        chosen: Mapping[str, str],
        **kwargs: Any,  # Any: see above
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("没有这一列")), *((column, column) for column in columns)]
        for name, label in FIELD_LABELS.items():
            self.fields[name] = forms.ChoiceField(
                label=label, choices=choices, required=False, initial=chosen.get(name, "")
            )

    def columns(self) -> dict[str, str]:
        """Return field to column of a valid form."""
        return {
            name: column for name, column in self.cleaned_data.items() if column and name in jobmining.FIELDS
        }


class WithdrawForm(forms.Form):
    """Why an import is taken out."""

    reason = forms.CharField(
        label=gettext_lazy("撤回原因"),
        help_text=gettext_lazy("会留在审计记录里，例如“来源方要求删除”。"),
        max_length=300,
        error_messages={"required": gettext_lazy("请写明撤回的原因，它会留在审计记录里。")},
    )


class CoderForm(forms.Form):
    """The two files a coder of job titles is fitted on."""

    classification = forms.FileField(
        label=gettext_lazy("职业分类"),
        help_text=gettext_lazy(
            "列：code、name，最好还有 level、definition、tasks、alias；CSV、XLSX 或其 gzip。"
        ),
    )
    titles = forms.FileField(
        label=gettext_lazy("已编码的职位名称"),
        help_text=gettext_lazy("列：job_name（职位名称）、expected_code（职业代码）；至少 20 行。"),
    )


class CorrectionForm(forms.Form):
    """Which occupation a title is."""

    code = forms.CharField(
        label=gettext_lazy("正确的职业代码"),
        help_text=gettext_lazy("例如 2-02-10-03；立即用于同名职位，并在下次训练时学习。"),
        max_length=20,
    )
