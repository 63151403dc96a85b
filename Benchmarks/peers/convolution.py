"""PyTorch's side of `flops --only convolution`: python convolution.py [seconds]

Prints `name microseconds`, each the median of repetitions: a convolution of 64 images, the same with
its gradients, and training steps of two small networks on 64 images, with all threads.
"""

import statistics
import sys
import time

import torch
from torch import nn

seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0


def measure(name, body):
    for _ in range(5):
        body()
    times = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        body()
        times.append(time.perf_counter() - start)
    print(name, f"{statistics.median(times) * 1e6:.3f}", flush=True)


torch.manual_seed(0)
layer = nn.Conv2d(3, 32, 3, padding=1)
x = torch.randn(64, 3, 32, 32, requires_grad=True)


def forward():
    with torch.no_grad():
        layer(x)


def gradients():
    layer(x).sum().backward()
    x.grad = layer.weight.grad = layer.bias.grad = None


measure("conv_forward", forward)
measure("conv_gradients", gradients)

networks = {
    28: nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(),
        nn.MaxPool2d(2), nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84),
        nn.ReLU(), nn.Linear(84, 10)),
    8: nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3, padding=1),
        nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10)),
}
loss_function = nn.CrossEntropyLoss()
for side, model in networks.items():
    images = torch.randn(64, 1, side, side)
    labels = torch.randint(0, 10, (64,))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)

    def step():
        loss_function(model(images), labels).backward()
        optimizer.step()
        optimizer.zero_grad()

    measure(f"lenet_{side}", step)
