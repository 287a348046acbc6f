"""Everything that needs torch: the only place under ``storyboard/`` that may import it."""
