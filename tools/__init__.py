"""Tools of this project's own: what is generated from its code, and the map of its rooms."""
