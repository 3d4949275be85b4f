"""Settings of the tests: the product's own, over a data folder that lasts as long as the test run."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

DATA = Path(tempfile.mkdtemp(prefix="zhiqiao-tests-"))
atexit.register(shutil.rmtree, DATA, ignore_errors=True)
for name in [
    name for name in os.environ if name.startswith("ZHIQIAO_") and not name.startswith("ZHIQIAO_TEST_")
]:
    if name != "ZHIQIAO_REQUIRE":
        del os.environ[name]
os.environ |= {
    "ZHIQIAO_DATA": str(DATA),
    "ZHIQIAO_DATABASE_URL": os.environ.get("ZHIQIAO_TEST_DATABASE_URL", ""),
    "ZHIQIAO_SECRET_KEY": "a-key-for-the-tests-only-0123456789-0123456789",
    "ZHIQIAO_DEMO": "false",
    "ZHIQIAO_REQUIRE_ADMIN_TOTP": "false",  # the cast signs in by name; the rule has a test of its own
}

from zhiqiao.web.settings import *  # noqa: E402, F403
from zhiqiao.web.settings import DATABASES  # noqa: E402

DATABASES["default"]["OPTIONS"].pop("pool", None)  # a pool would keep the test database from being dropped
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {
        "NAME": str(DATA / "tests.sqlite3")
    }  # a file, so that threads can meet in it
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
