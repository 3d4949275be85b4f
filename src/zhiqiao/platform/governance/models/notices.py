"""In-app notices with a read state, and each person's choice per kind."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from zhiqiao.infra.db import BaseModel, levels
from zhiqiao.platform.governance.access import ScopeFields
from zhiqiao.platform.governance.models.people import User


class Notice(BaseModel):
    """One message to one person; `kind` and `values` become text in the reader's language."""

    data_levels = levels("internal", personal=("user", "values"))
    scope_fields = ScopeFields(owner="user_id", root="")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40, db_index=True)
    values = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True, default="")
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user", "read_at", "-created_at"], name="notice_inbox")]

    def __str__(self) -> str:
        return self.kind


class NoticeChoice(BaseModel):
    """Whether a person wants a kind of notice in the app and by mail (mail is off unless chosen)."""

    data_levels = levels("internal", personal=("user",))
    scope_fields = ScopeFields(owner="user_id", root="")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notice_choices")
    kind = models.CharField(max_length=40)
    in_app = models.BooleanField(default=True)
    by_mail = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "kind"], name="notice_choice_once")]

    def __str__(self) -> str:
        return self.kind
