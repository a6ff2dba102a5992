"""The syntax tree: what the author wrote, nothing resolved."""
