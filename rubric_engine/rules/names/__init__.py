"""What names stand for: facts, registers, tables, definitions, figures."""
