"""Checks of headings together: sums, weights, what a group can come to."""
