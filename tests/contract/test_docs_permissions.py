"""The manual's table of permissions is the one the code uses."""

from __future__ import annotations

from pathlib import Path

from zhiqiao.platform.governance.access.guide import permissions_page

PAGE = Path(__file__).parents[2] / "docs" / "guide" / "permissions.md"


def test_the_permissions_page_is_current():
    assert PAGE.read_text(encoding="utf-8") == permissions_page(), (
        "write it anew: zhiqiao.platform.governance.access.guide.permissions_page()"
    )
