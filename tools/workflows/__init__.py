"""One description per workflow."""
