"""Tests of series, forecasts, their scores and alerts."""
