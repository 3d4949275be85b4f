"""The cast and the tiny import of the data tests, for counting queries."""

from __future__ import annotations

from tests.integration.platform.data.conftest import import_file, pack, skills, upload

__all__ = ["import_file", "pack", "skills", "upload"]
