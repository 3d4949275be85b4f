"""People from a roster file: template, dry run, commit."""

from __future__ import annotations

import io
import secrets
from pathlib import Path

from django import forms
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from zhiqiao.engines.tabular import TableError, write_xlsx
from zhiqiao.infra.config import config
from zhiqiao.platform.governance.access import action
from zhiqiao.platform.governance.actions.roster import import_roster
from zhiqiao.platform.governance.errors import GovernanceError
from zhiqiao.platform.governance.http import ActorRequest
from zhiqiao.platform.governance.models import Role
from zhiqiao.platform.governance.roster import LIMITS, check_roster, field_labels
from zhiqiao.platform.governance.selectors import units_managed

_FILE = "zq_roster"


class UploadForm(forms.Form):
    """The roster file."""

    file = forms.FileField(label=_("名单文件"), help_text=_("XLSX 或 CSV，最多 5000 人、20 MB。"))

    def clean_file(self) -> TemporaryUploadedFile:
        """Refuse a file larger than a roster can be before it is read."""
        file: TemporaryUploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LIMITS.max_bytes:
            raise forms.ValidationError(gettext("文件超过 20 MB，不像是人员名单。"))
        return file


@action("people.manage")
def upload(request: ActorRequest) -> HttpResponse:
    """Check a roster without writing anything, and show row by row what is wrong."""
    form = UploadForm(request.POST or None, request.FILES or None)
    page: dict[str, object] = {"form": form, "step": 1}
    if form.is_valid():
        file = form.cleaned_data["file"]
        path = _keep(file)
        try:
            roster = check_roster(request.actor, path, name=file.name, today=timezone.localdate())
        except TableError as error:
            path.unlink(missing_ok=True)
            form.add_error("file", error.text("zh" if translation.get_language().startswith("zh") else "en"))
        else:
            _forget(request)
            request.session[_FILE] = [path.name, file.name]
            page |= {"roster": roster, "step": 2, "people": roster.rows[:200], "file_name": file.name}
    return render(request, "governance/roster.html", page)


@action("people.manage")
@require_POST
@never_cache
def commit(request: ActorRequest) -> HttpResponse:
    """Write the people of the checked roster, all or none, and show their one-time links once."""
    kept = request.session.get(_FILE)
    if not kept:
        return redirect("governance:roster")
    path = _folder() / kept[0]
    if not path.exists():
        return redirect("governance:roster")
    try:
        accounts = import_roster(request.actor, path, name=kept[1], now=timezone.now())
    except (GovernanceError, TableError) as error:
        form = UploadForm()
        return render(
            request, "governance/roster.html", {"form": form, "step": 1, "reason": str(error)}, status=409
        )
    _forget(request)
    links = [
        {
            "name": account.display_name,
            "username": account.username,
            "link": request.build_absolute_uri(reverse("governance:invitation", args=[account.token]))
            if account.token
            else "",
        }
        for account in accounts
    ]
    return render(request, "governance/roster_done.html", {"accounts": links, "step": 3})


@action("people.manage")
@require_safe
def template(request: ActorRequest) -> HttpResponse:
    """Give an empty roster with one example row."""
    labels, units = field_labels(), units_managed(request.actor)
    buffer = io.BytesIO()
    example = {
        "display_name": gettext("张三"),
        "username": "zhangsan",
        "email": "zhangsan@example.com",
        "role": str(Role.TEACHER.label),
        "organisation": units[0].key if units else "",
        "starts": "2026-09-01",
        "ends": "",
    }
    write_xlsx(
        buffer, list(labels.values()), [[example[target] for target in labels]], title=gettext("人员名单")
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    headers = {"Content-Disposition": 'attachment; filename="people.xlsx"'}
    return HttpResponse(buffer.getvalue(), content_type=kind, headers=headers)


def _folder() -> Path:
    folder = config().data / "tmp" / "rosters"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _keep(file: TemporaryUploadedFile) -> Path:
    """Keep an upload until it is committed; names come from us, never from the file."""
    path = _folder() / secrets.token_hex(16)
    with path.open("wb") as out:
        for piece in file.chunks():
            out.write(piece)
    return path


def _forget(request: ActorRequest) -> None:
    kept = request.session.pop(_FILE, None)
    if kept:
        (_folder() / kept[0]).unlink(missing_ok=True)
