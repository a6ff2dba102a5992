"""Declarations: inputs, parameters and lets, lists of levels, and what stands in for a fact."""
