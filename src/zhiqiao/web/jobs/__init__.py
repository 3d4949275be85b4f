"""Pages of background work; they live here because the queue itself knows neither people nor permission."""
