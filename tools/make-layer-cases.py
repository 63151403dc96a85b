"""Writes Tests/Fixtures/layer-cases.json: layers and their gradients by PyTorch.

Usage: python tools/make-layer-cases.py > Tests/Fixtures/layer-cases.json   (PyTorch 2.15)

"layers": each case has a module's name, its settings, its state before the call under PyTorch's
names, the input, the output, the gradients of the input and of the parameters for the cotangent
1, -2, 3, -4, … over the output, and the state after the call. All numbers are float64.
"""

import json

import torch
from torch import nn

torch.manual_seed(7)


def rounded(tensor, digits=13):
    return [float(f"{value:.{digits}g}") for value in tensor.reshape(-1).tolist()]


def stored(tensor):
    return {"shape": list(tensor.shape), "values": rounded(tensor)}


layers = []


def add(module, x, evaluated=False, **settings):
    module = module.double()
    for parameter in module.parameters():
        nn.init.uniform_(parameter, 0.5, 1.5)
    for name, buffer in module.named_buffers():
        if name != "num_batches_tracked":
            nn.init.uniform_(buffer, 0.5, 1.5)
    module.train(not evaluated)
    case = {"op": type(module).__name__, "settings": settings, "isEvaluated": evaluated}
    case["before"] = {name: stored(tensor) for name, tensor in module.state_dict().items()}
    x = x.double().requires_grad_()
    y = module(x)
    if not y.requires_grad:
        raise ValueError("no gradient")
    cotangent = torch.tensor([(-1.0) ** i * (i + 1) for i in range(y.numel())]).double()
    y.backward(cotangent.reshape(y.shape))
    case["x"] = stored(x.detach())
    case["y"] = stored(y.detach())
    case["xGradient"] = rounded(x.grad)
    case["gradients"] = {name: rounded(p.grad) for name, p in module.named_parameters()}
    case["after"] = {name: rounded(tensor) for name, tensor in module.state_dict().items()}
    layers.append(case)


row = torch.tensor([-30.0, -8, -3, -1, -0.5, -1e-3, 1e-3, 0.5, 1, 3, 4, 8, 19.5, 25])
for alpha in [1.0, 0.5]:
    add(nn.ELU(alpha), row, alpha=alpha)
add(nn.SELU(), row)
for slope in [0.01, 0.3]:
    add(nn.LeakyReLU(slope), row, negativeSlope=slope)
for approximate in ["none", "tanh"]:
    add(nn.GELU(approximate), row, tanh=float(approximate == "tanh"))
add(nn.SiLU(), row)
add(nn.Mish(), row)
for beta, threshold in [(1, 20), (2, 5), (0.5, 20), (1, 2)]:
    add(nn.Softplus(beta, threshold), row, beta=beta, threshold=threshold)
add(nn.PReLU(), row)
for shape in [[2, 3], [2, 3, 2], [2, 3, 2, 2]]:
    add(nn.PReLU(3), torch.randn(shape), count=3)
    for axis in [0, 1, -1]:
        add(nn.Softmax(axis), torch.randn(shape) * 3, axis=axis)
        add(nn.LogSoftmax(axis), torch.randn(shape) * 3, axis=axis)
for shape, start, end in [([2, 3, 2, 2], 1, -1), ([2, 3, 2], 0, 1), ([2, 3, 2], -2, 2), ([4], 0, 0),
                          ([], 0, -1), ([2, 1, 3], 1, 1)]:
    add(nn.Flatten(start, end), torch.randn(shape), startAxis=start, endAxis=end)
add(nn.Identity(), torch.randn(2, 3))

for evaluated in [False, True]:
    for epsilon, momentum, affine in [(1e-5, 0.1, True), (0.01, 0.3, True), (1e-5, 0.1, False)]:
        settings = {"epsilon": epsilon, "momentum": momentum, "affine": float(affine)}
        for shape in [[4, 3], [2, 3, 2]]:
            add(nn.BatchNorm1d(3, epsilon, momentum, affine), torch.randn(shape) * 2 + 1, evaluated,
                count=3, **settings)
        for shape in [[2, 3, 2, 2], [1, 3, 1, 3]]:
            add(nn.BatchNorm2d(3, epsilon, momentum, affine), torch.randn(shape) * 2 + 1, evaluated,
                count=3, **settings)
