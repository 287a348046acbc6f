"""Planning by a language model: a profile names it, its answer becomes a story."""
