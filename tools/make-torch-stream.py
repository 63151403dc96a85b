"""Writes draws and training runs of PyTorch's CPU stream, in the format of
Tests/Fixtures/torch-stream.json.

    python make-torch-stream.py DATASETS OUTPUT [SEED ...]

Needs torch and pandas. The name of a draw says what was called directly after `manual_seed`.
"""
import json
import sys

import pandas as pd
import torch
from torch.utils.data import DataLoader, TensorDataset, random_split

FLOATING = {"float32": torch.float32, "float64": torch.float64}
HALVES = {"float16": torch.float16, "bfloat16": torch.bfloat16}


def draws(seed):
    result = {}

    def after_seed(name, draw):
        torch.manual_seed(seed)
        value = draw()
        result[name] = value.tolist() if isinstance(value, torch.Tensor) else value

    for name, dtype in {**FLOATING, **HALVES}.items():
        after_seed(f"rand_{name}", lambda: torch.rand(9, dtype=dtype))
        result[f"rand_{name}_then"] = torch.rand(2, dtype=dtype).tolist()
    for count in (1, 2, 3, 14, 16, 17, 31, 64, 65, 100):
        for prefix, dtype in (("randn", torch.float32), ("randn_float64", torch.float64)):
            after_seed(f"{prefix}_{count}", lambda: torch.randn(count, dtype=dtype))
            result[f"{prefix}_{count}_then_2"] = torch.randn(2, dtype=dtype).tolist()
    for name, dtype in HALVES.items():
        for count in (5, 16, 20):
            after_seed(f"randn_{name}_{count}", lambda: torch.randn(count, dtype=dtype))
            result[f"randn_{name}_{count}_then_1"] = torch.randn(1, dtype=dtype).tolist()
    after_seed("uniform_-0.25_7.5", lambda: torch.empty(20).uniform_(-0.25, 7.5))
    after_seed("normal_-3_2.5_7", lambda: torch.empty(7).normal_(-3, 2.5))
    after_seed("normal_-3_2.5_18", lambda: torch.empty(18).normal_(-3, 2.5))
    after_seed("randint_7", lambda: torch.randint(7, (9,)))
    after_seed("randint_-1000_-990", lambda: torch.randint(-1000, -990, (9,)))
    after_seed("randint_2**28-1", lambda: torch.randint(2**28 - 1, (5,)))
    after_seed("randint_2**28", lambda: torch.randint(2**28, (5,)))
    after_seed("randint_-2**62_2**62", lambda: torch.randint(-(2**62), 2**62, (5,)))
    for count in (0, 1, 2, 7, 700):
        after_seed(f"randperm_{count}", lambda: torch.randperm(count))
    after_seed("bernoulli_0.8", lambda: torch.empty(20).bernoulli_(0.8))
    after_seed("dropout_0.2_of_ones", lambda: torch.nn.functional.dropout(torch.ones(20), 0.2))
    after_seed("multinomial_9_of_20", lambda: torch.multinomial(torch.arange(1.0, 21.0), 9))
    for inputs, outputs in ((1, 1), (3, 2), (10, 16), (7, 1)):
        torch.manual_seed(seed)
        layer = torch.nn.Linear(inputs, outputs)
        result[f"linear_{inputs}_{outputs}_weight"] = layer.weight.tolist()
        result[f"linear_{inputs}_{outputs}_bias"] = layer.bias.tolist()

    def split(count, lengths, generator=None):
        parts = random_split(range(count), lengths, **({"generator": generator} if generator else {}))
        return [list(part.indices) for part in parts]

    own = torch.Generator().manual_seed(seed)
    after_seed("split_12_counts_5_4_3", lambda: split(12, [5, 4, 3]))
    after_seed("split_23_fractions_.5_.5", lambda: split(23, [0.5, 0.5]))
    after_seed("split_14_fractions_.33_.33_.34", lambda: split(14, [0.33, 0.33, 0.34]))
    after_seed("split_12_own_generator", lambda: split(12, [5, 4, 3], own))

    def epochs(count, total, batch_size, drop_last=False, generator=None):
        data = TensorDataset(torch.arange(total))
        loader = DataLoader(
            data, batch_size=batch_size, shuffle=True, drop_last=drop_last, generator=generator)
        return [[batch[0].tolist() for batch in loader] for _ in range(count)]

    own = torch.Generator().manual_seed(seed)
    after_seed("loader_default_generator_4_epochs", lambda: epochs(4, 13, 5))
    after_seed("loader_own_generator_4_epochs", lambda: epochs(4, 13, 5, generator=own))
    after_seed("loader_drop_last_3_epochs", lambda: epochs(3, 13, 5, drop_last=True))
    return result


def program(datasets, file, features, target, dtype, seed, epochs, batch_size, rate, momentum, hidden):
    kind = FLOATING[dtype]
    table = pd.read_csv(f"{datasets}/{file}")
    x = torch.tensor(table[features].values, dtype=kind)
    y = torch.tensor(table[[target]].values, dtype=kind)
    torch.manual_seed(seed)
    x = (x - x.mean(0)) / x.std(0)
    split = [0.6, 0.2, 0.2]
    training, validation, test = random_split(TensorDataset(x, y), split)
    loader = DataLoader(training, batch_size=batch_size, shuffle=True)
    if hidden:
        model = torch.nn.Sequential(
            torch.nn.Linear(len(features), hidden, dtype=kind), torch.nn.ReLU(),
            torch.nn.Linear(hidden, 1, dtype=kind))
    else:
        model = torch.nn.Linear(len(features), 1, dtype=kind)
    optimizer = torch.optim.SGD(model.parameters(), lr=rate, momentum=momentum)
    loss_function = torch.nn.MSELoss()
    losses = []
    for _ in range(epochs):
        for batch, wanted in loader:
            loss_function(model(batch), wanted).backward()
            optimizer.step()
            optimizer.zero_grad()
        losses.append(loss_function(model(validation[:][0]), validation[:][1]).item())
    return {
        "file": file, "features": features, "target": target, "dtype": dtype, "seed": seed,
        "epochs": epochs, "batch_size": batch_size, "learning_rate": rate, "momentum": momentum,
        "hidden": hidden, "standardise": "x only, over all rows, divisor n-1", "split": split,
        "validation_loss": losses, "test_loss": loss_function(model(test[:][0]), test[:][1]).item(),
        "parameters": None if hidden else {
            "weight": model.weight.tolist(), "bias": model.bias.tolist()}}


def main(datasets, output, seeds):
    diabetes = ["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"]
    programs = []
    for seed in seeds:
        programs += [
            program(datasets, "engel.csv", ["income"], "foodexp", dtype, seed, 20, 16, 0.02, 0.5, None)
            for dtype in FLOATING
        ] + [
            program(datasets, "diabetes.csv", diabetes, "target", "float64", seed, 10, 32, 1e-4, 0.9, 8)]
    document = {
        "format": "torch-stream-1", "torch": torch.__version__,
        "draws": {str(seed): draws(seed) for seed in seeds}, "programs": programs}
    with open(output, "w") as file:
        json.dump(document, file)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], [int(seed) for seed in sys.argv[3:]])
