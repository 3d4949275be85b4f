"""Composition root: settings, urls, base templates and built assets."""
