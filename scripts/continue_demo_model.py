#!/usr/bin/env python3
"""Trains the demonstration model on for edits, from its own weights. Its shape stays, so it computes as fast as before.

    continue_demo_model.py pairs  --model MODEL --work WORK                  scenes before and after an edit, as latents and tokens
    continue_demo_model.py train  --model MODEL --work WORK --minutes 60     text encoder and UNet
    continue_demo_model.py export --model MODEL --work WORK --part 0.8       WORK/diffedit-demo: MODEL with weights between its own and the averaged ones
    continue_demo_model.py score  --model MODEL                              edits with the true mask, on cases kept apart
    continue_demo_model.py expected --model MODEL --samples FOLDER           what diffusers reaches on the samples, into their samples.json

MODEL is a folder as `train_demo_model.py export` writes it. `pairs` and `train` can be stopped at any time and go on when they are called again, `pairs`
beside a running `train` too; the others begin anew. `train` counts processor time of its threads in minutes, saves every two minutes of the clock, and lowers the rate to nothing over
the time that it is given. Needs what train_demo_model.py needs.

A model that denoises well believes the picture: at the noise levels of an edit the objects are still to be seen, so a description of other colours
changes little, and the more it is trained, the less. Here it learns triples: one noisy picture of a pair, or of what lies between both, with the
description of the one, of the other, and with none. With none it should be found as it is; with a description it should be found a step (STEP) nearer
to what that says. Guidance of about 1 / STEP then goes all of the way, and the difference of two predictions is where the pictures differ. Errors of
the differences count DIFFERENCE times, since guidance enlarges them. At higher levels than an edit reaches (HIGHEST), where the picture can hardly be
seen and such steps would be guesses, the wanted predictions are those of MODEL itself, which masks need as they are. For the same reason `export` goes
only a part of the way from MODEL's weights to the new ones (Wortsman et al. 2022, https://arxiv.org/abs/2109.01903).
"""
from __future__ import annotations

import argparse
import math
import os
import shutil
import time
from pathlib import Path

import numpy as np
import torch

import train_demo_model as recipe

CAPTIONS = 4                     # of each picture
CHUNK = 400                      # pairs in a file
PAIR_SEED = recipe.LATENT_SEED + 60_000_000
TRIPLES, KEPT = 3, 1             # of a batch: triples with wanted pictures, and with the predictions of MODEL
STEP = 0.16                      # near 1 / guidance
HIGHEST = 570                    # where MODEL's own predictions begin; an edit of strength 0.6 starts at 551
DIFFERENCE = 60.0


# -- pairs --


def encoder(model: Path):
    """Two functions: pictures (N, 128, 128, 3) in 0..1 to scaled latents, and texts to token numbers."""
    from diffusers import AutoencoderKL
    from transformers import CLIPTokenizer
    vae = AutoencoderKL.from_pretrained(model / "vae", torch_dtype=torch.float32).eval().to(memory_format=torch.channels_last)
    tokenizer = CLIPTokenizer.from_pretrained(model / "tokenizer")

    def encode(pictures):
        x = torch.from_numpy(np.stack(pictures).astype(np.float32)).permute(0, 3, 1, 2) * 2 - 1
        with torch.no_grad():
            return (vae.encode(x).latent_dist.mean * vae.config.scaling_factor).numpy()

    def tokens(texts):
        return np.array(tokenizer(texts, padding="max_length", max_length=77, truncation=True).input_ids, np.int16)
    return encode, tokens


def command_pairs(args) -> None:
    """WORK/pairs-K.npz, CHUNK pairs each, every second one recoloured: latents (N, 2, 4, 32, 32) and tokens (N, 2, CAPTIONS, 77)."""
    encode, tokens = encoder(args.model)
    for first in range(0, args.count, CHUNK):
        path = args.work / f"pairs-{first // CHUNK:03d}.npz"
        if path.exists():
            continue
        latents, ids = np.empty((CHUNK, 2, 4, 32, 32), np.float16), np.empty((CHUNK, 2, CAPTIONS, 77), np.int16)
        for i in range(0, CHUNK, 8):
            edits = [recipe.random_edit(PAIR_SEED + first + i + k, "kind" if k % 2 else "colour") for k in range(8)]
            rng = np.random.default_rng(PAIR_SEED + first + i)
            latents[i:i + 8] = encode([recipe.render(s)[0] for e in edits for s in (e.source, e.target)]).reshape(8, 2, 4, 32, 32)
            texts = []
            for edit in edits:
                wordings = [recipe.random_wording(edit.source, rng, plain=k == 0) for k in range(CAPTIONS)]
                texts += [recipe.caption(scene, w) for scene in (edit.source, edit.target) for w in wordings]
            ids[i:i + 8] = tokens(texts).reshape(8, 2, CAPTIONS, 77)
        part = args.work / "part.npz"
        np.savez(part, latents=latents, tokens=ids, empty=tokens([""])[0])
        os.replace(part, path)
        recipe.log(f"pairs {first + CHUNK} of {args.count}", args.work)


