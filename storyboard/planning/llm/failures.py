"""What a request that failed means to the user: one of the errors of planning, with what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ... import config
from ...errors import PlanningError
from . import replies
from .profiles import Profile


class Failures:
    """The errors of one profile's endpoint."""

    def __init__(self, profile: Profile, hide: Callable[[str], str]) -> None:
        """:param hide: makes a short line without the key of what the endpoint said."""
        self._profile = profile
        self._hide = hide
        self.tries = 0
        """Requests sent for the present question."""

    def lost(self, error: Any, openai: Any) -> PlanningError:
        """What it means that no answer came.

        :param error: an ``APIError`` of the module ``openai``.
        """
        profile = self._profile
        if isinstance(error, openai.APITimeoutError):
            return PlanningError(
                "planner_timeout",
                f"{self.who} did not answer within {profile.timeout:g} s{self._in_tries}.",
                f"Try again, ask for fewer frames, or raise 'timeout' under {self.where}.",
            )
        if isinstance(error, openai.APIConnectionError):
            start = "Start the model's server" if profile.local else "Check the network"
            return PlanningError(
                "planner_unreachable",
                f"{self.who} cannot be reached{self._in_tries}: "
                f"{self._hide(str(error.__cause__ or error))}.",
                f"{start}, or mend 'base_url' under {self.where}.",
            )
        if isinstance(error, openai.APIStatusError):  # of the list of models
            return self.explained(error.status_code, self._hide(replies.message(error.body)))
        return self.no_protocol(str(error))

    def explained(self, status: int, said: str) -> PlanningError:
        """What an error that the endpoint told means to the user."""
        if status in (401, 403):
            return PlanningError(
                "key_rejected",
                f"{self.who} rejected the key (HTTP {status}): {said}.",
                f"Give a valid key in {self._profile.key_env or 'key'} for {self.where}; its "
                "account must be allowed to use the model.",
            )
        answered = f"HTTP {status}" if status != 200 else "with an error"
        hint = f"Check 'base_url' and 'model' under {self.where}."
        if 300 <= status < 400:
            said = "a redirect, which is not followed so that the key goes nowhere else"
            hint = f"Write the final address as 'base_url' under {self.where}."
        elif status in (402, 429):
            hint = "Wait a while, or check the limits and the credit of the account."
        elif status >= 500:
            hint = "Try again later, or use another profile."
        return PlanningError(
            "planner_failed", f"{self.who} answered {answered}{self._in_tries}: {said}.", hint
        )

    def still_loading(self, seconds: float) -> PlanningError:
        """That a server did not get its model loaded."""
        return PlanningError(
            "planner_timeout",
            f"{self.who} was still loading its model after {seconds:.0f} s.",
            "Try again when it has loaded it, or take a smaller model.",
        )

    def no_protocol(self, detail: str) -> PlanningError:
        """That something else than a language model answered."""
        return PlanningError(
            "planner_failed",
            f"{self.who} does not answer in the chat-completions protocol: {self._hide(detail)}.",
            f"Check 'base_url' under {self.where}; with most servers it ends in /v1.",
        )

    @property
    def _in_tries(self) -> str:
        return f" in {self.tries} tries" if self.tries > 1 else ""

    @property
    def who(self) -> str:
        """The endpoint, for a message."""
        return f"The planner profile {self._profile.name!r} ({self._profile.host})"

    @property
    def where(self) -> str:
        """Where its profile is written, for a message."""
        return f"[profiles.{self._profile.name}] in {config.config_file()}"
