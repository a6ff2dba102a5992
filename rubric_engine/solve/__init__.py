"""One solver: facts under which a condition holds, the least and the most, the smallest change that reaches a wish."""
