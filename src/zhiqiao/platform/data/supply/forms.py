"""Forms of the supply side and of regional facts; each carries the version that the person was shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiqiao.infra.db.names import local_name
from zhiqiao.platform.data.models import (
    YEARS,
    ChainLink,
    IndicatorUse,
    Industry,
    JobRole,
    Programme,
    ProjectState,
    RegionalValue,
    ValueState,
)
from zhiqiao.platform.data.supply.conditions import ConditionFacts
from zhiqiao.platform.data.supply.labels import (
    CONDITION_LABELS,
    INDICATOR_LABELS,
    PLAN_LABELS,
    PROJECT_LABELS,
    VALUE_LABELS,
    YEAR_LABELS,
)
from zhiqiao.platform.data.supply.plans import PlanFacts
from zhiqiao.platform.data.supply.projects import ProjectFacts, Staff
from zhiqiao.platform.data.supply.regional import IndicatorFacts, ValueFacts
from zhiqiao.platform.data.supply.years import FIGURES, YearFacts, year_faults

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

__all__ = [
    "ConditionForm",
    "FileForm",
    "IndicatorForm",
    "PlanForm",
    "ProjectForm",
    "RedefineForm",
    "StaffFormSet",
    "ValueForm",
    "VersionedForm",
    "YearForm",
    "staff_roles",
]

_NOTE = {"rows": 3}
_MOST = 2_000_000_000
_UNKNOWN_HELP = gettext_lazy("不知道就留空，不要写 0。")


def _count(label: _StrPromise, *, help_text: _StrPromise | str = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=_MOST, help_text=help_text or _UNKNOWN_HELP
    )


def _year() -> forms.IntegerField:
    return forms.IntegerField(label=gettext_lazy("年份"), min_value=YEARS[0], max_value=YEARS[1])


class _NamedChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """A choice among rows with names in both languages."""

    def label_from_instance(self, obj: Any) -> str:  # Any: Django's signature
        """Return the name in the reader's language."""
        return local_name(obj.name_zh, obj.name_en)


def _roles() -> _NamedChoice:
    rows = JobRole.objects.order_by("link__industry__sort", "name_zh")
    return _NamedChoice(rows, label=PLAN_LABELS["role"], empty_label=gettext_lazy("请选择"))


def _english(label: _StrPromise) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=150,
        required=False,
        help_text=gettext_lazy("英文页面上显示；留空就显示中文名称。"),
    )


class VersionedForm(forms.Form):
    """A form that says which version of a row it was filled from; 0 for a new one."""

    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    @property
    def seen(self) -> int:
        """Return the version the person was shown."""
        return self.cleaned_data.get("version") or 0

    def move_to(self, version: int) -> None:
        """Let the next save go over the version now in force, after the person was told of it."""
        data = self.data.copy()  # type: ignore[attr-defined]  # a bound form holds a QueryDict
        data["version"] = str(version)
        self.data = data


class YearForm(VersionedForm):
    """A programme in a year."""

    programme = _NamedChoice(Programme.objects.none(), label=YEAR_LABELS["programme"])
    year = _year()
    enrolled = _count(YEAR_LABELS["enrolled"], help_text=gettext_lazy("当年新招并报到的人数；不知道就留空。"))
    students = _count(YEAR_LABELS["students"])
    graduates = _count(YEAR_LABELS["graduates"])
    placed = _count(YEAR_LABELS["placed"])
    placed_locally = _count(YEAR_LABELS["placed_locally"])
    placed_matching = _count(YEAR_LABELS["placed_matching"])
    cost_per_student = _count(YEAR_LABELS["cost_per_student"])
    source = forms.CharField(
        label=YEAR_LABELS["source"], max_length=300, help_text=gettext_lazy("例如“学籍系统 2025 年 9 月”。")
    )
    definition = forms.CharField(
        label=YEAR_LABELS["definition"],
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs=_NOTE),
        help_text=gettext_lazy("怎样算就业、对口、本地，截至哪一天。"),
    )

    def __init__(
        self, *args: Any, programmes: Sequence[Programme] | None, **kwargs: Any
    ) -> None:  # Any: Django's signature
        super().__init__(*args, **kwargs)
        if programmes is None:
            del self.fields["programme"]
        else:
            _choose(self, "programme", programmes)

    def clean(self) -> dict[str, Any]:  # Any: Django's signature
        """Name what contradicts itself at its field."""
        values: dict[str, Any] = super().clean() or {}
        if not self.errors:
            for field, reason in year_faults(self.facts()):
                self.add_error(field, reason)
        return values

    def facts(self) -> YearFacts:
        """Return what a valid form states."""
        figures = {name: self.cleaned_data[name] for name in FIGURES}
        return YearFacts(
            **figures, source=self.cleaned_data["source"], definition=self.cleaned_data["definition"]
        )


