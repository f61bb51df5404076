"""Group I: networks whose weights are stored in 8-bit floats and cast when they are used (enable_layerwise_casting)."""
import json

from common import ROOT, normal
from write import write_case


def make(tree):
    ref = lambda k: {"$tensor": f"in.{k}"}
    casting = {"storage_dtype": "float8_e4m3fn"}
    chosen = {"storage_dtype": "float8_e5m2", "skip_modules_pattern": ["norm", "^conv_in$", "down_blocks.1"],
              "skip_modules_classes": ["Embedding"]}

    for model, how in (("sd1", casting), ("sd2", chosen)):
        cross = json.loads((ROOT / tree / "models" / model / "unet/config.json").read_text())["cross_attention_dim"]
        tensors = {"sample": normal((1, 4, 8, 12), tree, model, "cast sample"), "text": normal((1, 77, cross), tree, model, "cast text")}
        run = {"sample": ref("sample"), "timestep": 321, "encoder_hidden_states": ref("text")}
        write_case(tree, f"I_layerwise_unet_{model}",
                   {"group": "I", "kind": "unet", "model": f"{model}/unet", "layerwise_casting": how, "runs": [run]}, tensors)

    tensors = {"image": normal((1, 3, 24, 32), tree, "cast image", std=0.5).clamp(-1, 1), "latents": normal((1, 4, 3, 4), tree, "cast latents")}
    write_case(tree, "I_layerwise_vae_sd1",
               {"group": "I", "kind": "vae", "class": "AutoencoderKL", "model": "sd1/vae", "layerwise_casting": casting,
                "runs": [{"op": "encode", "input": ref("image")}, {"op": "decode", "input": ref("latents")}]}, tensors)

    from transformers import CLIPTokenizer

    tokenizer = CLIPTokenizer.from_pretrained(ROOT / tree / "models/sd1/tokenizer")
    ids = tokenizer(["a red square"], padding="max_length", max_length=77, truncation=True, return_tensors="pt").input_ids
    for name, how in (("", casting), ("_chosen", {**chosen, "skip_modules_pattern": ["norm", "layers.1"]})):
        write_case(tree, f"I_layerwise_text_sd1{name}",
                   {"group": "I", "kind": "text_encoder", "model": "sd1/text_encoder", "class": "CLIPTextModel",
                    "layerwise_casting": how}, {"input_ids": ids})
