"""The domain, read in the order the product runs.

story -> planning -> prompts -> staging -> takes -> gate -> frames -> board -> exports, evaluate

Nothing in here imports ComfyUI; only :mod:`.gate.measure` and :mod:`.tensors` import torch.
"""