class ConditionForm(VersionedForm):
    """One training condition."""

    programme = _NamedChoice(Programme.objects.none(), label=CONDITION_LABELS["programme"])
    name = forms.CharField(label=CONDITION_LABELS["name"], max_length=150)
    name_en = _english(CONDITION_LABELS["name_en"])
    unit = forms.CharField(
        label=CONDITION_LABELS["unit"], max_length=20, help_text=gettext_lazy("例如“台”“平方米”。")
    )
    required = forms.DecimalField(
        label=CONDITION_LABELS["required"], min_value=0, max_digits=12, decimal_places=2, required=False,
        help_text=_UNKNOWN_HELP,
    )  # fmt: skip
    present = forms.DecimalField(
        label=CONDITION_LABELS["present"], min_value=0, max_digits=12, decimal_places=2, required=False,
        help_text=gettext_lazy("一件也没有写 0；没有清点过就留空。"),
    )  # fmt: skip
    norm = forms.CharField(label=CONDITION_LABELS["norm"], max_length=300, required=False)
    norm_source = forms.CharField(
        label=CONDITION_LABELS["norm_source"],
        max_length=300,
        required=False,
        help_text=gettext_lazy("标准的名称和文号；写了应有数量就必填。"),
    )

    def __init__(
        self, *args: Any, programmes: Sequence[Programme] | None, **kwargs: Any
    ) -> None:  # Any: Django's signature
        super().__init__(*args, **kwargs)
        if programmes is None:
            del self.fields["programme"]
        else:
            _choose(self, "programme", programmes)

    def facts(self) -> ConditionFacts:
        """Return what a valid form states."""
        names = ("name", "name_en", "unit", "required", "present", "norm", "norm_source")
        return ConditionFacts(**{name: self.cleaned_data[name] for name in names})


class PlanForm(VersionedForm):
    """How many people an enterprise means to hire."""

    role = _roles()
    year = _year()
    headcount = forms.IntegerField(label=PLAN_LABELS["headcount"], min_value=0, max_value=1_000_000)
    note = forms.CharField(
        label=PLAN_LABELS["note"], max_length=500, required=False, widget=forms.Textarea(attrs=_NOTE)
    )

    def facts(self) -> PlanFacts:
        """Return what a valid form states."""
        return PlanFacts(**{name: self.cleaned_data[name] for name in ("role", "year", "headcount", "note")})


class IndicatorForm(VersionedForm):
    """A statistic of the region; the definition is asked for once, later changes have a page of their own."""

    name_zh = forms.CharField(label=INDICATOR_LABELS["name_zh"], max_length=100)
    name_en = forms.CharField(label=INDICATOR_LABELS["name_en"], max_length=150)
    unit_zh = forms.CharField(label=INDICATOR_LABELS["unit_zh"], max_length=30)
    unit_en = forms.CharField(label=INDICATOR_LABELS["unit_en"], max_length=50, required=False)
    used_as = forms.ChoiceField(
        label=INDICATOR_LABELS["used_as"],
        choices=[("", gettext_lazy("不作输入，只展示和引用")), *IndicatorUse.choices],
        required=False,
        help_text=gettext_lazy("用于第 2、3 年的情景；只用官方公布和估计的数，转引的不用。"),
    )
    industry = _NamedChoice(
        Industry.objects.order_by("sort", "key"),
        label=INDICATOR_LABELS["industry"],
        required=False,
        empty_label=gettext_lazy("不作输入"),
    )
    definition = forms.CharField(
        label=INDICATOR_LABELS["definition"],
        max_length=1000,
        widget=forms.Textarea(attrs=_NOTE),
        help_text=gettext_lazy("这个指标到底数的是什么、范围和时点；以后口径变了要另登记，序列会标出断点。"),
    )

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any) -> None:  # Any: Django's signature
        super().__init__(*args, **kwargs)
        if not is_new:
            del self.fields["definition"]

    def facts(self) -> IndicatorFacts:
        """Return what a valid form states."""
        names = ("name_zh", "name_en", "unit_zh", "unit_en", "used_as", "industry")
        return IndicatorFacts(**{name: self.cleaned_data[name] for name in names})


class RedefineForm(forms.Form):
    """Another definition of an indicator."""

    text = forms.CharField(label=gettext_lazy("新口径"), max_length=1000, widget=forms.Textarea(attrs=_NOTE))
    source = forms.CharField(label=gettext_lazy("口径的出处"), max_length=300, required=False)


class ValueForm(VersionedForm):
    """One value of an indicator."""

    year = _year()
    value = forms.DecimalField(label=VALUE_LABELS["value"], max_digits=16, decimal_places=4)
    state = forms.ChoiceField(label=VALUE_LABELS["state"], choices=ValueState.choices)
    source = forms.CharField(
        label=VALUE_LABELS["source"], max_length=300, help_text=gettext_lazy("公报、年鉴或报告的名称。")
    )
    page = forms.CharField(label=VALUE_LABELS["page"], max_length=200, required=False)

    def facts(self) -> ValueFacts:
        """Return what a valid form states."""
        names = ("year", "value", "state", "source", "page")
        return ValueFacts(**{name: self.cleaned_data[name] for name in names})

    @staticmethod
    def initial_of(row: RegionalValue) -> dict[str, object]:
        """Return a value as the form shows it, without zeros at its end."""
        plain = row.value.normalize()
        shown = plain.quantize(Decimal(1)) if plain == plain.to_integral() else plain
        names = ("year", "state", "source", "page", "version")
        return {name: getattr(row, name) for name in names} | {"value": shown}


