"""The gate: named scores, each pass, fail or not measurable, and one verdict from them."""

from .anomaly import anomaly_score, perceptual_hash
from .verdict import Outcome, Score, Verdict

__all__ = ["Outcome", "Score", "Verdict", "anomaly_score", "perceptual_hash"]
