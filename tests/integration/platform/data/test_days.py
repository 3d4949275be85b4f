"""A day in a form is written as browsers read it: in the reader's own notation the field would come up empty."""

from __future__ import annotations

import datetime as dt

import pytest
from django import forms
from django.utils import translation

from zhiqiao.platform.data import source_forms
from zhiqiao.platform.data.supply import forms as supply_forms

FORMS = [
    form
    for module in (source_forms, supply_forms)
    for form in vars(module).values()
    if isinstance(form, type) and issubclass(form, forms.BaseForm)
]
DAYS = [
    (form.__name__, name, field)
    for form in FORMS
    for name, field in form.base_fields.items()
    if isinstance(field, forms.DateField)
]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    ("form", "name", "field"), DAYS, ids=lambda part: part if isinstance(part, str) else ""
)
def test_a_day_is_shown_as_a_browser_reads_it(
    form: str, name: str, field: forms.DateField, language: str
) -> None:
    with translation.override(language):
        assert 'value="2026-05-18"' in field.widget.render(name, dt.date(2026, 5, 18)), form


def test_there_are_days_to_look_at() -> None:
    assert {name for _form, name, _field in DAYS} >= {"announced", "covers_from", "refreshed_on"}
