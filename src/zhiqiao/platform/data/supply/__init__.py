"""Supply side and regional facts: what schools train, enterprises plan and statistics say; each noun in its module."""
