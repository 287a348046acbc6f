"""What editors and artists work with: a film, timelines, a Storyboarder project."""
