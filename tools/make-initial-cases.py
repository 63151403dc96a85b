"""Writes Tests/Fixtures/initial-cases.json: initial values by PyTorch's nn.init.

Usage: python tools/make-initial-cases.py > Tests/Fixtures/initial-cases.json   (PyTorch 2.15)

Each case has the name of a function of nn.init, its settings (numbers and words), an element type,
a shape, the values after seed 7, and the float64 number that the generator draws next.
"""

import json
import warnings

import torch
from torch import nn

warnings.simplefilter("ignore")


def rounded(tensor, digits):
    return [float(f"{value:.{digits}g}") for value in tensor.reshape(-1).tolist()]


initializers = []
kinds = {"float32": torch.float32, "float64": torch.float64, "float16": torch.float16,
         "bfloat16": torch.bfloat16}


def initial(name, shape, types=("float32", "float64"), **settings):
    for kind in types:
        tensor = torch.full(shape, 9.0, dtype=kinds[kind])
        torch.manual_seed(7)
        arguments = {key: value for key, value in settings.items() if value is not None}
        getattr(nn.init, name + "_")(tensor, **arguments)
        initializers.append({
            "name": name, "type": kind, "shape": shape,
            "settings": {k: v for k, v in arguments.items() if not isinstance(v, str)},
            "words": {k: v for k, v in arguments.items() if isinstance(v, str)},
            "values": rounded(tensor, 13 if kind == "float64" else 9),
            "next": torch.rand(1, dtype=torch.float64).item(),
        })


every = tuple(kinds)
initial("zeros", [3])
initial("ones", [3])
initial("constant", [2, 2], val=0.1)
initial("uniform", [5], every)
initial("uniform", [4, 5], every, a=-0.3, b=0.7)
initial("normal", [5], every)
initial("normal", [4, 5], every, mean=0.3, std=0.1)
initial("trunc_normal", [5], every)
initial("trunc_normal", [40], mean=0.1, std=0.7, a=-0.5, b=0.9)
initial("trunc_normal", [5, 4], mean=-1.0, std=1.0, a=0.5, b=2.0)
initial("trunc_normal", [20], mean=0.0, std=1.0, a=-0.1, b=0.2)
for name in ["xavier_uniform", "xavier_normal"]:
    initial(name, [3, 4], every)
    initial(name, [2, 3, 2, 2], gain=1.7)
for name in ["kaiming_uniform", "kaiming_normal"]:
    initial(name, [3, 4], every)
    initial(name, [2, 3, 2], a=0.2)
    for nonlinearity in ["linear", "sigmoid", "tanh", "relu", "selu"]:
        initial(name, [2, 4], mode="fan_out", nonlinearity=nonlinearity)
    initial(name, [4, 2, 2], mode="fan_out", nonlinearity="leaky_relu", a=0.5)
for shape in [[4, 4], [3, 6], [6, 3], [2, 3, 2], [1, 5], [34, 33]]:
    initial("orthogonal", shape, ("float64",) if shape[0] > 9 else ("float32", "float64"))
initial("orthogonal", [3, 4], gain=1.5)
initial("sparse", [5, 4], every, sparsity=0.3)
initial("sparse", [6, 2], sparsity=0.5, std=2.0)
initial("eye", [3, 4])
initial("eye", [3, 2])
for shape, groups in [([4, 2, 3], 1), ([2, 4, 3], 1), ([4, 2, 3], 2), ([3, 3, 2, 3], 1),
                      ([2, 2, 3, 2, 1], 1)]:
    initial("dirac", shape, groups=groups)

gains = {name: nn.init.calculate_gain(name)
         for name in ["linear", "sigmoid", "tanh", "relu", "leaky_relu", "selu"]}

print('{"initializers": [')
print(",\n".join(json.dumps(case) for case in initializers))
print('],\n"gains": ' + json.dumps(gains) + "}")
