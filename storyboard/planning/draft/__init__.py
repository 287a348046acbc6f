"""Drafts: what a language model or a script writes, made into a story."""
