"""Contact data is masked before anything is stored, in whichever column and also in quarantine."""

from __future__ import annotations

import pytest

from tests.integration.platform.data.conftest import (  # noqa: F401
    HEADER,
    import_file,
    pack,
    skills,
    skills_world,
    upload,
)
from zhiqiao.infra import storage
from zhiqiao.platform.data.models import JobPosting

ROWS = (
    "Python工程师,甲公司13812345678,任职要求：熟练掌握Python。,成都,8-12K,2026-01-05\n"
    "文员13987654321,乙公司 a.b@corp.com,,成都,电话13712345678,2026-01-05,多出来的13612345678\n"
)
SECRETS = ("13812345678", "13987654321", "a.b@corp.com", "13712345678", "13612345678")


@pytest.mark.django_db(transaction=True)
def test_no_contact_reaches_rows_lake_or_quarantine(alice, import_file):  # noqa: F811
    done = import_file(alice, HEADER + ROWS)
    assert done.state == "live"
    stored = "".join(f"{row.title} {row.company}" for row in JobPosting.objects.all())
    folder = storage.import_folder(done.uuid)
    stored += (folder / "rejected.csv").read_text(encoding="utf-8-sig")
    assert "文员" in stored
    assert [secret for secret in SECRETS if secret in stored] == []
    raw = b"".join(path.read_bytes() for path in folder.iterdir())
    assert [secret for secret in SECRETS if secret.encode() in raw] == []
    assert not storage.upload_path(done.uuid).exists()
