"""PyTorch's side of `flops --only overhead` and `--only lecture`: python steps.py [seconds]

Prints `name microseconds`, each the median of batches of repetitions: an addition of four elements,
untracked and recorded, and one step of the lecture's training (Linear(1, 1), 8 rows, mean squared
error, SGD). One thread: on work this small a second one only costs.
"""

import statistics
import sys
import time

import torch

torch.set_num_threads(1)
seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0


def measure(name, body, repetitions):
    for _ in range(repetitions):
        body()
    times = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        for _ in range(repetitions):
            body()
        times.append((time.perf_counter() - start) / repetitions)
    print(name, f"{statistics.median(times) * 1e6:.3f}", flush=True)


a = torch.tensor([1.0, 2.0, 3.0, 4.0])
b = torch.tensor([5.0, 6.0, 7.0, 8.0])
recorded = a.clone().requires_grad_()
measure("add_untracked", lambda: a + b, 1000)
measure("add_recorded", lambda: recorded + b, 1000)

torch.manual_seed(42)
model = torch.nn.Linear(1, 1)
optimizer = torch.optim.SGD([model.weight, model.bias], lr=0.01)
loss_function = torch.nn.MSELoss()
x = torch.randn(8, 1)
y = 2 * x + 1


def step():
    loss = loss_function(model(x), y)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()


measure("lecture_step", step, 100)
