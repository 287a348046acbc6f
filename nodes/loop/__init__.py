"""The frame loop: linear in the number of frames, flat in memory.

The nodes drawn between *Frames: open* and *Frames: close* are a template and never run
themselves. Close expands it step by step; a step is one copy of the template, making one take
(or one wave of takes):

* a range holds at most 32 steps (or ranges), and a collector that asks for them in order, until
  every frame is settled;
* copies never link to each other: what they share lies in a :class:`.runs.Run`, which they find
  by its id, and what comes next is decided by :class:`storyboard.frames.engine.Frames`;
* before a step starts, all traces of the settled ones before it are removed (:mod:`.prune`).

Any other shape is quadratic or worse, because ComfyUI reports every node it knows at every
step, and looks values up along chains of ancestors.
"""
