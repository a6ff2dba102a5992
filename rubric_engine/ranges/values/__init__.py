"""Intervals, sets of levels, relations between facts, and expressions over them. Standard library only."""
