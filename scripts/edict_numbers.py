#!/usr/bin/env python3
"""An inversion and edit by the EDICT pipeline of diffusers' community: the numbers of InversionMethodTest.

    edict_numbers.py examples/community/edict_pipeline.py src/main/resources/sc/fiji/diffedit/demo/model samples/01.png OUT.safetensors

Needs torch 2.7.1, diffusers 0.42.1, transformers, safetensors, pillow, and the pipeline's file from diffusers' repository. The upper
left 64 x 64 pixels of the sample, 10 steps, strength 0.8, guidance 3 both ways, seed 0. Writes "top": both latents after the
inversion, along the channels, (1, 8, 16, 16); "edited": the latents that come back, (1, 4, 16, 16).
"""
import importlib.util
import sys

import torch
from diffusers import AutoencoderKL, DDIMScheduler, UNet2DConditionModel
from PIL import Image
from safetensors.torch import save_file
from transformers import CLIPTextModel, CLIPTokenizer


def main(program, model, sample, out):
    spec = importlib.util.spec_from_file_location("edict_pipeline", program)
    edict = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(edict)
    part = lambda kind, folder: kind.from_pretrained(model, subfolder=folder)
    pipe = edict.EDICTPipeline(part(AutoencoderKL, "vae"), part(CLIPTextModel, "text_encoder"), part(CLIPTokenizer, "tokenizer"),
                               part(UNet2DConditionModel, "unet"), part(DDIMScheduler, "scheduler")).to(torch.float32)
    kept = {}
    prepare = pipe.prepare_latents
    pipe.prepare_latents = lambda *args, **more: keep(kept, prepare(*args, **more))
    image = Image.open(sample).convert("RGB").crop((0, 0, 64, 64))
    edited = pipe(base_prompt="green nuclei", target_prompt="cyan nuclei", image=image, guidance_scale=3.0, num_inference_steps=10,
                  strength=0.8, generator=torch.Generator().manual_seed(0), output_type="latent")
    save_file({"top": kept["top"], "edited": edited.contiguous()}, out)


def keep(kept, latents):
    kept["top"] = torch.cat(latents, 1).contiguous()
    return latents


main(*sys.argv[1:])
