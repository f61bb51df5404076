"""Group Q: quantised blocks in GGUF files. diffusers gets the numbers that the Python package gguf computes for them."""
from gguf import GGMLQuantizationType as Type

import gguf_forms
from cases_checkpoints import single_file
from common import ROOT, seed_of
from write import write_case


def make(tree):
    models = ROOT / tree / "models"
    folder = models / "gguf"
    folder.mkdir(exist_ok=True)
    gguf_forms.write_types(folder)

    def case(name, model, **extra):
        xl = model == "sdxl"
        args = {"prompt": "a red car in the street", "negative_prompt": "blurry", "num_inference_steps": 2, "guidance_scale": 4.0,
                "output_type": "np", "width": 64, "height": 64, "generator": {"$generator": seed_of(tree, "Q", model)}}
        write_case(tree, f"Q_{name}", {"group": "Q", "kind": "pipeline", "model": model, "pipeline": f"StableDiffusion{'XL' if xl else ''}Pipeline",
                                       "scheduler": {"class": "DDIMScheduler", "config": {"clip_sample": False}}, "load": {"config": model},
                                       "single_file": f"gguf/{name}.gguf", "args": args, **extra})

    # whole checkpoints of stable-diffusion.cpp
    types = {"sd1": [Type.Q8_0], "sdxl": [Type.Q4_0, Type.Q5_1, Type.Q4_1, Type.Q5_0]}
    for model, kinds in types.items():
        state = {gguf_forms.cpp_name(name): value for name, value in single_file(models / model, model == "sdxl").items()}
        state.pop("model_ema.decay")
        state.pop("conditioner.embedders.1.model.logit_scale", None)
        gguf_forms.write(folder / f"cpp_{model}.gguf", state.items(), kinds)
        case(f"cpp_{model}", model)
    # a UNet of ComfyUI-GGUF, under bare original names
    state = single_file(models / "sd1", False)
    prefix = "model.diffusion_model."
    unet = {name.removeprefix(prefix): value for name, value in state.items() if name.startswith(prefix)}
    gguf_forms.write(folder / "comfy_sd1_unet.gguf", unet.items(), [Type.Q8_0, Type.BF16, Type.Q5_1], "sd1", True)
