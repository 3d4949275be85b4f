"""Background jobs, their progress, schedule and the outbox of events; no broker needed."""
