"""Group P: folders of PEFT with adapters of each of its forms that is read, and the weights that PEFT 0.21.2 merges them into.

`models/peft/base.safetensors` has layers of a network that is none; each folder beside it an adapter as `save_pretrained` leaves it, and
`merged.safetensors`, the weights and biases after `merge_and_unload`. Needs `pip install peft==0.21.2`.
"""
import shutil

import torch
from peft import IA3Config, LoHaConfig, LoKrConfig, LoraConfig, OFTConfig, get_peft_model
from safetensors.torch import save_file

from common import ROOT, log, normal

LAYERS = ("linear", "square", "conv1", "conv3", "ff", "ff_conv")


class Layers(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = torch.nn.Linear(6, 8)
        self.square = torch.nn.Linear(16, 16, bias=False)
        self.conv1 = torch.nn.Conv2d(6, 8, 1)
        self.conv3 = torch.nn.Conv2d(6, 6, 3, padding=1)
        self.ff = torch.nn.Linear(8, 8)
        self.ff_conv = torch.nn.Conv2d(6, 6, 3, padding=1)


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.down_blocks = torch.nn.ModuleList([Layers()])


ALL = dict(target_modules=list(LAYERS))
PATTERNS = dict(rank_pattern={"square": 3}, alpha_pattern={r"^down_blocks\.\d+\.conv1": 5, "ff": 1})
FORMS = {
    "lora": LoraConfig(r=2, lora_alpha=8, **ALL, **PATTERNS),
    "lora_rs_dora": LoraConfig(r=2, lora_alpha=3, use_rslora=True, use_dora=True, **ALL),
    "lora_bias": LoraConfig(r=2, lora_alpha=3, lora_bias=True, target_modules=["linear", "conv3"]),
    "loha": LoHaConfig(r=2, alpha=3, **ALL, **PATTERNS),
    "loha_effective": LoHaConfig(r=2, alpha=3, use_effective_conv2d=True, **ALL),
    "lokr": LoKrConfig(r=1, alpha=3, **ALL, rank_pattern={"square": 2}, alpha_pattern=PATTERNS["alpha_pattern"]),
    "lokr_whole": LoKrConfig(r=16, alpha=3, **ALL),
    "lokr_both": LoKrConfig(r=1, alpha=3, decompose_both=True, decompose_factor=4, use_effective_conv2d=True, **ALL),
    "oft": OFTConfig(oft_block_size=2, **ALL),
    "oft_terms": OFTConfig(r=2, oft_block_size=0, num_cayley_neumann_terms=3, **ALL),
    "oft_two_terms": OFTConfig(r=2, oft_block_size=0, num_cayley_neumann_terms=2, target_modules=["linear"]),
    "oft_exact": OFTConfig(r=2, oft_block_size=0, use_cayley_neumann=False, **ALL),
    "oft_shared": OFTConfig(oft_block_size=2, block_share=True, **ALL),
    "oft_bounded": OFTConfig(oft_block_size=2, coft=True, eps=0.3, **ALL),
    "ia3": IA3Config(feedforward_modules=["ff", "ff_conv"], **ALL),
    "ia3_pattern": IA3Config(feedforward_modules=r".*\.ff.*", **ALL),
}


@torch.no_grad()
def fill(module, *label):
    """Random numbers for what is trained: around 1 for factors, around what they are for lengths, around 0 for all else."""
    for name, parameter in module.named_parameters():
        if parameter.requires_grad:
            around = 1 if "ia3" in name else parameter.clone() if "magnitude" in name else 0
            parameter.copy_(around + normal(parameter.shape, *label, name, std=0.3))
    return module


def network(tree):
    return fill(Net(), tree, "peft")


def make(tree):
    folder = ROOT / tree / "models/peft"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    save_file(network(tree).state_dict(), folder / "base.safetensors")
    for form, config in FORMS.items():
        model = fill(get_peft_model(network(tree), config), tree, "peft", form)
        model.save_pretrained(folder / form)
        (folder / form / "README.md").unlink()
        merged = model.merge_and_unload(safe_merge=True).state_dict()
        assert merged.keys() == network(tree).state_dict().keys()
        save_file({name: value.contiguous() for name, value in merged.items()}, folder / form / "merged.safetensors")
        for file in (folder / form).iterdir():
            file.chmod(0o644)
    log(f"{tree} peft: {len(FORMS)} adapters")
