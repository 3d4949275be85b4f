"""`python -m tests.integration.infra.jobs.worker_process`: a real worker that knows the sample jobs."""

from __future__ import annotations

import os

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.integration.infra.jobs.child_settings"
django.setup()

import tests.integration.infra.jobs.sample_jobs  # noqa: E402, F401
from zhiqiao.infra.jobs.worker import Worker  # noqa: E402

worker = Worker()
worker.configure_signals()
worker.run()
