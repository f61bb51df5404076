"""Group J: adapters of LyCORIS in every form on every kind of layer, and the weights that lycoris-lora 4.1.3 makes of them.

`models/lycoris/base.safetensors` has layers of a network that is none; `adapter_DTYPE.safetensors` changes all of them, each form in a
block of its own; `changed_DTYPE_SCALE.safetensors` are their weights and biases with the adapter at a scale. What counts is what a
trained module computes (`forward`): the package's own `merge_to` is the same, but for LoHa and LoKr, where it takes alpha over rank twice.
The forms' numbers are rounded to the file's type before the package sees them. Needs `pip install lycoris-lora==4.1.3`.
"""
import shutil

import torch
from lycoris.modules import (ButterflyOFTModule, DiagOFTModule, FullModule, GLoRAModule, IA3Module, LoConModule, LohaModule,
                             LokrModule, NormModule)
from safetensors.torch import save_file

from common import ROOT, log, normal

LAYERS = {
    "linear": lambda: torch.nn.Linear(6, 8),
    "square": lambda: torch.nn.Linear(16, 16, bias=False),
    "conv1": lambda: torch.nn.Conv2d(6, 8, 1),
    "conv3": lambda: torch.nn.Conv2d(6, 8, 3, stride=2, padding=1),
    "norm": lambda: torch.nn.GroupNorm(2, 8),
}
# One beginning per kind of layer, and whether names there have underscores.
NAMING = {"linear": ("lora_unet_", True), "square": ("lycoris_", True), "conv1": ("unet.", False), "conv3": ("diffusion_model.", False),
          "norm": ("lora_unet_", True)}
MATRICES = ("linear", "square", "conv1", "conv3")
DORA = {"weight_decompose": True, "wd_on_out": True}
DORA_IN = {"weight_decompose": True, "wd_on_out": False}
# Form, module, its settings, the layers it is for. Alpha differs from the rank, which is 2, where it counts.
FORMS = [
    ("locon", LoConModule, dict(alpha=1), MATRICES),
    ("locon_tucker", LoConModule, dict(alpha=3, use_tucker=True), ("conv3",)),
    ("locon_rs", LoConModule, dict(alpha=1, rs_lora=True), MATRICES),
    ("locon_dora", LoConModule, dict(alpha=1, **DORA), MATRICES),
    ("locon_dora_in", LoConModule, dict(alpha=1, **DORA_IN), MATRICES),
    ("loha", LohaModule, dict(alpha=1), MATRICES),
    ("loha_tucker", LohaModule, dict(alpha=1, use_tucker=True), ("conv3",)),
    ("loha_dora", LohaModule, dict(alpha=1, **DORA), MATRICES),
    ("loha_dora_in", LohaModule, dict(alpha=1, **DORA_IN), MATRICES),
    ("lokr_whole", LokrModule, dict(alpha=1, full_matrix=True), MATRICES),
    ("lokr_pair", LokrModule, dict(alpha=3, lora_dim=1), MATRICES),
    ("lokr_both", LokrModule, dict(alpha=3, lora_dim=1, decompose_both=True, factor=4), MATRICES),
    ("lokr_tucker", LokrModule, dict(alpha=3, lora_dim=1, use_tucker=True), ("conv3",)),
    ("lokr_dora", LokrModule, dict(alpha=3, lora_dim=1, **DORA), MATRICES),
    ("lokr_dora_in", LokrModule, dict(alpha=3, lora_dim=1, **DORA_IN), MATRICES),
    ("full", FullModule, {}, MATRICES),
    ("norm", NormModule, {}, ("norm",)),
    ("oft", DiagOFTModule, dict(lora_dim=4), MATRICES),
    ("oft_constraint", DiagOFTModule, dict(lora_dim=2, constraint=0.02, rescaled=True), MATRICES),
    ("boft", ButterflyOFTModule, dict(lora_dim=2), MATRICES),
    ("boft_constraint", ButterflyOFTModule, dict(lora_dim=4, constraint=0.05, rescaled=True), MATRICES),
    ("ia3", IA3Module, {}, MATRICES),
    ("ia3_in", IA3Module, dict(train_on_input=True), MATRICES),
    ("glora", GLoRAModule, dict(alpha=1), MATRICES),
]
DTYPES = {"float32": torch.float32, "float16": torch.float16, "bfloat16": torch.bfloat16}
CASES = [("float32", 1.0), ("float32", 0.6), ("float16", 1.0), ("bfloat16", 1.0)]
# Where a DoRA over outputs is PEFT's in diffusers, PEFT's rule for other scales counts and not LyCORIS'.
AS_PEFT = ("locon_dora",)


