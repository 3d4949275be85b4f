"""The component tags that every page uses; they are built in, no page loads them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import template
from django.forms import BaseForm, BoundField
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zhiqiao import __version__
from zhiqiao.infra.ui import charts, formats, forms

register = template.Library()
Context = dict[str, Any]  # Any: values of a template


@register.simple_tag(takes_context=True)
def same_block(context: template.Context, name: str) -> str:
    """Show a block of the page once more (the title stands in the window and over the page)."""
    blocks = context.render_context[BLOCK_CONTEXT_KEY]
    return str(blocks.get_block(name).render(context))


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon; without a label it is an ornament beside a word."""
    address = f"{static('dist/icons.svg')}?v={__version__}#{name}"
    if label:
        return format_html(
            '<svg class="zq-icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, address
        )
    return format_html('<svg class="zq-icon" aria-hidden="true"><use href="{}"/></svg>', address)


@register.simple_block_tag
def evidence(content: str, kind: str, uuid: object) -> SafeString:
    """Mark a computed figure; it opens its evidence in the drawer, or as a page without a script."""
    if not uuid:
        return format_html("{}", content)
    return evidence_link(reverse("evidence", args=[kind, uuid]), content)


def evidence_link(url: str, content: object) -> SafeString:
    """Return a figure that opens the evidence at an address."""
    return format_html(
        '<a class="zq-evidence" href="{0}" hx-get="{0}" hx-target="#zq-drawer-body" hx-swap="innerHTML"'
        ' hx-select="unset" hx-push-url="false" aria-haspopup="dialog" title="{1}">{2}</a>',
        url,
        _("看依据"),
        content,
    )


@register.simple_tag
def figure_link(url: str, text: object) -> SafeString:
    """Link a figure: to its evidence in the drawer when the address is one, else to a page."""
    if url.startswith(reverse("evidence", args=["-", UUID(int=0)]).split("/-/")[0] + "/"):
        return evidence_link(url, text)
    return format_html('<a class="zq-textlink" href="{}">{}</a>', url, text)


@register.inclusion_tag("ui/chart.html")
def chart(name: str, kind: charts.ChartType, data: charts.ChartData) -> Context:
    """Draw a chart as an island with its table twin; `name` is unique on the page."""
    return {
        "name": name,
        "kind": kind,
        "data": data,
        "twin": charts.twin(kind, data),
        "labels": charts.labels(),
        "chinese": formats.is_chinese(),
    }


