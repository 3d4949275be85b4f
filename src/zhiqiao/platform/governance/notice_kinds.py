"""The kinds of notices that governance sends."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhiqiao.platform.governance.notices import register_notice_kind

register_notice_kind("people.role_granted", _("新的角色"), _("您在%(organisation)s有了新的角色。"))
register_notice_kind("people.joined", _("有人加入"), _("%(name)s接受邀请，加入了%(organisation)s。"))
