"""The plan: expressions, clauses, outline, what a rule reads, its text. Only shape. Standard library only."""
