"""Demand over time: monthly series, forecasts and their scores, alerts of changes."""
