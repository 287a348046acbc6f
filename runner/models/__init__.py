"""The files of weights a mode needs: which they are, whether they are sound, where they come from.

Read it in this order: :mod:`.manifest` (which files; :mod:`.catalogue` adds the user's own places)
-> :mod:`.inspect` (what a file on disk is; :mod:`.headers`, :mod:`.pickles` and
:mod:`.architecture` do the reading) -> :mod:`.folder` (the models folder, and what is recorded of
it) -> :mod:`.sources` (where bytes come from: :mod:`.streams`, :mod:`.web`, :mod:`.bucket`) ->
:mod:`.fetch` (one file), :mod:`.unpack` (an archive) and :mod:`.pull` (all of them) ->
:mod:`.verify` -> :mod:`.show` and :mod:`.commands` (what the user sees and types).
"""
