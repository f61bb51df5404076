#!/usr/bin/env python3
"""Masks that follow outlines, on the bundled samples, by diffusers and numpy: the numbers of RefinedMaskTest.

    mask_numbers.py src/main/resources/sc/fiji/diffedit/demo/model src/main/resources/sc/fiji/diffedit/demo/samples OUT.safetensors

Needs torch 2.7.1, diffusers 0.42.1, transformers, safetensors, numpy, pillow. Writes for each sample NN: NN.difference and NN.likelihood
(32 x 32), NN.mask (128 x 128 bits, row by row, the first in the highest bit), for 01 and 07 NN.refined (128 x 128), and prints IoU with
the truth. src/site/markdown/quality.md has the formulas.

Randomness: one torch.Generator on the CPU per sample, seed 0; for each strength from 0.3 up, two draws of shape (4, 32, 32).
The latents are the mean of the autoencoder's posterior. Everything is float32, the filter float64.
"""
import json
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent / "lib"))
import guided_filter

STRENGTHS = (0.3, 0.4, 0.5, 0.6, 0.7)
DRAWS = 2
STEPS = 50
RADIUS_IN_LATENTS = 6
EPSILON = 0.03
PART_OF_TOP = 0.52
TOP = 0.99


def timestep(strength: float) -> int:
    """Level of DDIM's schedule with 50 leading steps and offset 1, as generate_mask takes it: 281 for 0.3, 481 for 0.5."""
    return (int(STEPS * strength) - 1) * (1000 // STEPS) + 1


def maps(pipe, picture: np.ndarray, source: str, target: str) -> tuple[np.ndarray, np.ndarray]:
    """A and L, each of mean 1, shape (h, w) of the latents."""
    generator = torch.Generator().manual_seed(0)
    x = torch.from_numpy(picture).permute(2, 0, 1)[None] * 2 - 1
    latents = pipe.vae.encode(x).latent_dist.mean * pipe.vae.config.scaling_factor
    tokens = pipe.tokenizer([source, target], padding="max_length", max_length=77, truncation=True, return_tensors="pt").input_ids
    states = pipe.text_encoder(tokens).last_hidden_state
    difference, likelihood = [], []
    for strength in STRENGTHS:
        t = timestep(strength)
        level = pipe.scheduler.alphas_cumprod[t]
        a = l = 0
        for _ in range(DRAWS):
            noise = torch.randn(latents.shape[1:], generator=generator)[None]
            noisy = level ** 0.5 * latents + (1 - level) ** 0.5 * noise
            e_source, e_target = pipe.unet(noisy.repeat(2, 1, 1, 1), t, states).sample
            a = a + (e_target - e_source).abs().mean(0) / DRAWS
            l = l + ((e_target - noise[0]) ** 2 - (e_source - noise[0]) ** 2).mean(0) / DRAWS
        difference.append(a / a.mean())
        likelihood.append(l / l.abs().mean())
    difference = torch.stack(difference).mean(0)
    likelihood = torch.stack(likelihood).mean(0).clamp(min=0)
    return tuple((m / m.mean().clamp(min=1e-12)).numpy() for m in (difference, likelihood))


def main() -> None:
    from diffusers import DDIMScheduler, StableDiffusionPipeline
    from safetensors.numpy import save_file
    model, samples, out = (Path(x) for x in sys.argv[1:4])
    pipe = StableDiffusionPipeline.from_pretrained(model, torch_dtype=torch.float32, safety_checker=None, feature_extractor=None, requires_safety_checker=False)
    pipe.scheduler = DDIMScheduler.from_config(pipe.scheduler.config)
    tensors, scores = {}, []
    listed = json.loads((samples / "samples.json").read_text())
    for sample in listed.get("samples", listed) if isinstance(listed, dict) else listed:
        name = Path(sample["file"]).stem
        picture = np.asarray(Image.open(samples / sample["file"]).convert("RGB"), np.float32) / 255
        truth = np.asarray(Image.open(samples / sample["mask"]).convert("L")) > 127
        with torch.no_grad():
            difference, likelihood = maps(pipe, picture, sample["source_prompt"], sample["target_prompt"])
        heat = (difference + likelihood).astype(np.float64)
        factor = picture.shape[0] // heat.shape[0]
        refined = guided_filter.refined(picture, heat, factor, RADIUS_IN_LATENTS * factor, EPSILON)
        mask = refined > PART_OF_TOP * np.quantile(refined, TOP)
        scores.append((mask & truth).sum() / (mask | truth).sum())
        print(name, f"IoU {scores[-1]:.3f}")
        tensors |= {f"{name}.difference": difference, f"{name}.likelihood": likelihood, f"{name}.mask": np.packbits(mask)}
        if name in ("01", "07"):
            tensors[f"{name}.refined"] = refined.astype(np.float32)
    save_file({name: np.ascontiguousarray(values) for name, values in tensors.items()}, out)
    print(f"mean IoU {np.mean(scores):.3f}")


if __name__ == "__main__":
    main()
