"""The lecture's program in PyTorch, as a whole process: python lecture.py FILE FEATURE TARGET

Prints the epoch and the validation loss after each epoch, as the Swift program does.
"""

import sys

import pandas
import torch
from torch.utils.data import DataLoader, TensorDataset, random_split

file, feature, target = sys.argv[1:]
table = pandas.read_csv(file)
x = torch.tensor(table[[feature]].to_numpy(), dtype=torch.float32)  # [rows, 1]
y = torch.tensor(table[[target]].to_numpy(), dtype=torch.float32)
torch.manual_seed(42)
dataset = TensorDataset((x - x.mean()) / x.std(), y)
training, validation, test = random_split(dataset, (0.6, 0.2, 0.2))
loader = DataLoader(training, batch_size=8, shuffle=True)

model = torch.nn.Linear(1, 1)
optimizer = torch.optim.SGD([model.weight, model.bias], lr=0.01)
loss_function = torch.nn.MSELoss()
for epoch in range(50):
    for x, y in loader:
        loss = loss_function(model(x), y)
        loss.backward()  # adds to weight.grad and bias.grad
        optimizer.step()
        optimizer.zero_grad()
    x, y = validation[:]
    print(epoch, loss_function(model(x), y).item())
