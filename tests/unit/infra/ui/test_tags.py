"""Component tags: what they write, and that nothing from outside becomes markup."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

ROOT = Path(__file__).parents[4]
EVIDENCE = "4a0c9f6e-0000-4000-8000-000000000001"


def shown(source: str, **values: object) -> str:
    return Template(source).render(Context(values))


def test_evidence_opens_in_the_drawer_and_as_a_page() -> None:
    html = shown('{% evidence "gap" uuid %}12{% endevidence %}', uuid=EVIDENCE)
    assert f'href="/evidence/gap/{EVIDENCE}/"' in html
    assert f'hx-get="/evidence/gap/{EVIDENCE}/"' in html
    assert 'hx-target="#zq-drawer-body"' in html


def test_a_figure_without_evidence_carries_no_mark() -> None:
    assert shown('{% evidence "gap" uuid %}12{% endevidence %}', uuid=None) == "12"


@pytest.mark.parametrize(
    "source", ["{% chip bad %}", "{% unknown bad %}", "{% ai_label bad %}", "{% note bad %}"]
)
def test_markup_in_a_text_is_shown_not_run(source: str) -> None:
    html = shown(source, bad="<script>x</script>")
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_unknown_is_a_word_and_not_a_zero() -> None:
    assert "未知" in shown("{{ value|figure }}", value=None)
    assert shown("{{ value|figure }}", value=0) == "0"


def test_filters_follow_the_language() -> None:
    with translation.override("en"):
        assert shown("{{ 12345|compact }} {{ d|day }}", d=dt.date(2026, 11, 20)) == "12.3k 2026-11-20"


class PersonForm(forms.Form):
    name = forms.CharField(label="姓名", help_text="与证件一致")
    note = forms.CharField(label="备注", required=False)


def test_a_wrong_field_is_tied_to_its_help_and_error() -> None:
    html = shown("{% field form.name %}", form=PersonForm({"name": ""}))
    assert 'aria-describedby="id_name-help id_name-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'for="id_name"' in html


def test_an_optional_field_says_so_and_a_required_one_does_not() -> None:
    form = PersonForm()
    assert "可不填" in shown("{% field form.note %}", form=form)
    assert "可不填" not in shown("{% field form.name %}", form=form)


def test_the_error_summary_leads_to_the_field() -> None:
    html = shown("{% form_errors form %}", form=PersonForm({}))
    assert 'href="#id_name"' in html
    assert shown("{% form_errors form %}", form=PersonForm()).strip() == ""


def test_steps_say_which_one_is_now() -> None:
    html = shown("{% steps names 2 %}", names=["一", "二", "三"])
    assert html.count('data-state="done"') == 1
    assert re.search(r'aria-current="step"><span>二', html)


def test_progress_of_unknown_length_has_no_value() -> None:
    run = SimpleNamespace(
        title_text="导入",
        state="running",
        get_state_display="运行中",
        total=0,
        done=0,
        percent=None,
        stage_text="读取",
    )
    html = shown("{% progress run %}", run=run)
    assert re.search(r'<progress max="100" aria-label', html)


def test_a_chart_has_its_json_and_its_table() -> None:
    data = {"title": "需求", "categories": ["</script>"], "series": [{"name": "n", "data": [None]}]}
    html = shown('{% chart "c" "bar" data %}', data=data)
    assert html.count("</script>") == 1
    assert "未知" in html
    assert 'slot="twin"' in html


def test_every_icon_in_use_is_built() -> None:
    built = set(re.findall(r'"([a-z0-9-]+)"', (ROOT / "frontend/src/icons.ts").read_text(encoding="utf-8")))
    used = set()
    for path in (ROOT / "src/zhiqiao").rglob("*.html"):
        used |= set(re.findall(r'{% icon "([a-z0-9-]+)"', path.read_text(encoding="utf-8")))
    for path in (ROOT / "src/zhiqiao").rglob("*.py"):
        used |= set(re.findall(r'\bicon="([a-z0-9-]+)"', path.read_text(encoding="utf-8")))
    assert used
    assert used <= built
