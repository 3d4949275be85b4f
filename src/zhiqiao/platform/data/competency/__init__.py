"""Discovery of competencies over the postings of the lake, experts' edits, and frameworks with their versions."""
