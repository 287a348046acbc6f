"""Tensors: between ComfyUI's images, latents and conditioning, and what the stages speak.

With :mod:`..gate.measure` the only room that imports torch.
"""
