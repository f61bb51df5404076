"""UNets of full size with random weights in GGUF files, one for each type that the Python package gguf writes. Usage: gguf_models.py FOLDER SIZE [TYPE ...]

SIZE is sd15 or sdxl. Writes FOLDER/config.json and FOLDER/TYPE.gguf, the same numbers in each."""
import json
import sys
import zlib
from pathlib import Path

import numpy as np
import torch
from diffusers import UNet2DConditionModel
from gguf import GGMLQuantizationType as Type

sys.path.insert(0, str(Path(__file__).parents[1] / "goldens"))
import gguf_forms

SIZES = {
    "sd15": {"block_out_channels": [320, 640, 1280, 1280], "cross_attention_dim": 768, "attention_head_dim": 8},
    "sdxl": {"block_out_channels": [320, 640, 1280], "cross_attention_dim": 2048, "attention_head_dim": [5, 10, 20],
             "down_block_types": ["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
             "up_block_types": ["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"], "transformer_layers_per_block": [1, 2, 10],
             "use_linear_projection": True, "addition_embed_type": "text_time", "addition_time_embed_dim": 256,
             "projection_class_embeddings_input_dim": 2816},
}


def numbers(name, shape):
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    if len(shape) > 1:
        return rng.standard_normal(shape, dtype=np.float32) / np.float32(np.prod(shape[1:])) ** 0.5
    return (np.ones(shape) if "norm" in name and name.endswith("weight") else np.zeros(shape)).astype(np.float32)


def main():
    folder, size, types = Path(sys.argv[1]), sys.argv[2], sys.argv[3:] or ["F16", "Q8_0", "Q5_1", "Q5_0", "Q4_1", "Q4_0"]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps({"_class_name": "UNet2DConditionModel", **SIZES[size]}))
    with torch.device("meta"):
        shapes = {name: tuple(value.shape) for name, value in UNet2DConditionModel(**SIZES[size]).state_dict().items()}
    for kind in types:
        tensors = ((name, torch.from_numpy(numbers(name, shape))) for name, shape in shapes.items())
        gguf_forms.write(folder / f"{kind}.gguf", tensors, [Type[kind]], size, rearranged=True)


if __name__ == "__main__":
    main()
