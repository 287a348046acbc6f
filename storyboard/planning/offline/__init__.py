"""Planning without a language model: the logline is read, a plot is chosen, shots are made."""
