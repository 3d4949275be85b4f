"""What the web package itself offers to the shell: the background work, for those who look after the system."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhiqiao.infra.ui.shell_types import NavItem

NAVIGATION = [NavItem("", _("后台任务"), "jobs:index", "system.read", icon="list-checks", order=85)]
