"""One description per workflow; ``python -m build`` in ``workflows/`` writes the files."""
