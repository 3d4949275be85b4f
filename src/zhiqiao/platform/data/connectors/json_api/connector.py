"""Another system posts batches of rows with a token; the address is in `rest_sources`, the verb in `pushing`."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from zhiqiao.platform.data.connectors.contract import Option


class JsonApi:
    """Delivery by JSON over HTTP."""

    name: str = "json_api"
    sort: int = 30
    label = _("JSON 接口")
    about = _("对方系统用令牌调用接口，成批送入招聘信息；令牌只显示一次，可随时作废。")
    is_automatic: bool = True
    options: tuple[Option, ...] = ()

    def fault(self, options: Mapping[str, object]) -> str:  # noqa: ARG002
        """Have no options to be wrong."""
        return ""


CONNECTOR = JsonApi()
