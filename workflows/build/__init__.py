"""One description per workflow; ``python -m aldar_storyboard.workflows.build`` writes the files."""
