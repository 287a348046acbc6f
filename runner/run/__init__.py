"""From what was asked for to a board: graph, checks, queue, result."""
