"""Checks of one leaf: its bands, points, levels, conditions and limits."""
