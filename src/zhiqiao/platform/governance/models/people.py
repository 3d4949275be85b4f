"""Accounts and invitations; a person is deactivated, never deleted, while records name them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhiqiao.infra.db import BaseModel, TenantModel, levels
from zhiqiao.platform.governance.access import ScopeFields


class UserManager(BaseUserManager["User"]):
    """Makes accounts; there is no superuser, rights come from memberships alone."""

    def create_user(self, username: str, *, password: str | None = None, **fields: object) -> User:
        """Make an account; without a password it can only be entered by invitation or reset."""
        user = self.model(username=self.model.normalize_username(username).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, BaseModel):
    """One person's account, whatever the number of memberships."""

    data_levels = levels(
        "internal", personal=("username", "display_name", "email", "last_login"), core_secret=("password",)
    )
    scope_fields = ScopeFields(owner="id", root="")

    username = models.CharField(max_length=150, unique=True)
    display_name = models.CharField(max_length=100)
    email = models.EmailField(blank=True, default="")
    language = models.CharField(max_length=10, default="zh-hans")
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)
    deactivated_at = models.DateTimeField(null=True, blank=True)
    last_membership = models.ForeignKey(
        "governance.Membership", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]
    objects = UserManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("username"), name="user_username_once"),
            models.UniqueConstraint(Lower("email"), name="user_email_once", condition=~models.Q(email="")),
        ]

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_full_name(self) -> str:
        """Return the name shown to others."""
        return self.display_name


class Invitation(TenantModel):
    """A one-time link that lets a person join an organisation in a role, or set a new password."""

    data_levels = levels(
        "internal", personal=("email", "display_name", "user", "invited_by"), core_secret=("token_hash",)
    )
    scope_fields = ScopeFields(owner="invited_by_id", path="organisation__path")

    class Purpose(models.TextChoices):
        """What the link is for."""

        JOIN = "join", _("加入机构")
        RESET = "reset", _("重设密码")

    token_hash = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=10, choices=Purpose, default=Purpose.JOIN)
    organisation = models.ForeignKey(
        "governance.Organisation", null=True, on_delete=models.CASCADE, related_name="+"
    )
    role = models.CharField(max_length=32, blank=True, default="")
    display_name = models.CharField(max_length=100, blank=True, default="")
    email = models.EmailField(blank=True, default="")
    user = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.CASCADE, related_name="invitations"
    )
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(models.Q(purpose="join", organisation__isnull=False) & ~models.Q(role=""))
                | models.Q(purpose="reset", user__isnull=False),
                name="invitation_names_its_aim",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.role}"
