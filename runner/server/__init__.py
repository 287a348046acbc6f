"""ComfyUI: which one, how it is started, and how it is spoken to."""