def trained(form, kind, module, label, dtype):
    """Fills a module with random numbers, rounded to a type as a file of that type would have them; returns them by key."""
    tensors = {}
    with torch.no_grad():
        for key, value in (module.custom_state_dict() or module.state_dict()).items():
            number = key in ("alpha", "on_input")
            if not number:
                parameter = dict(module.named_parameters())[{"diff": "weight", "diff_b": "bias"}.get(key, key)]
                values = normal(parameter.shape, *label, form, kind, key, std=0.5)
                if key in ("dora_scale", "rescale"):
                    values = parameter + 0.3 * values
                parameter.copy_(values.to(dtype).float())
                value = parameter
            tensors[key] = value.detach().clone() if key == "on_input" else value.detach().to(dtype)
    if form.endswith("_constraint"):
        module.constraint = float(tensors["alpha"]) * module.dim
    if "rs" in form:  # the file's alpha has the root of the rank in it, rounded
        module.scale = float(tensors["alpha"]) / module.lora_dim
    return tensors


def changed(layer, module, scale):
    """Weight and bias that the module computes with in place of the layer's."""
    found = {}

    def op(x, weight=None, bias=None, **_):
        found.update(weight=weight, bias=bias)
        return torch.zeros(())

    module.multiplier = scale
    module.org_forward = layer.forward
    module.op = op
    linear = isinstance(layer, torch.nn.Linear)
    width = layer.in_features if linear else layer.in_channels if isinstance(layer, torch.nn.Conv2d) else layer.num_channels
    with torch.no_grad():
        module(torch.zeros((1, width) if linear else (1, width, 4, 4)))
        weight = layer.weight + found["weight"]
        bias = layer.bias if found["bias"] is None else layer.bias + found["bias"]
    return weight.detach(), bias


def merge_of_package(layer, module, scale):
    with torch.no_grad():
        weight, _ = module.get_merged_weight(scale, layer.weight.shape)
    return weight


@torch.no_grad()
def make_layers(label):
    layers = {}
    for index, (form, _, _, kinds) in enumerate(FORMS):
        for kind in kinds:
            layer = LAYERS[kind]()
            layer.weight.copy_(normal(layer.weight.shape, *label, form, kind, "weight"))
            if layer.bias is not None:
                layer.bias.copy_(normal(layer.bias.shape, *label, form, kind, "bias"))
            layers[f"down_blocks.{index}.{kind}"] = layer
    return layers


def make(tree):
    label = (tree, "lycoris")
    folder = ROOT / tree / "models/lycoris"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    layers = make_layers(label)
    base = {f"{name}.{key}": value.detach() for name, layer in layers.items() for key, value in layer.named_parameters()}
    save_file(base, folder / "base.safetensors")
    odd = {}
    for type_name, dtype in DTYPES.items():
        adapter, results = {}, {scale: {} for name, scale in CASES if name == type_name}
        for index, (form, cls, settings, kinds) in enumerate(FORMS):
            for kind in kinds:
                name = f"down_blocks.{index}.{kind}"
                module = cls(name, layers[name], 1.0, **{"lora_dim": 2, **settings}).eval()
                start, underscores = NAMING[kind]
                for key, value in trained(form, kind, module, label, dtype).items():
                    adapter[start + (name.replace(".", "_") if underscores else name) + "." + key] = value
                for scale in results:
                    if form in AS_PEFT and scale != 1:
                        continue
                    weight, bias = changed(layers[name], module, scale)
                    results[scale][name + ".weight"] = weight.contiguous()
                    if bias is not None:
                        results[scale][name + ".bias"] = bias.detach()
                    difference = float((merge_of_package(layers[name], module, scale) - weight).abs().max())
                    if difference > 1e-5:
                        odd[form] = max(odd.get(form, 0), difference)
        metadata = {"ss_network_module": "lycoris.kohya", "ss_base_model_version": "sd_v1", "modelspec.trigger_phrase": "shape"}
        save_file({k: v.contiguous() for k, v in adapter.items()}, folder / f"adapter_{type_name}.safetensors", metadata=metadata)
        for scale, tensors in results.items():
            save_file(tensors, folder / f"changed_{type_name}_{scale}.safetensors")
    log(f"{tree} lycoris: the package's merge_to differs from its modules in {odd or 'nothing'}")
