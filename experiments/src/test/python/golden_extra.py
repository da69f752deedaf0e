"""What a golden file leaves out, from the golden script's own step: PyTorch's float32 error against the float64 values,
its errors over steps whose parameters were moved by half a unit in their last place, and projections of the gradients
that a slim file holds only norms of.

usage: golden_extra.py GOLDEN_SCRIPT FILE.safetensors OUT.json

r is uniform in [-1, 1): r_i = ((i * 2654435761 + 12345) mod 2^32) / 2^31 - 1 over the tensor in PyTorch's order.
"""
import json, sys, warnings

import numpy as np
import torch

warnings.filterwarnings('ignore')
script, file, out = sys.argv[1:4]
sys.argv = ['golden.py', '--check', file]
source = open(script).read().split('\nif a.check:')[0]
golden = {}
exec(compile(source, script, 'exec'), golden)
tensors, meta = golden['read'](file)
exact = golden['step'](tensors, meta)

# The same step in single precision: every cast to double becomes one to float.
single = {}
exec(compile(source.replace('.double()', '.float()').replace('torch.float64', 'torch.float32'), script, 'exec'), single)
rounded = {k: v.float() if v.dtype == torch.float64 else v for k, v in tensors.items()}


def errors(tensors):
    f32 = single['step'](tensors, meta)
    result = {}
    for name, value in exact.items():
        group = name.split('/')[0]
        error = ((f32[name].double() - value).norm() / (value.norm() + 1e-300)).item()
        result[group] = max(result.get(group, 0), error)
    return result


def moved(seed):
    signs = torch.Generator().manual_seed(seed)

    def move(value):
        sign = 2 * torch.randint(0, 2, value.shape, generator=signs).double() - 1
        return (value.double() * (1 + 2**-24 * sign)).float()

    return {k: move(v) if k.startswith('theta/') else v for k, v in rounded.items()}


first = errors(rounded)
steps = [errors(moved(seed)) for seed in range(15)]
draws = {group: sorted(step[group] for step in steps) for group in first}


def project(value):
    n = value.numel()
    r = (np.arange(n, dtype=np.uint64) * np.uint64(2654435761) + np.uint64(12345)) % np.uint64(2**32)
    return float(value.reshape(-1).numpy() @ (r / 2.0**31 - 1))


projections = {k: project(v) for k, v in exact.items() if k.startswith(('grad/', 'v/'))}
contents = {'torch': torch.__version__, 'f32_errors': first, 'f32_draws': draws, 'projections': projections}
json.dump(contents, open(out, 'w'), indent=1)
print(first)
