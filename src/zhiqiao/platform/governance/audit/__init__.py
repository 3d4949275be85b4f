"""The audit trail: writing sealed entries, and finding what was tampered with."""

from __future__ import annotations

from zhiqiao.platform.governance.audit.verify import Fault, Verdict, verify_audit
from zhiqiao.platform.governance.audit.write import RETENTION_DAYS, AuditBrokenError, audit, audit_head

__all__ = ["RETENTION_DAYS", "AuditBrokenError", "Fault", "Verdict", "audit", "audit_head", "verify_audit"]
