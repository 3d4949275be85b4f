"""Password rules in our words where Django's Chinese catalogue has none or names a field in English."""

from __future__ import annotations

from django.contrib.auth import password_validation as rules
from django.utils.translation import gettext as _


class LengthValidator(rules.MinimumLengthValidator):
    """A password has at least so many characters."""

    def get_error_message(self) -> str:
        """Say how long it must be."""
        return _("密码太短，至少要 %(count)s 个字符。") % {"count": self.min_length}


class SimilarityValidator(rules.UserAttributeSimilarityValidator):
    """A password is not the person's name or address over again."""

    def get_error_message(self) -> str:
        """Say what it is too close to, without naming the field."""
        return _("密码与您的用户名、姓名或邮箱太相似。")
