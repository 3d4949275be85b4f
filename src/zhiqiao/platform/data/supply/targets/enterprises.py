"""The register of enterprises of a survey from a table; the trail and the preview hold what the file says, no more."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from zhiqiao.platform.data.models import EnterpriseSize, Industry, SurveyedEnterprise
from zhiqiao.platform.data.supply.cells import BadCell, text
from zhiqiao.platform.data.supply.importing import Draft
from zhiqiao.platform.data.supply.labels import ENTERPRISE_LABELS
from zhiqiao.platform.data.supply.targets.naming import Named, differs, folded
from zhiqiao.platform.data.survey.register import (
    EnterpriseFacts,
    folded_name,
    is_credit_code,
    own_enterprises,
    save_enterprise,
)
from zhiqiao.platform.governance.api import Actor

__all__ = ["OwnEnterprises"]

_TEXTS = {"place": 60, "contact_name": 60, "contact_phone": 40, "contact_email": 254}


class OwnEnterprises:
    """Enterprises that one's association may ask; a column that a file does not have is left as it is."""

    verb = "survey.enterprise"
    vocabulary = "enterprise_columns.csv"
    required = ("name",)

    def __init__(self, actor: Actor) -> None:
        rows = own_enterprises(actor)
        self._by_name = {row.folded_name: row for row in rows}
        self._by_code = {row.credit_code: row for row in rows if row.credit_code}
        industries = Industry.objects.order_by("sort", "key")
        self._industries = Named("industry", industries, lambda row: (row.key, row.name_zh, row.name_en))
        self._sizes = {
            folded(word): size.value
            for size in EnterpriseSize
            for word in (size.value, str(size.label), f"{size.label}企业")
        }

    def labels(self) -> Mapping[str, str]:
        """Return what the columns are called."""
        return {name: str(label) for name, label in ENTERPRISE_LABELS.items()}

    def read(self, number: int, cells: dict[str, str]) -> Draft:
        """Return what a row says of an enterprise; a known code names it even under a new name."""
        name = text(cells, "name", most=150)
        if len(folded_name(name)) < 2:
            raise BadCell("name", _("请写企业全称。"))
        code = text(cells, "credit_code", most=40).upper() if "credit_code" in cells else ""
        if code and not is_credit_code(code):
            reason = _("统一社会信用代码应为 18 位，且最后一位校验不通过；请核对或留空。")
            raise BadCell("credit_code", reason)
        known = self._by_code.get(code) or self._by_name.get(folded_name(name))
        values: dict[str, object] = {"name": name}
        if "credit_code" in cells:
            values["credit_code"] = code
        if "industry" in cells:
            values["industry"] = self._industries.named(cells["industry"]) if cells["industry"] else None
        if "size" in cells:
            values["size"] = self._size(cells["size"])
        for field, most in _TEXTS.items():
            if field in cells:
                values[field] = text(cells, field, most=most)
        return Draft(
            row=number,
            key=(known.pk if known else folded_name(name),),
            title=name,
            version=known.version if known else 0,
            values=values,
            is_changed=differs(known, values),
        )

    def write(self, actor: Actor, draft: Draft) -> None:
        """Write one enterprise; what the file does not tell stays."""
        name, code = str(draft.values["name"]), str(draft.values.get("credit_code", ""))
        known = self._by_code.get(code) or self._by_name.get(folded_name(name))
        facts = EnterpriseFacts(**{**_facts_of(known), **draft.values})  # type: ignore[arg-type]  # made in `read`
        save_enterprise(actor, known, facts, seen=draft.version, origin="file")

    def _size(self, cell: str) -> str:
        found = self._sizes.get(folded(cell), None) if cell else ""
        if found is None:
            raise BadCell("size", _("规模请写大型、中型、小型或微型，不知道就留空。"))
        return found


def _facts_of(known: SurveyedEnterprise | None) -> dict[str, object]:
    names = EnterpriseFacts.__dataclass_fields__
    return {name: getattr(known, name) for name in names} if known else {}
