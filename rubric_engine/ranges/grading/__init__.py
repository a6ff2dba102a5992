"""Grade tables over ranges. Standard library only."""
