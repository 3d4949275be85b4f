"""Data integration 数据集成: shared nouns of the loop, imports, the lake and evidence."""
