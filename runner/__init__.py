"""The ``aldar`` command: finds or starts ComfyUI, runs a workflow of this pack, brings the board.

Read it as a run goes: :mod:`.main` (commands) -> :mod:`.board` (the recipe) -> :mod:`.comfyui`
(which ComfyUI) -> :mod:`.process` (start, stop; :mod:`.launch` runs inside) -> :mod:`.client`
(HTTP and websocket) -> :mod:`.graph` (workflow, preflight) -> :mod:`.follow` (events) ->
:mod:`.progress` (what the user sees) -> :mod:`.collect` (the board on this disk). Beside it stand
:mod:`.models` (the files of weights) and the other commands.
"""
