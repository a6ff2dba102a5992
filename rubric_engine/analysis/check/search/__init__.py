"""What a check asks for: facts that make a fault real, found, scored and told."""
