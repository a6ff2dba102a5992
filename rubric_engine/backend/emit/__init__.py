"""A plan as straight-line Python on integers."""
