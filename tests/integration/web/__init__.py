"""Tests that mirror the source tree."""
