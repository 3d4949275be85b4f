"""Pages of governance: each translates the request, makes one call and renders plain values."""
