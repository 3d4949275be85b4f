"""Words for what the audit trail keeps of a source: verbs, facts, old and new values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhiqiao.platform.data.connectors import kinds
from zhiqiao.platform.data.source_forms import SCOPE_LABELS, SourceFactsForm
from zhiqiao.platform.governance.api import AuditEvent

__all__ = ["Line", "lines"]

_VERBS = {
    "sources.registered": _("登记来源"),
    "sources.changed": _("修改登记"),
    "connectors.set_up": _("设置连接器"),
    "connectors.switched_off": _("停用连接器"),
    "connectors.stopped": _("因条款停用连接器"),
    "tokens.given": _("建立令牌"),
    "tokens.revoked": _("作废令牌"),
    "wages.imported": _("读入工资表"),
    "wages.removed": _("移除这份工资表"),
    "deliveries.failed": _("送达失败"),
    "deliveries.refused": _("拒收送达"),
}
_FACTS = {
    "shared": _("与全区域共享"),
    "steward_id": _("负责人"),
    "connector": _("连接器"),
    "token": _("令牌"),
    "scopes": _("权限"),
    "file": _("文件"),
    "rows_in": _("读入的行"),
    "kept": _("入库"),
    "reason": _("原因"),
    "why": _("原因"),
}


@dataclass(frozen=True)
class Line:
    """One entry as the page shows it."""

    at: dt.datetime
    actor: str
    label: str
    details: tuple[tuple[str, str], ...]


def lines(events: Sequence[AuditEvent]) -> list[Line]:
    """Return the entries with verbs and facts in the reader's language."""
    return [
        Line(
            event.at,
            event.actor_name,
            str(_VERBS.get(event.action, event.action)),
            tuple((_label(name), _text(event.action, name, value)) for name, value in event.detail.items()),
        )
        for event in events
    ]


def _label(name: str) -> str:
    field = SourceFactsForm.base_fields.get(name)
    return str(field.label) if field else str(_FACTS.get(name, name))


def _text(action: str, name: str, value: object) -> str:
    if action == "sources.changed" and isinstance(value, list):
        return " → ".join(_word(name, item) for item in value)
    if isinstance(value, list):
        return gettext("、").join(_word(name, item) for item in value)
    return _word(name, value)


def _word(name: str, value: object) -> str:
    text = str(value)
    words: Mapping[str, object] = {
        "True": gettext("是"),
        "False": gettext("否"),
        "None": gettext("无"),
        "": gettext("无"),
        "[]": gettext("无"),
        "terms": gettext("条款禁止采集"),
        **SCOPE_LABELS,
    }
    if name == "connector" and text in kinds():
        return str(kinds()[text].label)
    return str(words.get(text, text))
