"""Layer 1, infrastructure 基础层: configuration, database bases, jobs, storage, telemetry."""
