"""Collaborative governance 协同治理: people, organisations, permission, audit, notices."""
