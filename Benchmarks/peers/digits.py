"""Examples/Convolution.swift in PyTorch, as a whole process: python digits.py FILE

Prints the number of test images that are right, and the seconds of the training.
"""

import sys
import time

import pandas
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

table = pandas.read_csv(sys.argv[1])
pixels = torch.tensor(table.drop(columns="target").to_numpy(), dtype=torch.float32) / 16
digits = torch.tensor(table["target"].to_numpy())
torch.manual_seed(0)
dataset = TensorDataset(pixels.reshape(-1, 1, 8, 8), digits)
training, test = random_split(dataset, (0.8, 0.2))
loader = DataLoader(training, batch_size=64, shuffle=True)
model = nn.Sequential(
    nn.Conv2d(1, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(),
    nn.Conv2d(16, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(),
    nn.MaxPool2d(2), nn.Dropout(0.3), nn.Flatten(), nn.Linear(512, 10))
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
loss_function = nn.CrossEntropyLoss()
start = time.perf_counter()
for epoch in range(15):
    for x, digit in loader:
        loss_function(model(x), digit).backward()
        optimizer.step()
        optimizer.zero_grad()
seconds = time.perf_counter() - start
x, digit = test[:]
model.eval()
with torch.no_grad():
    right = (model(x).argmax(1) == digit).sum().item()
print(f"{right} of {len(test)} right, {seconds:.2f} s")
