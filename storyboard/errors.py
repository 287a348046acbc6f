"""Every failure of the product, in one tree.

AldarError
├── InputError        what the user gave cannot be used       (logline, story, options)
├── PlanningError     the planner could not make a story      (endpoint, key, answer)
├── StoreError        files cannot be read or written         (disk, lock, damage)
├── LoopError         the frame loop is not wired as a loop   (workflow edited by hand)
├── FrameError        a take could not be made or judged      (image, memory)
└── RunnerError       ComfyUI could not be set up or driven   (start, graph, death)

An error carries a stable ``code`` (see :data:`CODES`), a message that says what failed and
why, and a hint that says what to do. The command line prints all three and exits with
:attr:`AldarError.exit_code`; a node raises it and ComfyUI shows ``str(error)``.
"""

from __future__ import annotations

CODES: dict[str, str] = {
    "logline_empty": "the logline holds no words",
    "logline_too_long": "the logline is longer than a logline may be",
    "frames_out_of_range": "the number of frames is outside 1-60",
    "story_invalid": "a story file or plan does not fit the story schema",
    "option_invalid": "a command-line option or node input has a value that cannot be used",
    "folder_outside": "a folder or file named by a workflow lies outside ComfyUI's folders",
    "folder_unwritable": "a folder cannot be created or written",
    "disk_full": "the disk has no room for the next file",
    "store_locked": "another run is working on the same board folder",
    "store_damaged": "a file of the board does not hold what was written",
    "shots_unclear": "directions cannot be told to the shots of a changed story",
    "loop_open": "the frame loop has no matching open and close node",
    "loop_nested": "a frame loop stands inside another one",
    "loop_lost": "a node of the loop was run outside its run",
    "image_unusable": "the loop body gave something that is not one image",
    "reference_missing": "a node asks for a reference that no frame has given yet",
    "picture_unusable": "a file is no picture, or one that cannot be read",
    "reference_unusable": "the pictures of the characters do not fit the story",
    "calibration_unusable": "a calibration of the gate is missing, damaged or cannot be made",
    "planner_unknown": "no planner or profile of that name is configured",
    "profile_invalid": "the configuration of planner profiles or prices cannot be used",
    "key_missing": "a planner profile has no key for its endpoint",
    "key_rejected": "the endpoint of a planner profile does not take its key",
    "planner_unreachable": "the endpoint of a planner profile cannot be reached",
    "planner_timeout": "the endpoint of a planner profile did not answer in time",
    "planner_failed": "the endpoint of a planner profile answered with an error",
    "planner_no_model": "the model file of a planner profile is not there",
    "planner_died": "the model server that was started for a plan did not start, or ended",
    "planning_refused": "the language model declined to write the story",
    "planning_unusable": "the language model wrote nothing that makes a story",
    "script_invalid": "a script holds no scene that can be drawn",
    "comfyui_missing": "no ComfyUI can be found or set up",
    "comfyui_start": "ComfyUI did not start",
    "comfyui_died": "ComfyUI ended while it was working",
    "server_unreachable": "no ComfyUI answers at the given address",
    "server_refused": "a ComfyUI server, or a proxy before it, does not let us do something",
    "board_elsewhere": "the takes of a board are not where it is to be worked on",
    "port_taken": "the chosen port is in use",
    "graph_unfit": "the workflow does not fit this ComfyUI",
    "not_ready": "node packs or model files that a mode needs are missing or will not do",
    "gpu_too_small": "the GPU has less memory than the mode needs",
    "run_failed": "ComfyUI reported an error while running the workflow",
    "out_of_memory": "the GPU or the machine has no room for the next step",
    "board_incomplete": "the run ended without a whole board",
    "source_invalid": "an address of a model file cannot be used",
    "model_unavailable": "a model file cannot be had from any of its sources",
    "model_wrong": "a model file does not hold what it should",
    "file_in_the_way": "a file of the user stands where a model file belongs",
    "licence_not_accepted": "the licence of a model file has to be accepted first",
    "models_locked": "another pull is working on the same models folder",
    "records_damaged": "the record of what was pulled cannot be read",
    "node_failed": "a node stopped on something it is not made for",
    "interrupted": "the run was interrupted",
    "package_missing": "a Python package that this step needs is not installed",
    "internal": "an error of this program",
}
"""Code -> meaning. A test checks that every code is raised, and every raised code is here."""


class AldarError(Exception):
    """Base of every error the product raises on purpose.

    :param code: a key of :data:`CODES`.
    :param message: what failed and why, one or two sentences.
    :param hint: what the user can do about it.
    """

    exit_code = 1

    def __init__(self, code: str, message: str, hint: str) -> None:
        if code not in CODES:
            raise ValueError(f"unregistered error code: {code}")
        super().__init__()
        self.code = code
        self.say(message, hint)

    def say(self, message: str, hint: str) -> None:
        """Put other words to the same failure.

        Half a surrogate pair, which text from strangers may hold, becomes ``\\udc80``: a log that
        cannot encode it would fail, and ComfyUI's whole queue with it.
        """
        self.message, self.hint = _printable(message), _printable(hint)
        self.args = (f"{self.message} {self.hint}".strip(),)

    def as_dict(self) -> dict[str, str]:
        """``{"code", "message", "hint"}``, the shape ``aldar --json`` prints."""
        return {"code": self.code, "message": self.message, "hint": self.hint}


def _printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


class InputError(AldarError):
    """What the user gave cannot be used."""

    exit_code = 2


class PlanningError(AldarError):
    """The planner could not make a story."""


class StoreError(AldarError):
    """Files cannot be read or written: takes, boards, whatever is kept."""


class LoopError(AldarError):
    """The frame loop is not wired as a loop."""


class FrameError(AldarError):
    """A take could not be made or judged."""


class RunnerError(AldarError):
    """ComfyUI could not be set up or driven."""
