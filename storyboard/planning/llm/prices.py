"""What a story cost: tokens times the price of the model.

``prices.json`` holds list prices in US dollars per million tokens; the user's ``config.toml``
may add or replace models (:mod:`.config`). Prices change: a model without one costs ``None``,
never a guess.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ... import config
from ...errors import InputError
from ...story import field_errors


class Price(BaseModel):
    """US dollars per million tokens."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    input: float = Field(ge=0)
    output: float = Field(ge=0)


NOTHING = Price(input=0, output=0)
"""Of a model that runs in a server of our own."""


@lru_cache(maxsize=1)
def _shipped() -> dict[str, dict[str, float]]:
    text = Path(__file__).with_name("prices.json").read_text("utf-8")
    return json.loads(text)["models"]


_SNAPSHOT = re.compile(r"-(\d{4}-\d{2}-\d{2}|\d{8})$")


def of(model: str) -> Price | None:
    """The price of a model, also of one of its dated snapshots; ``None`` if unknown.

    :raises InputError: ``profile_invalid`` if the user's price is not two numbers.
    """
    listed = dict(_shipped())
    origin: dict[str, str] = {}
    for where, table in config.tables("prices").items():
        listed |= table
        origin |= dict.fromkeys(table, where)
    name = model.lower().removeprefix("models/")
    for key in (model, name, _SNAPSHOT.sub("", name)):
        if key not in listed:
            continue
        try:
            return Price.model_validate(listed[key])
        except ValidationError as error:
            raise InputError(
                "profile_invalid",
                f"The price of {key!r} in {origin[key]} cannot be used: "
                f"{'; '.join(field_errors(error))}.",
                f"Under [prices.{json.dumps(key)}] write input and output, "
                "US dollars per million tokens.",
            ) from None
    return None


def cost(price: Price | None, prompt_tokens: int, completion_tokens: int) -> float | None:
    """US dollars, or ``None`` without a price."""
    if price is None:
        return None
    return round((prompt_tokens * price.input + completion_tokens * price.output) / 1e6, 6)
