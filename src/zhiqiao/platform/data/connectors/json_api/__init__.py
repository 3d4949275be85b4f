"""Connector: JSON API."""
