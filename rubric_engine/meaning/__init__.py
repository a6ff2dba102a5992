"""Exact numbers: rounding, growth, states, limits of work, what a reading observes. Standard library only."""
