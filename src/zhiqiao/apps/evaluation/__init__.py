"""Weights of indicators by expert judgement: studies, invited experts, rounds, results."""
