"""The domain, read in the order the product runs.

story -> planning -> prompts -> staging -> takes -> store -> gate -> board -> exports

Nothing in here imports ComfyUI; only :mod:`.gate.measure` and
:mod:`.tensors` import torch.
"""