class Batches:
    """Draws batches of triples from the pairs that there are."""

    def __init__(self, work: Path, seed: int):
        self.rng, self.work, self.files = np.random.default_rng(seed), work, []
        self.refresh()

    def refresh(self) -> None:
        """Takes in files that were written since."""
        files = sorted(self.work.glob("pairs-*.npz"))
        if files == self.files:
            return
        parts = [np.load(path) for path in files]
        self.latents = np.concatenate([p["latents"] for p in parts]).astype(np.float32)
        self.tokens = np.concatenate([p["tokens"] for p in parts]).astype(np.int64)
        self.empty, self.files = parts[0]["empty"].astype(np.int64), files

    def picked(self, count: int):
        """Indices of pairs, sides and wordings."""
        return self.rng.integers(0, len(self.latents), count), self.rng.integers(0, 2, count), self.rng.integers(0, CAPTIONS, count)

    def levels(self) -> np.ndarray:
        """Spread evenly below HIGHEST for triples, and above it for those whose predictions are kept."""
        low, high = ((np.arange(n) + self.rng.random(n)) / n for n in (TRIPLES, KEPT))
        return np.concatenate([low * HIGHEST, HIGHEST + high * (1000 - HIGHEST)]).astype(np.int64)

    def draw(self) -> list[torch.Tensor]:
        """Latents, wanted latents (B, 4, 32, 32), tokens (B, 77), levels (B,) and noise, for all triples: with their own words, the others, none."""
        count = TRIPLES + KEPT
        pair, side, words = self.picked(count)
        own, other = self.latents[pair, side], self.latents[pair, 1 - side]
        way = self.rng.random(count) * (self.rng.random(count) < 0.5)                   # every second one lies between
        between = own + way.astype(np.float32)[:, None, None, None] * (other - own)
        wanted = np.concatenate([between + STEP * (own - between), between + STEP * (other - between), between])
        ids = np.concatenate([self.tokens[pair, side, words], self.tokens[pair, 1 - side, words], np.tile(self.empty, (count, 1))])
        noise = self.rng.standard_normal((count, 4, 32, 32), dtype=np.float32)
        rows = [np.concatenate([between] * 3), wanted, ids, np.concatenate([self.levels()] * 3), np.concatenate([noise] * 3)]
        return [torch.from_numpy(row) for row in rows]


# -- training --


def networks(model: Path) -> torch.nn.ModuleDict:
    """Text encoder and UNet, in float32."""
    from diffusers import UNet2DConditionModel
    from transformers import CLIPTextModel
    text = CLIPTextModel.from_pretrained(model / "text_encoder", dtype=torch.float32)
    unet = UNet2DConditionModel.from_pretrained(model / "unet", torch_dtype=torch.float32)
    return torch.nn.ModuleDict({"text": text, "unet": unet.to(memory_format=torch.channels_last)})


