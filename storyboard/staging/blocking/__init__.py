"""Blocking: who and what stands where, in which pose, seen by which camera; no pixel yet."""
