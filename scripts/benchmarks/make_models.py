#!/usr/bin/env python3
"""Full-size models with seeded random weights in diffusers' folder layout, for benchmarks: nothing is downloaded.

    make_models.py CACHE [NAME ...]       makes what is missing of CACHE/models/NAME and prints each folder

Every number comes from a generator seeded by the name of its tensor and is drawn in float32 before it is cast, so all element
types of a model hold the same numbers up to rounding. A weight has the variance that keeps a signal's size (1 / inputs), so
activations stay finite in float16 and bfloat16 too. Tokenizers and schedulers are those of the golden models (775 words).
"""
from __future__ import annotations

import json
import os
import shutil
import sys
import zlib
from pathlib import Path

GOLDENS = Path(__file__).resolve().parents[2] / "src/test/resources/goldens/models"

CLIP_L = dict(cls="CLIPTextModel", hidden_size=768, intermediate_size=3072, num_hidden_layers=12, num_attention_heads=12,
              hidden_act="quick_gelu", projection_dim=768)
CLIP_G = dict(cls="CLIPTextModelWithProjection", hidden_size=1280, intermediate_size=5120, num_hidden_layers=32,
              num_attention_heads=20, hidden_act="gelu", projection_dim=1280)
KL = dict(down_block_types=["DownEncoderBlock2D"] * 4, up_block_types=["UpDecoderBlock2D"] * 4, block_out_channels=[128, 256, 512, 512],
          layers_per_block=2, latent_channels=4, norm_num_groups=32)

FAMILIES = {
    "sd15": {
        "golden": "sd1",
        "unet": dict(sample_size=64, cross_attention_dim=768, attention_head_dim=8),
        "vae": dict(KL, sample_size=512, scaling_factor=0.18215),
        "text_encoder": CLIP_L,
    },
    "sdxl": {
        "golden": "sdxl",
        "unet": dict(sample_size=128, cross_attention_dim=2048, attention_head_dim=[5, 10, 20], block_out_channels=[320, 640, 1280],
                     down_block_types=["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
                     up_block_types=["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"],
                     transformer_layers_per_block=[1, 2, 10], use_linear_projection=True, addition_embed_type="text_time",
                     addition_time_embed_dim=256, projection_class_embeddings_input_dim=2816),
        "vae": dict(KL, sample_size=1024, scaling_factor=0.13025, force_upcast=True),
        "text_encoder": CLIP_L,
        "text_encoder_2": CLIP_G,
    },
}
DTYPES = {"fp32": "float32", "fp16": "float16", "bf16": "bfloat16"}
NAMES = [f"{family}-{dtype}" for family in FAMILIES for dtype in DTYPES]
DEFAULT_NAMES = ["sd15-fp32", "sd15-fp16", "sd15-bf16", "sdxl-bf16"]


def empty_model(part: str, settings: dict):
    """A part with its full-size shapes and no numbers."""
    import diffusers
    import torch
    import transformers
    settings = dict(settings)
    if "cls" in settings:
        cls = getattr(transformers, settings.pop("cls"))
        make_part = lambda: cls(transformers.CLIPTextConfig(vocab_size=49408, max_position_embeddings=77, bos_token_id=0, eos_token_id=2, **settings))
    else:
        cls = {"unet": diffusers.UNet2DConditionModel, "vae": diffusers.AutoencoderKL}[part]
        make_part = lambda: cls(**settings)
    with torch.device("meta"):
        return make_part()


def fill(model, part: str, dtype) -> None:
    """Uniform numbers: of variance 1 / inputs for weights, near one for norms, near zero for biases."""
    import torch
    filled = {}
    for name, parameter in model.named_parameters():
        generator = torch.Generator().manual_seed(zlib.crc32(f"{part}.{name}".encode()))
        numbers = torch.rand(parameter.shape, generator=generator).sub_(0.5)
        if parameter.ndim == 1:
            numbers.mul_(0.1)
            if "norm" in name and name.endswith("weight"):
                numbers.add_(1)
        else:
            numbers.mul_((12 / parameter[0].numel()) ** 0.5)
        filled[name] = numbers.to(dtype)
    model.load_state_dict(filled, assign=True)


def make(folder: Path, family: str, dtype_name: str) -> None:
    import torch
    parts = dict(FAMILIES[family])
    golden = GOLDENS / parts.pop("golden")
    work = folder.with_name(folder.name + ".part")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    for part, settings in parts.items():
        print(f"making {folder.name}/{part}", file=sys.stderr, flush=True)
        model = empty_model(part, settings)
        fill(model, part, getattr(torch, DTYPES[dtype_name]))
        model.save_pretrained(work / part, safe_serialization=True)
        del model
    shutil.copy(golden / "model_index.json", work)
    for item in golden.iterdir():
        if item.name.startswith(("tokenizer", "scheduler")):
            shutil.copytree(item, work / item.name)
    os.rename(work, folder)


def ensure(cache: Path, names: list[str]) -> None:
    """Makes those of the named models that are missing; an unfinished folder has another name and is made anew."""
    for name in names:
        folder = cache / "models" / name
        if not folder.is_dir():
            family, dtype = name.split("-")
            make(folder, family, dtype)


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] in ("-h", "--help"):
        print(__doc__.strip() + "\n\nNames: " + " ".join(NAMES) + "\nDefault: " + " ".join(DEFAULT_NAMES))
        return 0
    cache, names = Path(arguments[0]), arguments[1:] or DEFAULT_NAMES
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        print(f"There is no model {unknown[0]}; choose from {', '.join(NAMES)}.", file=sys.stderr)
        return 2
    ensure(cache, names)
    for name in names:
        print(cache / "models" / name)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
