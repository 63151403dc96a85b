"""PyTorch's side of `flops --only graphs`: python graphs.py [rounds]

Prints `name microseconds`, medians: a backward pass over a graph that is kept (backward_…), and making the
graph, the pass and freeing it (graph_…), for a chain of sums over 30,000 parameters, 30,000 losses of one
parameter, and 50,000 slices of one parameter that are put together newest first. One thread: each
operation is small.
"""

import statistics
import sys
import time

import torch

torch.set_num_threads(1)
rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5


def leaves():
    parameters = [torch.tensor(float(i), requires_grad=True) for i in range(30_000)]
    total = parameters[0]
    for parameter in parameters[1:]:
        total = total + parameter
    return total


def losses():
    parameter = torch.ones(16, requires_grad=True)
    return torch.stack([(parameter * float(i)).sum() for i in range(30_000)]).sum()


def slices():
    parameter = torch.ones(50_000, requires_grad=True)
    parts = [parameter[i : i + 1] for i in range(50_000)]
    return torch.cat(parts[::-1]).square().sum()


def measure(name, body):
    body()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        body()
        times.append(time.perf_counter() - start)
    print(name, f"{statistics.median(times) * 1e6:.0f}", flush=True)


for name, graph in [("leaves", leaves), ("losses", losses), ("slices", slices)]:
    total = graph()
    measure(f"backward_{name}", lambda: total.backward(retain_graph=True))
    del total
    measure(f"graph_{name}", lambda: graph().backward())