for groups, channels, shape in [(1, 4, [2, 4]), (2, 4, [3, 4]), (4, 4, [2, 4, 3]),
                                (3, 6, [2, 6, 2]), (2, 4, [2, 4, 2, 3])]:
    for epsilon, affine in [(1e-5, True), (0.1, False)]:
        add(nn.GroupNorm(groups, channels, epsilon, affine), torch.randn(shape) * 2 + 1,
            groups=groups, channels=channels, epsilon=epsilon, affine=float(affine))
for shape, last in [([2, 4], [4]), ([3, 2, 3], [2, 3]), ([2, 2, 3], [3])]:
    add(nn.RMSNorm(last), torch.randn(shape) * 2, axes=len(last))
    add(nn.RMSNorm(last, 0.1, False), torch.randn(shape) * 2, axes=len(last), epsilon=0.1,
        affine=0.0)

for evaluated in [False, True]:
    for affine, tracked in [(True, False), (False, True), (True, True)]:
        settings = {"epsilon": 0.01, "momentum": 0.3, "affine": float(affine),
                    "tracked": float(tracked), "count": 3}
        for shape in [[2, 3, 4], [3, 5]]:
            add(nn.InstanceNorm1d(3, 0.01, 0.3, affine, tracked), torch.randn(shape) * 2 + 1,
                evaluated, **settings)
        for shape in [[2, 3, 2, 3], [3, 4, 2]]:
            add(nn.InstanceNorm2d(3, 0.01, 0.3, affine, tracked), torch.randn(shape) * 2 + 1,
                evaluated, **settings)
for stride, padding, dilation, groups, bias in [(1, 0, 1, 1, True), (2, 1, 2, 2, False)]:
    settings = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups,
                "affine": float(bias)}
    for layer, transposed, axes in [(nn.Conv1d, nn.ConvTranspose1d, [7]),
                                    (nn.Conv2d, nn.ConvTranspose2d, [6, 5])]:
        add(layer(2, 4, 3, stride, padding, dilation, groups, bias), torch.randn([2, 2] + axes),
            **settings)
        add(transposed(2, 4, 3, stride, padding, padding, groups, bias, dilation),
            torch.randn([2, 2] + axes), **settings)
for kernel, stride, padding, ceil in [(2, 2, 0, False), (3, 2, 1, True)]:
    settings = {"kernel": kernel, "stride": stride, "padding": padding, "ceil": float(ceil)}
    for layer, shape in [(nn.MaxPool1d, [2, 3, 8]), (nn.MaxPool2d, [2, 2, 6, 7]),
                         (nn.AvgPool1d, [2, 3, 8]), (nn.AvgPool2d, [2, 2, 6, 7])]:
        pool = layer(kernel, stride, padding, ceil_mode=ceil)
        add(pool, torch.randn(shape) * 3, **settings)
for count in [2, 3]:
    for layer, shape in [(nn.AdaptiveAvgPool1d, [2, 5]), (nn.AdaptiveMaxPool1d, [2, 5]),
                         (nn.AdaptiveAvgPool2d, [1, 4, 5]), (nn.AdaptiveMaxPool2d, [1, 4, 5])]:
        add(layer(count), torch.randn(shape) * 3, count=count)
add(nn.Unfold(2, 1, 1, 2), torch.randn(1, 2, 4, 5), kernel=2, padding=1, stride=2)
add(nn.Fold((4, 5), 2, 1, 1, 2), torch.randn(1, 8, 9), kernel=2, padding=1, stride=2)
add(nn.PixelShuffle(2), torch.randn(1, 8, 2, 3), count=2)
add(nn.PixelUnshuffle(2), torch.randn(1, 2, 4, 6), count=2)
add(nn.ZeroPad2d((1, 2, 3, 0)), torch.randn(1, 2, 2, 3))
add(nn.Upsample((3, 5), mode="bilinear", align_corners=True), torch.randn(1, 2, 4, 3))

print('{"layers": [')
print(",\n".join(json.dumps(case) for case in layers))
print("]}")
