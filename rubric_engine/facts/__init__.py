"""From a submission to facts: types, registers, evidence, folded names, problems. Standard library only."""