class ProjectForm(VersionedForm):
    """An investment project."""

    name = forms.CharField(label=PROJECT_LABELS["name"], max_length=150)
    name_en = _english(PROJECT_LABELS["name_en"])
    industry = _NamedChoice(Industry.objects.order_by("sort", "key"), label=PROJECT_LABELS["industry"])
    link = _NamedChoice(
        ChainLink.objects.order_by("industry__sort", "key"),
        label=PROJECT_LABELS["link"],
        required=False,
        empty_label=gettext_lazy("不确定"),
    )
    region = forms.CharField(label=PROJECT_LABELS["region"], max_length=100, required=False)
    start = forms.RegexField(
        r"^\d{4}-(0[1-9]|1[0-2])$",
        label=PROJECT_LABELS["start"],
        widget=forms.TextInput(attrs={"type": "month", "placeholder": "2027-03"}),
        error_messages={"invalid": gettext_lazy("请写成 2027-03 这样。")},
    )
    percent = forms.IntegerField(
        label=gettext_lazy("可能性（%）"),
        min_value=0,
        max_value=100,
        help_text=gettext_lazy("教育局的判断；已投产写 100。"),
    )
    state = forms.ChoiceField(label=PROJECT_LABELS["state"], choices=ProjectState.choices)
    source = forms.CharField(
        label=PROJECT_LABELS["source"], max_length=300, help_text=gettext_lazy("公告、公示或签约报道的名称。")
    )
    announced = forms.DateField(
        label=PROJECT_LABELS["announced"],
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def facts(self, staff: Sequence[Staff]) -> ProjectFacts:
        """Return what a valid form states, with the staff of its lines."""
        names = ("name", "name_en", "industry", "link", "region", "start", "state", "source", "announced")
        values: Mapping[str, Any] = {
            name: self.cleaned_data[name] for name in names
        }  # Any: cleaned by Django
        return ProjectFacts(**values, probability=self.cleaned_data["percent"] / 100, staff=staff)


def staff_roles() -> dict[str, JobRole]:
    """Return the posts a project's staff can be for, by what the form sends; asked once for all lines."""
    return {str(role.pk): role for role in JobRole.objects.order_by("link__industry__sort", "name_zh")}


class StaffForm(forms.Form):
    """One line of a project's staff; an empty one does not count."""

    #: not called optional one by one: a line is filled as a whole or not at all
    unmarked = ("role", "year", "headcount")

    role = forms.ChoiceField(label=PLAN_LABELS["role"], required=False)
    year = forms.IntegerField(
        label=PLAN_LABELS["year"], min_value=YEARS[0], max_value=YEARS[1], required=False
    )
    headcount = forms.IntegerField(
        label=gettext_lazy("人数"), min_value=0, max_value=1_000_000, required=False
    )

    def __init__(
        self, *args: Any, roles: Mapping[str, JobRole], **kwargs: Any
    ) -> None:  # Any: Django's signature
        super().__init__(*args, **kwargs)
        self._roles = roles
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        names = [(key, local_name(role.name_zh, role.name_en)) for key, role in roles.items()]
        field.choices = [("", _("请选择")), *names]

    def clean(self) -> dict[str, Any]:  # Any: Django's signature
        """Refuse a line that is half filled."""
        values: dict[str, Any] = super().clean() or {}
        filled = [values.get(name) not in {None, ""} for name in ("role", "year", "headcount")]
        if not self.errors and any(filled) and not all(filled):
            raise forms.ValidationError(_("岗位、年份、人数要一起填；不要这一行就全部清空。"))
        return values

    def staff(self) -> Staff | None:
        """Return what a valid line states, None when it is empty."""
        values = self.cleaned_data
        if not values.get("role"):
            return None
        return Staff(self._roles[values["role"]], values["year"], values["headcount"])


StaffFormSet = forms.formset_factory(StaffForm, extra=3, max_num=60, validate_max=True)


class FileForm(forms.Form):
    """A table of many rows."""

    file = forms.FileField(
        label=gettext_lazy("文件"),
        help_text=gettext_lazy("XLSX 或 CSV，最多 5000 行、10 MB；先检查，不写入。"),
    )


def _choose(form: forms.Form, name: str, rows: Sequence[Programme]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = Programme.objects.filter(pk__in=[row.pk for row in rows]).order_by("key")
    if len(rows) == 1:
        field.initial = rows[0]
