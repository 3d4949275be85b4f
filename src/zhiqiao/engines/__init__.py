"""Engines: pure libraries over values and Arrow batches; no Django, no network, no database."""
