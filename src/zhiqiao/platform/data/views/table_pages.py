"""A table of many rows taken in on a page: checked and shown first, then written; one way for all kinds of table.

The checked file waits in a folder of its own under a name that only the session knows; so do the rows that could not
be taken. A sweep removes both after a day.
"""

from __future__ import annotations

import io
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhiqiao.engines import tabular
from zhiqiao.infra import storage
from zhiqiao.infra.ui import formats
from zhiqiao.platform.data import uploads
from zhiqiao.platform.data.errors import Conflict
from zhiqiao.platform.data.supply import importing
from zhiqiao.platform.data.supply import jobs as supply_jobs
from zhiqiao.platform.data.supply.forms import FileForm
from zhiqiao.platform.data.supply.projects import Staff
from zhiqiao.platform.data.supply.targets import TARGETS
from zhiqiao.platform.data.views.supply_pages import Words
from zhiqiao.platform.governance.api import ActorRequest, audit

__all__ = ["imported", "template_file"]

_SHOWN = 200
#: More rows than this are written by a job; a person does not wait for them on a page.
_MOST_AT_ONCE = 200


def imported(request: ActorRequest, verb: str, words: Words, *, back: str, template: str) -> HttpResponse:
    """Take a table in: the first post checks and shows, the second writes its good rows."""
    if "rejected" in request.GET:
        return _rejected(request, verb)
    form = FileForm(request.POST or None, request.FILES or None)
    page: dict[str, object] = {"form": form, "words": words, "back": back, "template": template}
    if request.method == "POST" and request.POST.get("verb") == "commit":
        kept = _kept(request, verb)
        if kept and kept[2] and storage.table_path(UUID(kept[0])).exists():
            return _committed(request, TARGETS[verb](request.actor), page)
        messages.error(request, _("检查过的文件已不在，请重新上传。"))
        return redirect(request.path)
    status = 200
    if request.method == "POST":
        status = 422
        upload = uploads.received(request, "file")
        if form.is_valid() and upload is not None:
            try:
                page |= _checked(request, TARGETS[verb](request.actor), upload)
                status = 200
            except tabular.TableError as error:
                form.add_error("file", error.text("en" if request.LANGUAGE_CODE == "en" else "zh"))
        elif uploads.too_large(request):
            form.add_error("file", _("文件太大，请只保留需要的列和行。"))
    page["has_rejected"] = _has_rejected(request, verb)
    return render(request, "data/supply/import.html", page, status=status)


def _checked(request: ActorRequest, target: importing.Target, upload: uploads.Upload) -> dict[str, object]:
    checked = importing.check(target, upload.path, name=upload.name)
    _forget(request, target.verb)
    uuid = uuid4()
    path = storage.table_path(uuid)
    importing.write_quarantine(path.with_suffix(".csv"), checked, checked.faults)
    if checked.drafts:
        upload.path.replace(path)
    request.session[_key(target.verb)] = [
        str(uuid),
        upload.name,
        checked.fingerprint if checked.drafts else "",
    ]
    return _shown(target, checked, upload.name)


def _committed(request: ActorRequest, target: importing.Target, page: dict[str, object]) -> HttpResponse:
    key = _key(target.verb)
    uuid, name, fingerprint = request.session[key]
    path = storage.table_path(UUID(uuid))
    checked = importing.check(target, path, name=name)
    if sum(draft.is_changed for draft in checked.drafts) > _MOST_AT_ONCE:
        request.session[key] = [uuid, name, ""]
        url = request.path
        run = supply_jobs.queue(
            request.actor, target.verb, UUID(uuid), name=name, fingerprint=fingerprint, url=url
        )
        return redirect("jobs:run", uuid=run.uuid)
    try:
        outcome = importing.commit(
            request.actor,
            target,
            path,
            name=name,
            fingerprint=fingerprint,
            quarantine=path.with_suffix(".csv"),
        )
    except Conflict as error:
        request.session[key] = [uuid, name, checked.fingerprint]
        page |= {**_shown(target, checked, name), "reason": str(error), "form": FileForm()}
        page["has_rejected"] = _has_rejected(request, target.verb)
        return render(request, "data/supply/import.html", page, status=409)
    path.unlink(missing_ok=True)
    request.session[key] = [uuid, name, ""]
    text = ngettext("已写入 %(count)s 行。", "已写入 %(count)s 行。", outcome.written)
    messages.success(request, text % {"count": outcome.written})
    return redirect(request.path if outcome.faults else str(page["back"]))


def _rejected(request: ActorRequest, verb: str) -> HttpResponse:
    """Hand out the rows that could not be taken, to be corrected and taken in again."""
    if not _has_rejected(request, verb):
        raise Http404
    uuid, name, _fingerprint = request.session[_key(verb)]
    audit(request.actor, f"{verb}.quarantine_downloaded", detail={"file": name})
    shown = _("待修正的行-%(file)s.csv") % {"file": name.rpartition(".")[0] or name}
    content = storage.table_path(UUID(uuid)).with_suffix(".csv").read_bytes()
    disposition = content_disposition_header(as_attachment=True, filename=shown)
    headers = {"Content-Disposition": disposition or "attachment"}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


def _has_rejected(request: ActorRequest, verb: str) -> bool:
    kept = _kept(request, verb)
    return kept is not None and storage.table_path(UUID(kept[0])).with_suffix(".csv").exists()


def _kept(request: ActorRequest, verb: str) -> list[str] | None:
    """Return what the session knows of the last file: its name here, its own, and the digest of what was shown."""
    kept: list[str] | None = request.session.get(_key(verb))
    return kept


def _key(verb: str) -> str:
    return f"zq_{verb}"


def _forget(request: ActorRequest, verb: str) -> None:
    kept = request.session.pop(_key(verb), None)
    if kept and kept[2]:
        # one without a digest may be in the hands of a job
        storage.table_path(UUID(kept[0])).unlink(missing_ok=True)
        storage.table_path(UUID(kept[0])).with_suffix(".csv").unlink(missing_ok=True)


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
        "is_ready": bool(checked.drafts),
        "columns": columns,
        "lines": [
            (draft, [_told(draft.values[field_name]) for field_name in labels if field_name in draft.values])
            for draft in drafts
        ],
        "new": sum(not draft.version for draft in checked.drafts),
        "changed": sum(bool(draft.version) and draft.is_changed for draft in checked.drafts),
        "same": sum(not draft.is_changed for draft in checked.drafts),
    }


def _told(value: object) -> object:
    """Return a value as a cell shows it; a row of another table by its name, several of them one after another."""
    if isinstance(value, tuple):
        return "; ".join(str(_told(item)) for item in value)
    if isinstance(value, Staff):
        return f"{formats.named(value.role)} {value.year}: {value.headcount}"
    return formats.named(value) if hasattr(value, "name_zh") else value


def template_file(request: ActorRequest, verb: str, *, name: str) -> HttpResponse:
    """Give an empty table with the columns that can be read."""
    buffer = io.BytesIO()
    labels = [str(label) for label in TARGETS[verb](request.actor).labels().values()]
    tabular.write_xlsx(buffer, labels, [], title=_("模板"))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return HttpResponse(buffer.getvalue(), content_type=kind, headers=headers)