def predicted(both: torch.nn.ModuleDict, noisy: torch.Tensor, level: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    return both["unet"](noisy, level, both["text"](ids).last_hidden_state, return_dict=False)[0]


class Loss:
    """Of a batch, weighted by noise levels as in train_demo_model.py; differences without its least weight, with which the lowest levels would count most."""

    def __init__(self, latents: np.ndarray, model: torch.nn.ModuleDict):
        self.model = model
        alphas = torch.from_numpy(recipe.signal_levels())
        weights = 1 / (alphas / (1 - alphas) * float((latents[:CHUNK] ** 2).mean()) + 0.25)
        self.even = (weights / weights.mean()).float()
        self.weights = self.even.clamp(min=0.1)
        self.signal, self.noise = (v.sqrt().float()[:, None, None, None] for v in (alphas, 1 - alphas))

    def __call__(self, both, x, wanted, ids, level, noise):
        """The usual error, and that of the differences within triples."""
        kept = level >= HIGHEST
        noisy = (self.signal[level] * x + self.noise[level] * noise).contiguous(memory_format=torch.channels_last)
        target = noise + self.signal[level] / self.noise[level] * (x - wanted)
        with torch.no_grad():
            target[kept] = predicted(self.model, noisy[kept], level[kept], ids[kept])
        error = predicted(both, noisy, level, ids) - target
        own, other, none = error.chunk(3)
        usual = (error.pow(2).mean((1, 2, 3)) * self.weights[level]).mean()
        apart = ((own - none).pow(2) + (other - none).pow(2)).mean((1, 2, 3)) / 2
        return usual, (apart * self.even[level[:len(apart)]]).mean()


def command_train(args) -> None:
    torch.manual_seed(recipe.BASE_SEED)
    both = networks(args.start or args.model).train()
    optimiser = torch.optim.AdamW(both.parameters(), lr=args.lr, betas=(0.9, 0.99), weight_decay=0.01, fused=True)
    average = {k: v.clone() for k, v in both.state_dict().items()}
    path, step, spent = args.work / "continued.pt", 0, 0.0
    if path.exists():
        state = torch.load(path)
        both.load_state_dict(state["model"]); optimiser.load_state_dict(state["optimiser"])
        average, step, spent = state["average"], state["step"], state["seconds"]
    slow, fast = zip(*[(average[k], v) for k, v in both.state_dict().items() if v.dtype.is_floating_point])
    batches = Batches(args.work, recipe.BASE_SEED + step)
    loss, seen, saved = Loss(batches.latents, networks(args.model).eval()), [], time.time()

    def save():
        torch.save({"model": both.state_dict(), "average": average, "optimiser": optimiser.state_dict(), "step": step, "seconds": spent}, str(path) + ".new")
        os.replace(str(path) + ".new", path)
    while spent < 60 * args.minutes:
        begun = time.process_time()
        rate = args.lr * min(1, (step + 1) / 50) * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * spent / (60 * args.minutes))))
        for group in optimiser.param_groups:
            group["lr"] = rate
        usual, apart = loss(both, *batches.draw())
        optimiser.zero_grad()
        (usual + DIFFERENCE * apart).backward()
        torch.nn.utils.clip_grad_norm_(both.parameters(), 1.0)
        optimiser.step()
        step += 1
        with torch.no_grad():
            torch._foreach_lerp_(slow, fast, 1 - min(args.ema, (step + 1) / (step + 15)))
        spent += time.process_time() - begun
        seen.append((usual.item(), apart.item()))
        if step % 50 == 0:
            means = np.mean(seen, axis=0)
            recipe.log(f"step {step}, {spent:.0f} s, loss {means[0]:.4f}, differences {means[1]:.5f}, rate {rate:.1e}, {len(batches.latents)} pairs", args.work)
            seen = []
            batches.refresh()
        if time.time() - saved > 120:
            save()
            saved = time.time()
    save()


def command_export(args) -> None:
    """WORK/diffedit-demo: MODEL's folder with other numbers, `part` of the way from its own to the average; files, names and types of tensors stay."""
    from safetensors.torch import load_file, save_file
    average, out = torch.load(args.work / "continued.pt")["average"], args.work / "diffedit-demo"
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(args.model, out)
    for part, prefix in (("text_encoder", "text."), ("unet", "unet.")):
        [path] = (out / part).glob("*.safetensors")
        new = {}
        for name, tensor in load_file(path).items():
            [known] = {prefix + name, prefix + name.removeprefix("text_model."), prefix + "text_model." + name} & average.keys()
            assert average[known].shape == tensor.shape, name
            new[name] = torch.lerp(tensor.float(), average[known], args.part).to(tensor.dtype).contiguous()
        path.unlink()
        save_file(new, path, metadata={"format": "pt"})
        path.chmod(0o644)


# -- edits with the true mask --


