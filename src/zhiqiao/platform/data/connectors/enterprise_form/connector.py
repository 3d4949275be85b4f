"""An enterprise writes its postings in a form; each published version is one row of an import; see `vacancies`."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from zhiqiao.platform.data.connectors.contract import Option


class EnterpriseForm:
    """The enterprise's own form with drafts, publishing and closing."""

    name: str = "enterprise_form"
    sort: int = 20
    label = _("企业填报表单")
    about = _("企业人事在“本企业岗位”页面填写、发布、关闭岗位；第一次发布时自动设置。")
    is_automatic: bool = False
    options: tuple[Option, ...] = ()

    def fault(self, options: Mapping[str, object]) -> str:  # noqa: ARG002
        """Have no options to be wrong."""
        return ""


CONNECTOR = EnterpriseForm()
