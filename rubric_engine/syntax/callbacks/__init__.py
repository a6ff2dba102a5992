"""Callbacks of the grammar: words of a line to syntax nodes."""
