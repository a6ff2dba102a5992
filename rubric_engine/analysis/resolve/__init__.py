"""From a syntax tree to the model: names bound, types settled."""
