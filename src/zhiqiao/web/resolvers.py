"""The evidence of the style guide's made-up figure, so that the drawer can be tried where nothing is at stake."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiqiao.platform.data.evidence import Hop, Link, SourceText, resolver
from zhiqiao.platform.governance.api import Actor, require

SAMPLES = tuple(UUID(int=number) for number in (1, 2))
_AT = dt.datetime(2026, 11, 20, 6, 5, tzinfo=dt.UTC)


@resolver("sample", label=gettext_lazy("组件样例"))
def sample(actor: Actor, uuid: UUID) -> Hop:
    """Return the sample figure, or the sample sentence it rests on."""
    require(actor, "styleguide.read")
    figure, sentence = SAMPLES
    if uuid == sentence:
        text = ((_("任职要求：熟悉"), False), (_("陶瓷封装工艺"), True), (_("，有两年以上经验。"), False))
        return Hop(
            "sample",
            uuid,
            _("样例招聘信息"),
            derived=(Link("sample", figure, _("样例占比")),),
            sources=(SourceText(text, note=_("第 3 行")),),
            is_demo=True,
        )
    return Hop(
        "sample",
        figure,
        _("样例占比"),
        value="12.6%",
        facts=((_("招聘信息"), 412), (_("其中提到"), 52), (_("薪资"), None)),
        how=_("52 ÷ 412，只数岗位职责与任职要求里的句子。"),
        method="sample.share",
        method_version="1",
        at=_AT,
        basis=(Link("sample", sentence, _("样例招聘信息"), _("提到 1 次")),),
        url=reverse("styleguide"),
        is_demo=True,
    )
