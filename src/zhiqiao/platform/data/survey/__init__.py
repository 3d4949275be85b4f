"""Post surveys of associations: register, questionnaires, samples, links, answers, statistics, visits, report."""