@register.inclusion_tag("ui/table.html", takes_context=True)
def table(context: Context, bound: Any) -> Context:  # Any: a BoundTable of any row type
    """Show a bound table with its tools."""
    return {"table": bound, "request": context.get("request"), "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("ui/field.html")
def field(bound: BoundField) -> Context:
    """Show a form field with label, help and error."""
    return {"field": forms.shown(bound)}


@register.inclusion_tag("ui/form_errors.html")
def form_errors(form: BaseForm) -> Context:
    """Sum up what is wrong on top of a form, each line leading to its field."""
    lines = forms.summary(form) if form.is_bound else []
    return {"lines": lines, "headline": forms.headline(len(lines))}


@register.inclusion_tag("ui/steps.html")
def steps(names: Sequence[object], current: int) -> Context:
    """Show the steps of a wizard; `current` counts from 1."""
    states = [
        (name, "done" if at < current else "now" if at == current else "next")
        for at, name in _from_one(names)
    ]
    return {"steps": states, "current": current, "total": len(states)}


def _from_one(names: Sequence[object]) -> list[tuple[int, object]]:
    return list(enumerate(names, start=1))


@register.inclusion_tag("ui/progress.html")
def progress(run: Any) -> Context:  # Any: a job run, or anything with its fields
    """Show how far a background run is; see the run's own page for refresh and cancel."""
    state = str(run.state)
    tone = {"succeeded": "success", "failed": "error", "cancelled": "warning", "running": "info"}.get(
        state, ""
    )
    return {"run": run, "state": state, "tone": tone, "percent": getattr(run, "percent", None)}


@register.inclusion_tag("ui/empty.html")
def empty_state(
    title: object, text: object, url: str = "", label: object = "", symbol: str = "inbox"
) -> Context:
    """Say what will be here, why it is empty, and offer the one button that changes that."""
    return {"title": title, "text": text, "url": url, "label": label, "symbol": symbol}


@register.inclusion_tag("ui/note.html")
def note(text: object, tone: str = "info") -> Context:
    """Show a sentence that matters: tone info, success, warning or error."""
    symbols = {
        "info": "info",
        "success": "circle-check",
        "warning": "triangle-alert",
        "error": "circle-alert",
    }
    return {"text": text, "tone": tone, "symbol": symbols[tone]}


@register.simple_tag
def chip(text: object, tone: str = "", symbol: str = "", url: str = "") -> SafeString:
    """Show a short state or tag: tone primary, success, warning, error, info, accent or none."""
    kind = f"zq-chip zq-chip-{tone}" if tone else "zq-chip"
    mark = icon(symbol) if symbol else ""
    if url:
        return format_html('<a class="{}" href="{}">{}{}</a>', kind, url, mark, text)
    return format_html('<span class="{}">{}{}</span>', kind, mark, text)


@register.simple_tag
def demo_label() -> SafeString:
    """Label data that was made up for demonstration."""
    return format_html('<span class="zq-ribbon">{}{}</span>', icon("flask-conical"), _("演示数据"))


@register.simple_tag
def ai_label(accepted_by: object = "") -> SafeString:
    """Label what a model wrote, with who accepted it (GB 45438-2025)."""
    text = _("AI 生成")
    who = _("由 %(name)s 采纳") % {"name": accepted_by} if accepted_by else _("尚未有人采纳")
    return format_html('<span class="zq-chip zq-chip-info">{}{} · {}</span>', icon("sparkles"), text, who)


@register.simple_tag
def unknown(reason: object = "") -> SafeString:
    """Show that a value is not known, and why; never a zero in its place."""
    if not reason:
        return format_html('<span class="zq-unknown">{}</span>', _("未知"))
    return format_html(
        '<span class="zq-unknown" title="{0}">{1}<span class="sr-only">（{0}）</span></span>',
        reason,
        _("未知"),
    )


@register.inclusion_tag("ui/crumbs.html")
def crumbs(*parts: object) -> Context:
    """Show the way to this page: label, address, label, address …, label of this page."""
    labels, addresses = parts[0::2], parts[1::2]
    padded = [*addresses, *[""] * (len(labels) - len(addresses))]
    return {"crumbs": list(zip(labels, padded, strict=True)), "home": reverse("home")}


@register.inclusion_tag("ui/tabs.html")
def tabs(items: Sequence[tuple[object, str]], current: str) -> Context:
    """Show tabs, each a (label, address); `current` is the address of the open one."""
    return {"tabs": items, "current": current}


@register.filter
def figure(value: formats.Number | None) -> str | SafeString:
    """Write a figure by locale; None is unknown."""
    return unknown() if value is None else formats.number(value)


@register.filter
def compact(value: formats.Number | None) -> str | SafeString:
    """Write a large figure short by locale; None is unknown."""
    return unknown() if value is None else formats.compact(value)


@register.filter
def share(value: formats.Number | None, places: int = 1) -> str | SafeString:
    """Write a share of one as per cent; None is unknown."""
    return unknown() if value is None else formats.percent(value, places=places)


@register.filter
def day(value: dt.date | None) -> str | SafeString:
    """Write a day as 2026-11-20; None is unknown."""
    return unknown() if value is None else formats.date(value)


@register.filter
def moment(value: dt.datetime | None) -> str | SafeString:
    """Write a moment as 2026-11-20 14:05; None is unknown."""
    return unknown() if value is None else formats.moment(value)


@register.filter
def named(value: object) -> str:
    """Write the name of a row with `name_zh` and `name_en` in the active language."""
    return formats.named(value)


@register.filter
def at(row: Any, key: object) -> object:  # Any: a mapping or a sequence
    """Look up a key or an index in a template."""
    return row[key]
