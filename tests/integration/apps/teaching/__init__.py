"""Training plans with a database: editing together, versions, pages, the demo."""
