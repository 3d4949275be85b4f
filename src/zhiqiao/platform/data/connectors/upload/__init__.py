"""Connector: file upload."""
