"""A person sends a file on the import page: the way every source has; see `views.imports`."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from zhiqiao.platform.data.connectors.contract import Option


class Upload:
    """File upload with a look at the columns before anything is read in."""

    name: str = "upload"
    sort: int = 10
    label = _("上传文件")
    about = _("在“导入招聘信息”页面选择文件，核对各列后读入；每个来源都可以用，不需要设置。")
    is_automatic: bool = False
    options: tuple[Option, ...] = ()

    def fault(self, options: Mapping[str, object]) -> str:  # noqa: ARG002
        """Have no options to be wrong."""
        return ""


CONNECTOR = Upload()
