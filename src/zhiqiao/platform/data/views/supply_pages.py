"""What the pages of supply and regional facts share: a list, and a form with version and history."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhiqiao.infra.ui.table import Row, Table
from zhiqiao.platform.data.errors import Conflict, Refused
from zhiqiao.platform.data.supply import keeping
from zhiqiao.platform.data.supply.forms import VersionedForm
from zhiqiao.platform.governance.api import ActorRequest, audit

__all__ = ["Button", "Editing", "Words", "edited", "listed"]


@dataclass(frozen=True)
class Button:
    """A way from a page to another."""

    label: str
    url: str
    is_primary: bool = False


@dataclass(frozen=True)
class Words:
    """What a page is called, says of itself, and where it stands: crumbs are (label, address)."""

    title: str
    lead: str
    crumbs: Sequence[tuple[str, str]] = ()
    notes: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Editing:
    """How a form's row is kept: `save` writes it, `remove` takes it out where that may be, `now` shows it as it is."""

    save: Callable[[], keeping.Kept]
    back: str
    row: keeping.Kept | None = None
    remove: Callable[[int], None] | None = None
    labels: Mapping[str, object] = field(default_factory=dict)


def listed(
    request: ActorRequest,
    table: Table,
    rows: Sequence[Row],
    words: Words,
    *,
    buttons: Sequence[Button] = (),
    tabs: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    """Show a list, or give it as a file."""
    bound = table.bind(request, rows, demo=any(row.is_demo for row in rows))
    if bound.export:
        audit(request.actor, f"{table.key}.exported")
        return bound.response()
    context = {"table": bound, "words": words, "buttons": buttons, "tabs": tabs, "path": request.path}
    return render(request, "data/supply/list.html", context)


def edited(
    request: ActorRequest,
    form: VersionedForm,
    words: Words,
    editing: Editing,
    *,
    context: Mapping[str, object] | None = None,
    is_valid: Callable[[], bool] = lambda: True,
) -> HttpResponse:
    """Show a form, or keep or remove its row; a conflict shows what stands there now and keeps what was typed."""
    if request.method == "POST" and request.POST.get("verb") == "remove" and editing.remove is not None:
        return _removed(request, editing)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and is_valid():
            try:
                editing.save()
            except Conflict as error:
                status = 409
                form.add_error(None, str(error))
                form.move_to(error.version)
            except Refused as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("已保存。"))
                return redirect(editing.back)
    row = editing.row
    shown = {
        "form": form,
        "words": words,
        "back": editing.back,
        "row": row,
        "may_remove": row is not None and editing.remove is not None,
        "changes": _history(row, editing.labels) if row is not None else [],
        "is_conflict": status == 409,
        **(context or {}),
    }
    return render(request, "data/supply/form.html", shown, status=status)


def _removed(request: ActorRequest, editing: Editing) -> HttpResponse:
    assert editing.remove is not None
    seen = request.POST.get("version", "")
    try:
        editing.remove(int(seen) if seen.isascii() and seen.isdigit() else 0)
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已删除；审计记录里留有原来的内容。"))
    return redirect(editing.back)


def _history(row: keeping.Kept, labels: Mapping[str, object]) -> list[tuple[keeping.Change, str, list[str]]]:
    verbs = {"added": _("新增"), "changed": _("修改"), "removed": _("删除"), "redefined": _("更改口径")}
    return [
        (
            change,
            verbs.get(change.action, change.action),
            [
                _("%(label)s：%(old)s → %(new)s")
                % {"label": labels.get(name, name), "old": old or _("未知"), "new": new or _("未知")}
                for name, old, new in change.values
            ]
            if change.action == "changed"
            else [],
        )
        for change in keeping.history(row)
    ]
