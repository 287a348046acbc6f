"""Features of references, computed once and kept with the model that made them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

T = TypeVar("T")

KEPT = 256
"""Features per model; the oldest unused go first."""
_known: WeakKeyDictionary[Any, OrderedDict[str, Any]] = WeakKeyDictionary()


def remember(model: Any, key: str, compute: Callable[[], T]) -> T:
    """What ``compute`` gave for this model and key before, or gives now.

    :param model: kept alive by its user, not by this memory.
    :param key: content hash of the picture and what was taken from it.
    """
    features = _known.setdefault(model, OrderedDict())
    if key not in features:
        features[key] = compute()
    features.move_to_end(key)
    while len(features) > KEPT:
        features.popitem(last=False)
    return features[key]
