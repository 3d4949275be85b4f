"""What of this package keeps a unit of an organisation from being closed."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import ngettext

from zhiqiao.platform.data.models import Programme
from zhiqiao.platform.governance.api import register_unit_hold


@register_unit_hold
def programmes_in(unit_ids: Sequence[int]) -> str:
    """Say how many programmes stand in these units."""
    count = Programme.objects.filter(organisation_id__in=unit_ids).count()
    text = ngettext("这里设有 %(count)s 个专业", "这里设有 %(count)s 个专业", count)
    return text % {"count": count} if count else ""
