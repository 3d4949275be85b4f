"""Settings of a worker process that a test starts: the test's database, nothing else differs."""

from __future__ import annotations

import os

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES

DATABASES["default"]["NAME"] = os.environ["ZHIQIAO_TEST_CHILD_DATABASE"]
