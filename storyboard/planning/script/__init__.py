"""Planning from a screenplay: its scenes and lines become shots."""
