"""Words under which ComfyUI's node search finds a node, besides its name.

ComfyUI 0.3.75, the oldest one supported, searches names only; newer ones ask the schema.
"""

from __future__ import annotations

from dataclasses import fields

from comfy_api.latest import io

_PACK = ("storyboard", "aldar", "comic")
WORDS: dict[str, tuple[str, ...]] = {
    "AldarPlanStory": ("logline", "shotlist", "script", "llm", "planner"),
    "AldarImportScript": ("screenplay", "fountain", "shotlist"),
    "AldarPlanVariations": ("matrix", "outfits", "poses", "character sheet"),
    "AldarPlanIdentityTest": ("consistency", "same character", "face"),
    "AldarLoadStory": ("json", "shotlist", "import"),
    "AldarCharacter": ("hero", "trigger word", "lora", "cast"),
    "AldarShowShotlist": ("shot list", "breakdown", "text"),
    "AldarDirectFrames": ("direct", "choose", "take", "retake", "reroll", "keep", "note"),
    "AldarCharacterReference": ("picture", "photo", "face", "hero", "load image"),
    "AldarFramesOpen": ("loop", "start", "begin", "for each", "board", "seed"),
    "AldarFramesClose": ("loop", "end", "for each", "board"),
    "AldarTakePrompt": ("positive", "negative", "shot"),
    "AldarTakeConditioning": ("clip text encode", "prompt"),
    "AldarTakeNoise": ("random noise", "seed"),
    "AldarTakeLatent": ("empty latent image", "size"),
    "AldarReference": ("latch", "ip-adapter", "faceid", "character", "consistency"),
    "AldarReferenceWeight": ("ip-adapter", "strength", "retry"),
    "AldarLatchSwitch": ("lazy", "reference", "if"),
    "AldarDraftPanel": ("sketch", "thumbnail", "no gpu"),
    "AldarStaging": ("openpose", "blocking", "layout", "controlnet", "pose"),
    "AldarMask": ("regional prompt", "attention mask"),
    "AldarGate": ("quality", "identity", "face", "accept", "reject", "verdict", "score"),
    "AldarCalibrateGate": ("threshold", "identity", "curve"),
    "AldarExportBoard": ("contact sheet", "pdf", "save", "report"),
    "AldarIdentityVerdict": ("consistency", "same character"),
}
"""Node id -> words; all nodes are found under those of the pack as well."""


def findable(node: type[io.ComfyNode]) -> type[io.ComfyNode]:
    """The node, its schema with the words where this ComfyUI has a place for them."""
    if "search_aliases" not in {field.name for field in fields(io.Schema)}:
        return node

    def define_schema(cls: type[io.ComfyNode]) -> io.Schema:
        schema = node.define_schema()
        schema.search_aliases = [*_PACK, *WORDS.get(schema.node_id, ())]  # pyright: ignore
        return schema

    members = {name: getattr(node, name) for name in ("__module__", "__qualname__", "__doc__")}
    return type(node.__name__, (node,), members | {"define_schema": classmethod(define_schema)})
