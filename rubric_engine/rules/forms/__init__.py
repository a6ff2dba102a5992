"""Scoring forms, clauses and rows: each resolved and lowered in its own file."""
