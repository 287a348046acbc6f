"""Frames: which take to make next, what becomes of it, and where it is kept."""
