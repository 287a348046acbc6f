"""The files of weights a mode needs: which they are, whether they are sound, where they come from.

Read it in this order: :mod:`.manifest` (which files; :mod:`.catalogue` adds the user's own places)
-> :mod:`.inspect` (what a file on disk is; :mod:`.headers`, :mod:`.pickles` and
:mod:`.architecture` do the reading) -> :mod:`.folder` (the models folder, what is recorded of it,
and its verification) -> :mod:`.sources` (where bytes come from: :mod:`.hub`, :mod:`.web`,
:mod:`.bucket`, a folder) -> :mod:`.fetch` (one file), :mod:`.unpack` (an archive) and :mod:`.pull`
(all of them) -> :mod:`.show` (what the user sees).

Libraries do what they do as well: huggingface_hub its whole scheme, boto3 keys, endpoints and
regions, tenacity the pauses, filelock, rich, pickletools the opcodes. Ours stayed, because tests
pin what no library in use keeps: going on across runs only with the same file (:mod:`.web`,
:mod:`.fetch`), names of pickles judged by torch's list without torch (:mod:`.pickles`), damaged
safetensors told by the byte (:mod:`.headers`), and the LoRA layers ComfyUI knows (:mod:`.lora`).
"""
