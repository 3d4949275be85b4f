"""What tests need from the machine: missing means skipped, or failed where it is required."""

from __future__ import annotations

import os

import pytest


def require_or_skip(name: str, reason: str) -> None:
    """Skip the test for want of `name`; fail it when ZHIQIAO_REQUIRE (comma-separated) says it must run."""
    if name in os.environ.get("ZHIQIAO_REQUIRE", "").split(","):
        pytest.fail(f"{name} is required: {reason}")
    pytest.skip(f"{name}: {reason}")
