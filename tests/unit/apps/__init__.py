"""Tests of the application domains without a database."""
