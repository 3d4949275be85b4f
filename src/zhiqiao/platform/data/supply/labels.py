"""What the fields of this package are called, for forms, tables, files and histories alike."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

__all__ = [
    "CONDITION_LABELS",
    "ENTERPRISE_LABELS",
    "INDICATOR_LABELS",
    "PLAN_LABELS",
    "PROJECT_LABELS",
    "VALUE_LABELS",
    "YEAR_LABELS",
]

YEAR_LABELS = {
    "programme": _("专业"),
    "year": _("年份"),
    "enrolled": _("招生人数"),
    "students": _("在校人数"),
    "graduates": _("毕业人数"),
    "placed": _("就业人数"),
    "placed_locally": _("本地就业人数"),
    "placed_matching": _("对口就业人数"),
    "cost_per_student": _("生均成本（元/年）"),
    "source": _("数字的来源"),
    "definition": _("统计口径"),
}
CONDITION_LABELS = {
    "programme": _("专业"),
    "name": _("名称"),
    "name_en": _("英文名称"),
    "unit": _("单位"),
    "required": _("应有"),
    "present": _("现有"),
    "norm": _("标准怎样要求"),
    "norm_source": _("标准的出处"),
}
PLAN_LABELS = {
    "role": _("岗位"),
    "year": _("年份"),
    "headcount": _("计划招用人数"),
    "note": _("说明"),
}
INDICATOR_LABELS = {
    "name_zh": _("中文名称"),
    "name_en": _("英文名称"),
    "unit_zh": _("单位"),
    "unit_en": _("英文单位"),
    "definition": _("口径"),
    "used_as": _("作为情景的输入"),
    "industry": _("产业"),
}
VALUE_LABELS = {
    "indicator": _("指标"),
    "year": _("年份"),
    "value": _("数值"),
    "unit": _("单位"),
    "state": _("性质"),
    "source": _("出处"),
    "page": _("页码或位置"),
}
PROJECT_LABELS = {
    "name": _("项目名称"),
    "name_en": _("英文名称"),
    "industry": _("产业"),
    "link": _("产业链环节"),
    "region": _("所在地"),
    "start": _("开始用人的月份"),
    "probability": _("可能性"),
    "state": _("进展"),
    "source": _("出处"),
    "announced": _("公布日期"),
    "staff": _("用人计划"),
}
ENTERPRISE_LABELS = {
    "name": _("企业名称"),
    "credit_code": _("统一社会信用代码"),
    "industry": _("产业"),
    "size": _("企业规模"),
    "place": _("所在县区"),
    "contact_name": _("联系人"),
    "contact_phone": _("联系电话"),
    "contact_email": _("邮箱"),
}
