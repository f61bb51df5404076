#!/usr/bin/env python3
"""Runs with guidance in an interval, and with DeepCache: the numbers of ShortcutsTest.

    shortcut_numbers.py src/test/resources/goldens/models OUT-FOLDER

Needs torch 2.7.1, diffusers 0.42.1, transformers, safetensors, DeepCache 0.1.1 (--no-deps; its helper is the reference). Networks, tokenizers, DDIM and the guider
are diffusers' own; the loop around them is here, since diffusers has guiders in its modular pipelines alone. Writes guided.json: for parts of a run and numbers of steps, in which of them diffusers'
ClassifierFreeGuidance has two conditions; and runs.safetensors: for each run "noise" and "latents", (1, 4, 8, 8), of ten steps of DDIM towards "a red fox",
negative prompt "rain", guidance 5, by the tiny models of the golden cases.
"""
import json
import sys
from pathlib import Path

import torch
from diffusers import ClassifierFreeGuidance, DDIMScheduler, StableDiffusionPipeline, StableDiffusionXLPipeline
from DeepCache.extension.deepcache import DeepCacheSDHelper
from safetensors.torch import save_file

STEPS, GUIDANCE = 10, 5.0
CACHES = [(3, 0), (3, 1), (2, 2), (4, 3), (3, 5), (5, 8)]
PARTS = [(0, 1), (0.2, 0.7), (0.1, 0.95), (0.5, 0.5), (0, 0.29), (0.3, 0.7), (0.99, 1)]


def guided(start, stop, steps):
    guider = ClassifierFreeGuidance(guidance_scale=GUIDANCE, start=start, stop=stop)
    found = []
    for step in range(steps):
        guider.set_state(step=step, num_inference_steps=steps, timestep=torch.tensor(0))
        if guider.num_conditions == 2:
            found.append(step)
    return found


class Run:
    """A model with its two prompts, as rows for guidance."""

    def __init__(self, folder, xl):
        self.pipe = (StableDiffusionXLPipeline if xl else StableDiffusionPipeline).from_pretrained(folder, torch_dtype=torch.float32)
        self.pipe.scheduler = DDIMScheduler.from_config(self.pipe.scheduler.config)
        args = {"prompt": "a red fox", "negative_prompt": "rain", "num_images_per_prompt": 1, "device": "cpu", "do_classifier_free_guidance": True}
        both = self.pipe.encode_prompt(**args)
        self.rows = torch.cat([both[1], both[0]])
        size = 8 * self.pipe.vae_scale_factor
        self.added = {"text_embeds": torch.cat([both[3], both[2]]), "time_ids": torch.tensor([[size, size, 0, 0, size, size]] * 2, dtype=torch.float32)} if xl else None

    def predict(self, latents, t, guided):
        rows = slice(0 if guided else 1, 2)
        added = self.added and {name: value[rows] for name, value in self.added.items()}
        return self.pipe.unet(latents.repeat(2 if guided else 1, 1, 1, 1), t, self.rows[rows], added_cond_kwargs=added).sample

    def deep(self, noise, interval, branch):
        helper = DeepCacheSDHelper(pipe=self.pipe)
        helper.set_params(cache_interval=interval, cache_branch_id=branch)
        helper.enable()
        latents = self.latents(noise, 0, 1)
        helper.disable()
        return latents

    def latents(self, noise, start, stop):
        guider = ClassifierFreeGuidance(guidance_scale=GUIDANCE, start=start, stop=stop)
        scheduler = self.pipe.scheduler
        scheduler.set_timesteps(STEPS)
        latents = noise
        for step, t in enumerate(scheduler.timesteps):
            guider.set_state(step=step, num_inference_steps=STEPS, timestep=t)
            predicted = self.predict(latents, t, guider.num_conditions == 2)
            rows = predicted.flip(0).split(1)
            latents = scheduler.step(guider.forward(*rows).pred, t, latents).prev_sample
        return latents


@torch.inference_mode()
def main(models, out):
    cases = [{"start": start, "stop": stop, "steps": steps, "guided": guided(start, stop, steps)} for start, stop in PARTS for steps in (1, 3, 10, 50, 100)]
    (out / "guided.json").write_text(json.dumps({"cases": cases}) + "\n")
    noise = torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(3))
    numbers = {"noise": noise}
    for name in ("sd1", "sdxl"):
        run = Run(models / name, name == "sdxl")
        numbers[f"{name} guided from 0.2 until 0.7"] = run.latents(noise, 0.2, 0.7)
        for interval, branch in CACHES:
            numbers[f"{name} whole one of {interval}, branch {branch}"] = run.deep(noise, interval, branch)
    save_file({name: tensor.contiguous() for name, tensor in numbers.items()}, str(out / "runs.safetensors"))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
