"""The ``aldar`` command: what is typed, and what is answered."""
