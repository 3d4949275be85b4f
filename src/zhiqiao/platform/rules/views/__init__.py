"""Pages of the rule book, of checks and of waivers."""
