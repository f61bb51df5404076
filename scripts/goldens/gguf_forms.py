"""GGUF files as stable-diffusion.cpp and ComfyUI-GGUF write them, by the Python package gguf, and back."""
import tempfile

import gguf
import numpy as np
import torch
from gguf import GGMLQuantizationType as Type
from safetensors.torch import save_file

SECOND = "conditioner.embedders.1.model."
SECOND_CPP = "cond_stage_model.1.transformer.text_model."
# OpenCLIP's words and those that stable-diffusion.cpp writes for them, src/name_conversion.cpp
WORDS = [("transformer.resblocks.", "encoder.layers."), (".ln_1.", ".layer_norm1."), (".ln_2.", ".layer_norm2."), (".mlp.c_fc.", ".mlp.fc1."),
         (".mlp.c_proj.", ".mlp.fc2."), (".attn.in_proj_", ".self_attn.in_proj."), (".attn.out_proj.", ".self_attn.out_proj."),
         ("ln_final.", "final_layer_norm."), ("positional_embedding", "embeddings.position_embedding.weight"),
         ("token_embedding.", "embeddings.token_embedding.")]


def cpp_name(name):
    """What stable-diffusion.cpp calls a tensor of an original checkpoint."""
    if name.startswith("conditioner.embedders.0."):
        return "cond_stage_model." + name.removeprefix("conditioner.embedders.0.")
    return SECOND_CPP + swapped(name.removeprefix(SECOND), WORDS) if name.startswith(SECOND) else name


def original_name(name, xl):
    """The other way round."""
    if name.startswith(SECOND_CPP):
        return SECOND + swapped(name.removeprefix(SECOND_CPP), [(new, old) for old, new in WORDS])
    return name.replace("cond_stage_model.", "conditioner.embedders.0.") if xl and name.startswith("cond_stage_model.") else name


def swapped(name, words):
    for old, new in words:
        name = name.replace(old, new)
    return name


def write(path, tensors, types, architecture=None, rearranged=False):
    """A GGUF file of pairs of name and tensor, which are asked for one by one. `types` are taken in turn by tensors whose rows hold whole
    blocks, others are in 16 bits, those with one axis in 32; `rearranged` lays tensors of other rows out in rows of 256, as ComfyUI-GGUF does."""
    writer = gguf.GGUFWriter(path, architecture or "sd")
    if architecture is None:
        writer.kv_data[0].clear()  # stable-diffusion.cpp writes no metadata
    for i, (name, value) in enumerate(tensors):
        data = value.float().numpy()
        if rearranged and data.ndim > 1 and data.size % 256 == 0 and data.shape[-1] % 256:
            writer.add_array(f"comfy.gguf.orig_shape.{name}", [int(n) for n in data.shape])
            data = data.reshape(-1, 256)
        kind = Type.F32 if data.ndim < 2 else types[i % len(types)]
        if data.ndim > 1 and data.shape[-1] % gguf.GGML_QUANT_SIZES[kind][0]:
            kind = Type.F16
        writer.add_tensor(name, gguf.quants.quantize(data, kind), raw_dtype=kind)
    finish(writer)


def finish(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def numbers(path):
    """The tensors of a file, as the package gguf computes them."""
    reader = gguf.GGUFReader(path)
    state = {}
    for tensor in reader.tensors:
        field = reader.get_field(f"comfy.gguf.orig_shape.{tensor.name}")
        shape = tensor.shape[::-1] if field is None else [int(field.parts[i][0]) for i in field.data]
        values = gguf.quants.dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
        state[tensor.name] = torch.from_numpy(values.reshape([int(n) for n in shape]).copy())
    return state


def as_safetensors(path):
    """The same numbers in a temporary file under the names of original checkpoints, which diffusers reads."""
    state = numbers(path)
    xl = any(name.startswith(SECOND_CPP) for name in state)
    file = tempfile.NamedTemporaryFile(suffix=".safetensors", delete=False).name
    save_file({original_name(name, xl): value for name, value in state.items()}, file)
    return file


def write_types(folder):
    """One tensor of random blocks for each type that is read, and the bits that the package gguf computes for them."""
    names = "F32 F16 BF16 F64 I8 I16 I32 I64 Q8_0 Q4_0 Q4_1 Q5_0 Q5_1 Q2_K Q3_K Q4_K Q5_K Q6_K".split()
    rng = np.random.default_rng(18)
    writer, expected = gguf.GGUFWriter(folder / "types.gguf", "test"), {}
    for name in names:
        kind = Type[name]
        numbers_, size = gguf.GGML_QUANT_SIZES[kind]
        if name[0] in "FIB":
            values = rng.normal(size=(3, 5)) * 50
            data = {"F32": np.float32, "F16": np.float16, "F64": np.float64, "I8": np.int8, "I16": np.int16, "I32": np.int32, "I64": np.int64}.get(name)
            data = gguf.quants.quantize(values.astype(np.float32), kind) if data is None else values.astype(data)
            known = gguf.quants.dequantize(data, kind) if name in ("F32", "F16", "BF16") else data.astype(np.float32)
        else:
            blocks = rng.integers(0, 256, (3, 512 // numbers_, size), dtype=np.uint8)
            halves = {"Q8_0": [0], "Q4_0": [0], "Q5_0": [0], "Q4_1": [0, 2], "Q5_1": [0, 2], "Q2_K": [80, 82], "Q3_K": [108], "Q4_K": [0, 2],
                      "Q5_K": [0, 2], "Q6_K": [208]}[name]
            for at in halves:  # scales are finite numbers of either sign
                blocks[..., at:at + 2] = rng.normal(size=blocks.shape[:2]).astype(np.float16).view(np.uint8).reshape(*blocks.shape[:2], 2)
            data = blocks.reshape(3, -1)
            known = gguf.quants.dequantize(data, kind)
        writer.add_tensor(name, data, raw_dtype=kind)
        expected[name] = torch.from_numpy(np.ascontiguousarray(known.astype(np.float32)))
    writer.add_string("general.license", "CC0")
    finish(writer)
    save_file(expected, folder / "types.safetensors")
