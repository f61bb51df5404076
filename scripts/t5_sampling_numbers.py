"""The rows of tokens that T5GoldenTest expects from drawing words with a seed.

    pip install torch==2.7.1 transformers==5.23.0
    scripts/t5_sampling_numbers.py src/test/resources/goldens/models/t5
"""
import sys

import torch
from transformers import AutoTokenizer, T5ForConditionalGeneration

folder = sys.argv[1]
model = T5ForConditionalGeneration.from_pretrained(folder).eval()
inputs = AutoTokenizer.from_pretrained(folder)("portrait of a woman, 8k", return_tensors="pt")
for settings in (
    {"temperature": 0.8, "top_k": 10, "num_return_sequences": 16, "max_new_tokens": 6},
    {"temperature": 1.1, "top_k": 0, "top_p": 0.6, "num_return_sequences": 3, "max_new_tokens": 20},
):
    torch.manual_seed(7)
    print(model.generate(**inputs, do_sample=True, **settings).tolist())
