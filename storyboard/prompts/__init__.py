"""Prompts: what the text encoders get of a shot, within CLIP's token budget."""
