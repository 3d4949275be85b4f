"""Connector: watched folder."""
