"""Times of the same training steps in PyTorch on the CPU: ResNet-32 for CIFAR, batch 100, development batch 100, f32.

usage: pytorch_steps.py [ROUNDS] [THREADS]

plain f32         cross-entropy, SGD with Nesterov momentum and weight decay
stage 2 authors   the method as its authors publish it: the gradient with respect to epsilon by double backward
stage 2 jvp       the same step with one forward-mode pass (torch.func.jvp), the best form PyTorch offers
"""
import resource
import sys
import time
import warnings

import torch
import torch.nn.functional as F
from torch import nn
from torch.func import functional_call, jvp

warnings.filterwarnings("ignore")
BATCH, ETA, TAU = 100, 1e-3, 1e-2


class Block(nn.Module):
    """Two 3x3 convolutions with batch norm, and a shortcut that subsamples and pads channels."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.stride = stride

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        if self.stride == 2:
            side = x.shape[1] // 2
            x = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, side, side))
        return F.relu(y + x)


class ResNet32(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        blocks, inputs = [], 16
        for outputs in (16, 32, 64):
            for block in range(5):
                blocks.append(Block(inputs, outputs, 2 if outputs > 16 and block == 0 else 1))
                inputs = outputs
        self.layers = nn.Sequential(*blocks)
        self.linear = nn.Linear(64, 10)

    def forward(self, x):
        return self.linear(self.layers(F.relu(self.bn1(self.conv1(x)))).mean((2, 3)))


class Steps:
    def __init__(self):
        torch.manual_seed(0)
        self.net = ResNet32().train()
        self.sgd = torch.optim.SGD(self.net.parameters(), 0.1, momentum=0.9, nesterov=True, weight_decay=5e-4)
        self.x, self.x_dev = torch.randn(BATCH, 3, 32, 32), torch.randn(BATCH, 3, 32, 32)
        self.y, self.y_dev = torch.randint(0, 10, (BATCH,)), torch.arange(BATCH) % 10
        self.weights = torch.rand(10)[self.y]

    def update(self, weights):
        loss = (F.cross_entropy(self.net(self.x), self.y, reduction="none") * weights).mean()
        self.sgd.zero_grad()
        loss.backward()
        self.sgd.step()

    def plain(self):
        self.update(torch.ones(BATCH))

    def losses(self, theta):
        """Per-example losses at given parameters; running statistics are copies, and dropped."""
        return F.cross_entropy(self.at(theta, self.x), self.y, reduction="none")

    def at(self, theta, x):
        statistics = {name: value.clone() for name, value in self.net.named_buffers()}
        return functional_call(self.net, {**theta, **statistics}, (x,))

    def theta(self):
        return {name: p.detach().clone().requires_grad_() for name, p in self.net.named_parameters()}

    def stage2_authors(self):
        theta = self.theta()
        epsilon = torch.zeros(BATCH, requires_grad=True)
        loss = (self.losses(theta) * (self.weights + epsilon)).sum()
        gradients = torch.autograd.grad(loss, list(theta.values()), create_graph=True)
        ahead = {name: p - ETA * g for (name, p), g in zip(theta.items(), gradients)}
        dev = F.cross_entropy(self.at(ahead, self.x_dev), self.y_dev)
        (epsilon_gradient,) = torch.autograd.grad(dev, epsilon)
        self.update(self.weights - TAU * epsilon_gradient)

    def stage2_jvp(self):
        theta = self.theta()
        gradients = torch.autograd.grad((self.losses(theta) * self.weights).sum(), list(theta.values()))
        ahead = {name: (p - ETA * g).detach().requires_grad_() for (name, p), g in zip(theta.items(), gradients)}
        dev = F.cross_entropy(self.at(ahead, self.x_dev), self.y_dev)
        direction = dict(zip(theta, torch.autograd.grad(dev, list(ahead.values()))))
        fixed = {name: p.detach() for name, p in theta.items()}
        _, tangent = jvp(self.losses, (fixed,), (direction,))
        self.update(self.weights + TAU * ETA * tangent)


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    torch.set_num_threads(int(sys.argv[2]) if len(sys.argv) > 2 else 2)
    steps = Steps()
    kinds = {"plain f32": steps.plain, "stage 2 authors": steps.stage2_authors, "stage 2 jvp": steps.stage2_jvp}
    times = {name: [] for name in kinds}
    for step in kinds.values():
        step()
    for _ in range(rounds):
        for name, step in kinds.items():
            start = time.perf_counter()
            step()
            times[name].append((time.perf_counter() - start) * 1e3)
    for name, millis in times.items():
        millis.sort()
        print(f"{name:26s} min {millis[0]:7.0f}  median {millis[len(millis) // 2]:7.0f}  max {millis[-1]:7.0f} ms")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads, peak resident {peak:.0f} MB")


main()
