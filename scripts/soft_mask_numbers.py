#!/usr/bin/env python3
"""An edit with a soft mask by the rule of Differential Diffusion (Levin and Fried 2023, https://arxiv.org/abs/2306.00950): the numbers of MaskUseTest.

    soft_mask_numbers.py src/main/resources/sc/fiji/diffedit/demo/model src/main/resources/sc/fiji/diffedit/demo/samples/01.png OUT.safetensors

Needs torch 2.7.1, diffusers 0.42.1, transformers, safetensors, pillow. Networks, tokenizer and both DDIM schedulers are diffusers' own; the rule
is written here from the paper, as diffusers itself has no such pipeline: with N steps and a map that says how much of each place is kept, what
lies where map > i / N is put back to the image's latents of that noise level before step i, from the second step on. These are those that DDIM
inversion went through, as in DiffEdit, where the paper takes the image with fresh noise. The upper left 64 x 64 pixels, 10 steps, strength 1,
guidance 3. Writes "path": latents of the inversion, most noise first, (11, 4, 16, 16); "mask": how much may change, (16, 16); "edited":
(1, 4, 16, 16).
"""
import sys

import numpy as np
import torch
from diffusers import AutoencoderKL, DDIMInverseScheduler, DDIMScheduler, UNet2DConditionModel
from PIL import Image
from safetensors.torch import save_file
from transformers import CLIPTextModel, CLIPTokenizer

STEPS, GUIDANCE, SIDE = 10, 3.0, 64


@torch.inference_mode()
def main(model, sample, out):
    part = lambda kind, folder: kind.from_pretrained(model, subfolder=folder).float().eval()
    vae, unet, text = part(AutoencoderKL, "vae"), part(UNet2DConditionModel, "unet"), part(CLIPTextModel, "text_encoder")
    tokenizer = CLIPTokenizer.from_pretrained(model, subfolder="tokenizer")
    down = DDIMScheduler.from_pretrained(model, subfolder="scheduler")
    up = DDIMInverseScheduler.from_config(down.config)
    encode = lambda words: text(torch.tensor(tokenizer([words], padding="max_length", max_length=77).input_ids)).last_hidden_state
    source, target, empty = encode("green nuclei"), encode("cyan nuclei"), encode("")
    pixels = np.asarray(Image.open(sample).convert("RGB").crop((0, 0, SIDE, SIDE)), np.float32) / 127.5 - 1
    latents = vae.encode(torch.from_numpy(pixels).permute(2, 0, 1)[None]).latent_dist.mode() * vae.config.scaling_factor

    up.set_timesteps(STEPS)
    path = [latents]
    for t in up.timesteps:
        path.append(up.step(unet(path[-1], t, source).sample, t, path[-1]).prev_sample)
    path = path[::-1]                                                   # most noise first

    side = latents.shape[-1]
    change = torch.linspace(0.05, 1, side * side).reshape(side, side)      # each place has a strength of its own
    kept = 1 - change
    down.set_timesteps(STEPS)
    z = path[0]
    for i, t in enumerate(down.timesteps):
        if i > 0:
            mask = (kept > i / STEPS).float()
            z = path[i] * mask + z * (1 - mask)
        none, wanted = (unet(z, t, words).sample for words in (empty, target))
        z = down.step(none + GUIDANCE * (wanted - none), t, z).prev_sample
    save_file({"path": torch.cat(path).contiguous(), "mask": change.contiguous(), "edited": z.contiguous()}, out)


main(*sys.argv[1:])
