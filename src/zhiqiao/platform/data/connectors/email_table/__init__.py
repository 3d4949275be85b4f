"""Connector: tables in e-mail."""
