"""The frame loop: linear in the number of frames, flat in memory.

The nodes drawn between *Frames: open* and *Frames: close* are a template and never run
themselves. Close expands it once for every take:

* a range holds at most 32 frames (or ranges), and a collector that asks for them in order;
* a frame expands to a copy of the template; a rejected take to one more copy;
* copies of different frames never link to each other: what they share lies in a
  :class:`.runs.Run`, which they find by its id;
* before a frame starts, all traces of the frame before it are removed (:mod:`.prune`).

Any other shape is quadratic or worse, because ComfyUI reports every node it knows at every
step, and looks values up along chains of ancestors.
"""
