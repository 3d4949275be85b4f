"""What may stand in the catalogue as a name or another writing, and how a key is made for a new skill."""

from __future__ import annotations

import unicodedata

from django.utils.text import slugify
from django.utils.translation import gettext as _

from zhiqiao.engines import jobmining
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.models import SkillChange
from zhiqiao.platform.data.taxonomy.overlay import OWN

__all__ = ["LONGEST", "checked", "is_risky", "new_key"]

#: Characters; the longest writing of the shipped packs has 58.
LONGEST = 60
_LONGEST_KEY = 60


def checked(text: str) -> str:
    """Return a writing with its spaces in order; Refused says what is wrong with it."""
    found = " ".join("".join(" " if sign.isspace() else sign for sign in text).split())
    if not found:
        raise Refused(_("请写出词语。"))
    if len(found) > LONGEST:
        raise Refused(
            _("词语太长（%(count)s 个字符），最多 %(limit)s 个。请只写技能的名称，不要写整句话。")
            % {"count": len(found), "limit": LONGEST}
        )
    if "|" in found or any(unicodedata.category(sign) in {"Cc", "Cs", "Co", "Cn"} for sign in found):
        raise Refused(_("词语里有不能用的字符（竖线或控制字符），请去掉。"))
    if not any(sign.isalnum() for sign in jobmining.term_key(found)):
        raise Refused(_("词语里没有文字。请写技能的名称，例如“大模型微调”。"))
    return found


def is_risky(term: str) -> bool:
    """Tell whether a writing is so short that it will be found where nobody means it."""
    return len(term.replace(" ", "")) == 1


def new_key(names: tuple[str, str], taken: set[str]) -> str:
    """Return a key that no skill of pack or database has: of the English name if it gives one, else a number."""
    for name in names:
        if name.isascii() and (slug := slugify(name)[:_LONGEST_KEY].strip("-")):
            key = f"{OWN}{slug}".replace("_", "-")
            if key not in taken:
                return key
    number = SkillChange.objects.count() + 1
    while f"{OWN}{number}" in taken:
        number += 1
    return f"{OWN}{number}"
