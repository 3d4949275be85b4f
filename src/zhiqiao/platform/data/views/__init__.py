"""Pages of the industry data: imports and sources, postings and posts, skills, evidence."""
