"""What the pages of supply and regional facts share: a list, a form with version and history, a file in two steps."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhiqiao.engines import tabular
from zhiqiao.infra import storage
from zhiqiao.infra.ui.table import Row, Table
from zhiqiao.platform.data import uploads
from zhiqiao.platform.data.errors import Conflict, Refused
from zhiqiao.platform.data.supply import importing, keeping
from zhiqiao.platform.data.supply.forms import FileForm, VersionedForm
from zhiqiao.platform.governance.api import ActorRequest, audit

__all__ = ["Button", "Editing", "Words", "edited", "imported", "listed", "template_file"]

_SHOWN = 200


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


def imported(
    request: ActorRequest, target: importing.Target, words: Words, *, back: str, template: str
) -> HttpResponse:
    """Take a table in: the first post checks and shows, the second writes all rows or none."""
    key = f"zq_{target.verb}"
    form = FileForm(request.POST or None, request.FILES or None)
    page: dict[str, object] = {"form": form, "words": words, "back": back, "template": template}
    if request.method == "POST" and request.POST.get("verb") == "commit":
        kept = request.session.get(key)
        if kept and uploads.present(UUID(kept[0])):
            return _committed(request, target, page, key=key)
        messages.error(request, _("检查过的文件已不在，请重新上传。"))
        return redirect(request.path)
    status = 200
    if request.method == "POST":
        status = 422
        upload = uploads.received(request, "file")
        if form.is_valid() and upload is not None:
            try:
                page |= _checked(request, target, upload, key=key)
                status = 200
            except tabular.TableError as error:
                form.add_error("file", error.text("en" if request.LANGUAGE_CODE == "en" else "zh"))
        elif uploads.too_large(request):
            form.add_error("file", _("文件太大，请只保留需要的列和行。"))
    return render(request, "data/supply/import.html", page, status=status)


def _checked(
    request: ActorRequest, target: importing.Target, upload: uploads.Upload, *, key: str
) -> dict[str, object]:
    checked = importing.check(target, upload.path, name=upload.name)
    _forget(request, key)
    if not checked.faults:
        uuid = uuid4()
        uploads.keep(upload, uuid)
        request.session[key] = [str(uuid), upload.name, checked.fingerprint]
    return _shown(target, checked, upload.name)


def _committed(
    request: ActorRequest, target: importing.Target, page: dict[str, object], *, key: str
) -> HttpResponse:
    uuid, name, fingerprint = request.session[key]
    path = storage.upload_path(UUID(uuid))
    try:
        count = importing.commit(request.actor, target, path, name=name, fingerprint=fingerprint)
    except Conflict as error:
        checked = importing.check(target, path, name=name)
        request.session[key] = [uuid, name, checked.fingerprint]
        page |= {**_shown(target, checked, name), "reason": str(error), "form": FileForm()}
        return render(request, "data/supply/import.html", page, status=409)
    except Refused as error:
        _forget(request, key)
        page |= {"reason": str(error), "form": FileForm()}
        return render(request, "data/supply/import.html", page, status=422)
    _forget(request, key)
    text = ngettext("已写入 %(count)s 行。", "已写入 %(count)s 行。", count)
    messages.success(request, text % {"count": count})
    return redirect(str(page["back"]))


def _forget(request: ActorRequest, key: str) -> None:
    kept = request.session.pop(key, None)
    if kept:
        uploads.discard(UUID(kept[0]))


def _shown(target: importing.Target, checked: importing.Checked, name: str) -> dict[str, object]:
    labels = target.labels()
    columns = [
        label
        for field_name, label in labels.items()
        if checked.drafts and field_name in checked.drafts[0].values
    ]
    drafts = checked.drafts[:_SHOWN]
    return {
        "file_name": name,
        "faults": checked.faults[:_SHOWN],
        "fault_count": len(checked.faults),
        "columns": columns,
        "lines": [
            (draft, [draft.values[field_name] for field_name in labels if field_name in draft.values])
            for draft in drafts
        ],
        "new": sum(not draft.version for draft in checked.drafts),
        "changed": sum(bool(draft.version) and draft.is_changed for draft in checked.drafts),
        "same": sum(not draft.is_changed for draft in checked.drafts),
    }


def template_file(target: importing.Target, *, name: str) -> HttpResponse:
    """Give an empty table with the columns that can be read."""
    buffer = io.BytesIO()
    tabular.write_xlsx(buffer, [str(label) for label in target.labels().values()], [], title=_("模板"))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return HttpResponse(buffer.getvalue(), content_type=kind, headers=headers)
