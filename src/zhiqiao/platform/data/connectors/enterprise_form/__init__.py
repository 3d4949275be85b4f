"""Connector: enterprise's own form."""
