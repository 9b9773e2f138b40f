"""The files of state.pt as PyTorch itself writes them: python3 make_torch_fixtures.py, with PyTorch 1.13."""

from collections import OrderedDict

import torch

single = torch.arange(6, dtype=torch.float32)
state = OrderedDict(
    [
        ("linear.weight", torch.nn.Parameter(single.view(2, 3))),
        ("linear.transposed", single.view(2, 3).t()),
        ("linear.last", single[4:]),
        ("half", torch.tensor([0.5, -1.5], dtype=torch.float16)),
        ("brain", torch.tensor([1.0, -3.0], dtype=torch.bfloat16)),
        ("double", torch.tensor(0.25, dtype=torch.float64)),
        ("steps", torch.tensor([42])),
        ("empty", torch.zeros(0, 3)),
    ]
)
torch.save(state, "torch-1.13.pt")
torch.save(state, "torch-legacy.pt", _use_new_zipfile_serialization=False)