class Editor:
    """Mask aside, the plugin's default edit: DDIM inversion without guidance, what is outside put back at each level, and its pixels at the end."""

    def __init__(self, model: Path):
        from diffusers import AutoencoderKL
        from transformers import CLIPTokenizer
        self.vae = AutoencoderKL.from_pretrained(model / "vae", torch_dtype=torch.float32).eval()
        self.tokenizer = CLIPTokenizer.from_pretrained(model / "tokenizer")
        self.both = networks(model).eval()
        self.alphas = torch.from_numpy(recipe.signal_levels()).float()

    def words(self, texts: list[str]) -> torch.Tensor:
        return self.both["text"](torch.tensor(self.tokenizer(texts, padding="max_length", max_length=77).input_ids)).last_hidden_state

    def moved(self, z, noise, start, end):
        """From one level to another by DDIM."""
        a, b = self.alphas[start], self.alphas[end]
        return b.sqrt() * (z - (1 - a).sqrt() * noise) / a.sqrt() + (1 - b).sqrt() * noise

    @torch.no_grad()
    def __call__(self, cases: list, guidance: float = 7.5, strength: float = 0.6, steps: int = 20) -> list[np.ndarray]:
        levels = [0] + [i * (1000 // steps) + 1 for i in range(int(steps * strength))]
        unet = self.both["unet"]
        x = torch.from_numpy(np.stack([c.picture for c in cases])).permute(0, 3, 1, 2).float() / 127.5 - 1
        source, target = (self.words([getattr(c.edit, key) for c in cases]) for key in ("source_prompt", "target_prompt"))
        both = torch.cat([self.words([""] * len(cases)), target])
        path = [self.vae.encode(x).latent_dist.mean * self.vae.config.scaling_factor]
        for start, end in zip(levels, levels[1:]):
            path.append(self.moved(path[-1], unet(path[-1], end, source).sample, start, end))
        truth = torch.from_numpy(np.stack([c.truth for c in cases]))[:, None].float()
        mask = torch.nn.functional.max_pool2d(truth, recipe.SIZE // recipe.LATENT)
        z = path[-1]
        for i in range(len(levels) - 1, 0, -1):
            none, wanted = unet(torch.cat([z, z]), levels[i], both).sample.chunk(2)
            z = self.moved(z, none + guidance * (wanted - none), levels[i], levels[i - 1])
            z = z * mask + path[i - 1] * (1 - mask)
        y = self.vae.decode(z / self.vae.config.scaling_factor).sample
        y = (truth * y + (1 - truth) * x + 1) / 2
        return [recipe.to_bytes(one.permute(1, 2, 0).numpy()) for one in y]


def command_score(args) -> None:
    """Success and strict success, and a sheet of the first 30 in WORK/score.png: input, edit, wanted."""
    edit, cases = Editor(args.model), recipe.make_cases(args.count, recipe.EVAL_SEED + args.offset)
    results = [picture for i in range(0, len(cases), 10) for picture in edit(cases[i:i + 10])]
    judged = [recipe.judge(case, result) for case, result in zip(cases, results)]
    for what in ("colour", "kind", None):
        of = [j for case, j in zip(cases, judged) if what in (None, case.edit.what)]
        error = lambda p: (p * (1 - p) / len(of)) ** 0.5
        rates = {key: np.mean([j[key] for j in of]) for key in ("success", "strict")}
        recipe.log(f"{what or 'all'}: {len(of)}, " + ", ".join(f"{k} {p:.3f} +- {error(p):.3f}" for k, p in rates.items()), args.work)
    shown = list(zip(cases, results))[:30]
    recipe.contact_sheet([p for case, result in shown for p in (case.picture, result, case.wanted)], 9, 1,
                         [t for case, _ in shown for t in (case.edit.source_prompt, "", case.edit.target_prompt)]).save(args.work / "score.png")


# -- samples --


def command_expected(args) -> None:
    """The figures of `samples` of train_demo_model.py for samples that are there already."""
    import json
    from PIL import Image
    pipe, listed = recipe.load_pipeline(args.model), args.samples / "samples.json"
    told = json.loads(listed.read_text())
    read = lambda name, mode: np.asarray(Image.open(args.samples / name).convert(mode))
    for row in told["samples"]:
        edit = argparse.Namespace(source_prompt=row["source_prompt"], target_prompt=row["target_prompt"], what=row["what"])
        case = recipe.Case(edit, read(row["file"], "RGB"), read(row["target"], "RGB"), read(row["group_mask"], "L") > 127, read(row["mask"], "L") > 127)
        row |= recipe.expected_figures(pipe, case, told["mask_settings"], told["edit_settings"])
        recipe.log(f"{row['file']}: {row['expected_iou']}, {row['expected_edit_success']}, {row['expected_outside_psnr']}", args.work)
    listed.write_text(json.dumps(told, indent=2))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, run in (("pairs", command_pairs), ("train", command_train), ("export", command_export), ("score", command_score), ("expected", command_expected)):
        p = commands.add_parser(name)
        p.set_defaults(run=run)
        p.add_argument("--model", type=Path, required=True)
        p.add_argument("--work", type=Path, default=recipe.WORK)
        p.add_argument("--threads", type=int, default=2)
        if name == "pairs":
            p.add_argument("--count", type=int, default=8000)
        if name == "train":
            p.add_argument("--minutes", type=float, default=60)
            p.add_argument("--start", type=Path, help="a model of the same shape to begin with, in place of MODEL")
            p.add_argument("--lr", type=float, default=4e-4)
            p.add_argument("--ema", type=float, default=0.99)
        if name == "export":
            p.add_argument("--part", type=float, default=0.8, help="of the way from MODEL's weights to the averaged ones")
        if name == "expected":
            p.add_argument("--samples", type=Path, required=True)
        if name == "score":
            p.add_argument("--count", type=int, default=60)
            p.add_argument("--offset", type=int, default=0, help="other cases than those of evaluate")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    args.work.mkdir(parents=True, exist_ok=True)
    args.run(args)


if __name__ == "__main__":
    main()
