"""Typed settings from the environment, read once; a wrong value stops the start with its name."""

from __future__ import annotations

import secrets
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Config(BaseSettings):
    """Every setting of the product; the environment name is the field name with the prefix ZHIQIAO_."""

    model_config = SettingsConfigDict(env_prefix="ZHIQIAO_", env_file=".env", extra="ignore")

    data: Path = Field(Path("data"), description="Data folder: database, uploads, lake, secrets.")
    host: str = Field("127.0.0.1", description="Address the web server listens on.")
    port: int = Field(8000, ge=1, le=65535, description="Port the web server listens on.")
    web_workers: int = Field(1, ge=1, le=64, description="Web worker processes.")
    demo: bool = Field(
        False, description="Demo mode: loads the demo people of the region; one-click sign-in."
    )
    region: str = Field("bazhong", pattern=r"^[a-z0-9_-]+$", description="Region pack to load.")
    region_path: Path | None = Field(None, description="Folder that holds further region packs.")
    database_url: str = Field("", description="postgresql://… ; empty means SQLite in the data folder.")
    secret_key: SecretStr = Field(
        SecretStr(""), description="Signing key; empty means one kept in the data folder."
    )
    secret_key_file: Path | None = Field(None, description="File that holds the signing key.")
    allowed_hosts: str = Field("localhost,127.0.0.1,[::1]", description="Host names served, comma-separated.")
    trusted_origins: str = Field("", description="Origins with scheme allowed to post, comma-separated.")
    tls: bool = Field(
        False, description="A reverse proxy serves TLS (X-Forwarded-Proto): secure cookies, HSTS, redirect."
    )
    trusted_proxies: int = Field(
        0, ge=0, le=9, description="Reverse proxies in front whose X-Forwarded-For names the visitor."
    )
    debug: bool = Field(False, description="Developer mode; never in production.")
    session_idle_minutes: int = Field(30, ge=1, le=1440, description="Idle minutes until a session ends.")
    login_failures: str = Field(
        "5/15m/key", description="Allowed sign-in failures per account (allauth rate)."
    )
    require_admin_totp: bool = Field(
        True, description="Platform administrators must use a one-time code (TOTP); never asked in demo mode."
    )
    upload_max_mb: int = Field(1024, ge=1, description="Largest uploaded file, MiB.")
    mail_host: str = Field("", description="Mail server; empty means no mail is sent.")
    mail_port: int = Field(25, ge=1, le=65535)
    mail_user: str = ""
    mail_password: SecretStr = SecretStr("")
    mail_from: str = "zhiqiao@localhost"
    inbox: Path | None = Field(
        None, description="Folder below which connectors watch folders; empty means inbox in the data folder."
    )
    imap_host: str = Field("", description="IMAP server of the e-mail connector (TLS); empty means none.")
    imap_port: int = Field(993, ge=1, le=65535)
    imap_user: str = ""
    imap_password: SecretStr = SecretStr("")
    job_lease_seconds: int = Field(
        15, ge=2, description="A job whose worker is silent this long starts again."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("data", "region_path", "inbox")
    @classmethod
    def _absolute(cls, value: Path | None) -> Path | None:
        return value.expanduser().absolute() if value else value

    def signing_key(self) -> str:
        """Return the signing key: from the environment, its file, or the data folder (made at first use)."""
        if self.secret_key.get_secret_value():
            return self.secret_key.get_secret_value()
        path = self.secret_key_file or self.data / "secret.key"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with path.open("x") as out:
                    path.chmod(0o600)
                    out.write(secrets.token_urlsafe(50))
            except FileExistsError:
                pass  # another process made it in the same moment; its key counts
        return path.read_text().strip()


@cache
def config() -> Config:
    """Return the settings of this process."""
    return Config()
