"""Writes Tests/Fixtures/lenet.safetensors: a small LeNet of PyTorch after some steps of training.

Usage: python tools/make-lenet.py Tests/Fixtures/lenet.safetensors   (PyTorch 2.15, safetensors)

The file has the state under PyTorch's names, and beside it `images`, `labels` as numbers, the
`scores` of the images, and `gradient.NAME`, the gradients of the mean cross-entropy.
"""

import sys

import torch
from safetensors.torch import save_file
from torch import nn

torch.manual_seed(3)
model = nn.Sequential(
    nn.Conv2d(1, 4, 5, padding=2), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(4, 6, 3), nn.ReLU(), nn.AvgPool2d(2), nn.Flatten(), nn.Linear(24, 12), nn.ReLU(),
    nn.Linear(12, 5))
images, labels = torch.randn(7, 1, 12, 12), torch.arange(7) % 5
loss_function = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
for _ in range(5):
    optimizer.zero_grad()
    loss_function(model(images), labels).backward()
    optimizer.step()
model.eval()
optimizer.zero_grad()
scores = model(images)
loss_function(scores, labels).backward()
state = {name: tensor.float() for name, tensor in model.state_dict().items()}
gradients = {f"gradient.{name}": p.grad for name, p in model.named_parameters()}
save_file(
    {**state, **gradients, "images": images, "labels": labels.float(), "scores": scores.detach()},
    sys.argv[1])
