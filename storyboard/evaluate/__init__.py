"""Numbers about whole boards."""
