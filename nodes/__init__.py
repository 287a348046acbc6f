"""Thin ComfyUI nodes, one file per stage; :mod:`.extension` lists them in flow order."""
