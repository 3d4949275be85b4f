"""Database settings: SQLite tuned for one machine by default, PostgreSQL by its address."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from zhiqiao.infra.config import Config


def databases(config: Config) -> dict[str, dict[str, Any]]:  # Any: Django's own shape of this setting
    """Return Django's DATABASES for the configured address."""
    (config.data / "tmp").mkdir(parents=True, exist_ok=True)  # uploads pass through it, whatever the database
    if config.database_url:
        return {"default": _postgresql(config.database_url)}
    return {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": config.data / "zhiqiao.sqlite3",
            "OPTIONS": {
                # IMMEDIATE and WAL: writers queue instead of failing, readers never wait
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;",
            },
        }
    }


def _postgresql(url: str) -> dict[str, Any]:  # Any: see above
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        msg = "ZHIQIAO_DATABASE_URL must start with postgresql://"
        raise ValueError(msg)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": {**dict(parse_qsl(parts.query)), "pool": {"min_size": 1, "max_size": 8}},
    }
