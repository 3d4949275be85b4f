"""Forms of competency discovery and frameworks; what can not be is said by the verbs."""

from __future__ import annotations

from typing import Any  # Any: what Django's forms take

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiqiao.infra.db.names import Name
from zhiqiao.platform.data.competency.building import examples
from zhiqiao.platform.data.competency.settings import study_rules
from zhiqiao.platform.data.competency.studying import Wanted
from zhiqiao.platform.data.models import DiscoveryMethod, Industry, JobRole

__all__ = ["FromStudyForm", "NewFrameworkForm", "StudyForm"]


class StudyForm(forms.Form):
    """What a run shall look at and how."""

    title = forms.CharField(label=_("名称"), help_text=_("例如：新材料产业 2026 年能力发现"), max_length=200)
    industries = forms.MultipleChoiceField(
        label=_("产业"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("都不选表示全部招聘信息，包括没有归入岗位的。"),
    )
    roles = forms.MultipleChoiceField(
        label=_("另加的岗位"), required=False, widget=forms.SelectMultiple(attrs={"size": 6})
    )
    method = forms.ChoiceField(
        label=_("方法"), choices=DiscoveryMethod.choices, initial=DiscoveryMethod.GRAPH
    )
    k = forms.IntegerField(
        label=_("组数"),
        required=False,
        help_text=_("留空由系统比较后建议，需要更多时间；招聘信息少时可能没有稳定的组数。"),
    )
    seed = forms.IntegerField(
        label=_("随机种子"),
        initial=0,
        min_value=0,
        max_value=2**31 - 1,
        help_text=_("同样的招聘信息、方法、组数和种子，得到同样的分组。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: as Django's form takes them
        super().__init__(*args, **kwargs)
        industries: Any = self.fields["industries"]  # Any: a field with choices
        industries.choices = [
            (row.key, str(Name(row.name_zh, row.name_en)))
            for row in Industry.objects.order_by("-is_lead", "sort", "id")
        ]
        roles: Any = self.fields["roles"]  # Any: see above
        roles.choices = [
            (row.key, str(Name(row.name_zh, row.name_en))) for row in JobRole.objects.order_by("id")
        ]

    def wanted(self) -> Wanted:
        """Return the choices as the verb takes them."""
        data = self.cleaned_data
        return Wanted(
            data["title"],
            tuple(data["industries"]),
            tuple(data["roles"]),
            data["method"],
            data["k"],
            data["seed"],
        )


class NewFrameworkForm(forms.Form):
    """A framework begun by hand or from an example."""

    example = forms.ChoiceField(label=_("从哪里开始"), required=False)
    name_zh = forms.CharField(
        label=_("名称"), required=False, max_length=200, help_text=_("用示例开始时可以不填。")
    )
    name_en = forms.CharField(label=_("英文名称"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: as Django's form takes them
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["example"]  # Any: a field with choices
        choice.choices = [
            ("", _("空白，手工建立")),
            *((one.id, str(Name(one.zh, one.en))) for one in examples()),
        ]


class FromStudyForm(forms.Form):
    """Which groups of a study become a framework."""

    name_zh = forms.CharField(label=_("能力标准的名称"), max_length=200)
    groups = forms.MultipleChoiceField(label=_("采用的分组"), widget=forms.CheckboxSelectMultiple)
    most_skills = forms.IntegerField(
        label=_("每组最多采用几项技能"),
        min_value=1,
        max_value=300,
        help_text=_("按典型程度从前往后取；以后可以增减。"),
    )

    def __init__(self, *args: Any, groups: list[tuple[str, str]], **kwargs: Any) -> None:  # Any: see above
        super().__init__(*args, **kwargs)
        field: Any = self.fields["groups"]  # Any: a field with choices
        field.choices = groups
        field.initial = [key for key, _name in groups]
        self.fields["most_skills"].initial = study_rules().shown_skills
