"""A training step of ResNet for CIFAR in PyTorch, run when asked and timed: a peer of io.eider.bench.step.Compare.

usage: pytorch_steps.py ROW FOLDER THREADS DEVICE

torch-plain             cross-entropy, SGD with Nesterov momentum and weight decay
torch-plain-cl          the same, channels-last
torch-plain-compile     the same, channels-last, network and loss through torch.compile
torch-plain-bf16        the same, channels-last, under autocast to bfloat16
torch-plain-bf16-compile
torch-stage2-authors    the method as its authors publish it: the gradient with respect to epsilon by double backward
torch-stage2-jvp        the same step with one forward-mode pass (torch.func.jvp), the best form PyTorch offers
torch-stage2-jvp-cl     the same, channels-last

FOLDER holds weights.safetensors (parameters and running statistics) and batch.safetensors (both batches and the step sizes).
Answers on standard output, one line for each on standard input: `reset` (the weights of the file, no momentum) with `ok`, `run`
with `ran MILLISECONDS LOSS`, where the loss is the one descended, before the step. Begins with `about TEXT` and `ready`, or with
`unavailable REASON` or `missing WHAT`. Ends with standard input.
"""
import json
import os
import struct
import sys
import time
import warnings

try:
    import torch
    import torch.nn.functional as F
    from torch import nn
    from torch.func import functional_call, jvp
except ImportError as error:
    print(f"missing {sys.executable} cannot import torch ({error}); pip install torch, or name another with --python")
    sys.exit(2)


def read(file):
    """Tensors by name, and the metadata, of a safetensors file of float32 and int64."""
    with open(file, "rb") as stream:
        header = json.loads(stream.read(struct.unpack("<Q", stream.read(8))[0]))
        data = bytearray(stream.read())
    metadata = header.pop("__metadata__", {})
    types = {"F32": torch.float32, "I64": torch.int64}
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        flat = torch.frombuffer(data, dtype=torch.uint8)[begin:end].clone()
        tensors[name] = flat.view(types[entry["dtype"]]).view(entry["shape"])
    return tensors, metadata


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


class ResNet(nn.Module):
    """ResNet-(6 blocks + 2) for 32x32 images."""

    def __init__(self, blocks, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.layer1 = nn.Sequential(*(Block(16, 16, 1) for _ in range(blocks)))
        self.layer2 = nn.Sequential(*(Block(16 if i == 0 else 32, 32, 2 if i == 0 else 1) for i in range(blocks)))
        self.layer3 = nn.Sequential(*(Block(32 if i == 0 else 64, 64, 2 if i == 0 else 1) for i in range(blocks)))
        self.linear = nn.Linear(64, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        return self.linear(self.layer3(self.layer2(self.layer1(x))).mean((2, 3)))


class Steps:
    """Every form of the step on one network; `row` says which one `run` is."""

    def __init__(self, row, folder, device):
        self.initial, _ = read(os.path.join(folder, "weights.safetensors"))
        batch, numbers = read(os.path.join(folder, "batch.safetensors"))
        self.eta, self.tau = float(numbers["eta"]), float(numbers["tau"])
        self.layout = torch.channels_last if row.endswith(("-cl", "-compile", "-bf16")) else torch.contiguous_format
        self.bf16 = "-bf16" in row
        self.device = torch.device(device)
        batch = {name: tensor.to(self.device) for name, tensor in batch.items()}
        blocks = (int(numbers["depth"]) - 2) // 6
        self.net = ResNet(blocks, batch["class_weights"].numel()).train().to(self.device, memory_format=self.layout)
        self.x, self.x_dev = (batch[name].permute(0, 3, 1, 2).contiguous(memory_format=self.layout) for name in ("x", "x_dev"))
        self.y, self.y_dev = batch["y"], batch["y_dev"]
        self.weights = batch["class_weights"][self.y]
        self.ones = torch.ones_like(self.weights)
        self.sgd = torch.optim.SGD(
            self.net.parameters(),
            float(numbers["learning_rate"]),
            momentum=float(numbers["momentum"]),
            nesterov=True,
            weight_decay=float(numbers["weight_decay"]),
        )
        self.weighted = torch.compile(self.weighted_loss) if row.endswith("-compile") else self.weighted_loss
        forms = {"authors": self.stage2_authors, "jvp": self.stage2_jvp, "plain": lambda: self.update(self.ones)}
        self.run = next(form for name, form in forms.items() if name in row)

    def reset(self):
        with torch.no_grad():
            for name, value in self.net.state_dict(keep_vars=True).items():
                if not name.endswith("num_batches_tracked"):
                    value.copy_(self.initial[name])
        self.sgd.state.clear()

    def weighted_loss(self, weights):
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.bf16):
            logits = self.net(self.x)
        return (F.cross_entropy(logits.float(), self.y, reduction="none") * weights).mean()

    def update(self, weights):
        loss = self.weighted(weights)
        self.sgd.zero_grad()
        loss.backward()
        self.sgd.step()
        return loss.item()

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
        epsilon = torch.zeros_like(self.weights, requires_grad=True)
        loss = (self.losses(theta) * (self.weights + epsilon)).sum()
        gradients = torch.autograd.grad(loss, list(theta.values()), create_graph=True)
        ahead = {name: p - self.eta * g for (name, p), g in zip(theta.items(), gradients)}
        dev = F.cross_entropy(self.at(ahead, self.x_dev), self.y_dev)
        (epsilon_gradient,) = torch.autograd.grad(dev, epsilon)
        return self.update(self.weights - self.tau * epsilon_gradient)

    def stage2_jvp(self):
        theta = self.theta()
        gradients = torch.autograd.grad((self.losses(theta) * self.weights).sum(), list(theta.values()))
        ahead = {name: (p - self.eta * g).detach().requires_grad_() for (name, p), g in zip(theta.items(), gradients)}
        dev = F.cross_entropy(self.at(ahead, self.x_dev), self.y_dev)
        direction = dict(zip(theta, torch.autograd.grad(dev, list(ahead.values()))))
        fixed = {name: p.detach() for name, p in theta.items()}
        _, tangent = jvp(self.losses, (fixed,), (direction,))
        return self.update(self.weights + self.tau * self.eta * tangent)


def main():
    row, folder, threads, device = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
    warnings.filterwarnings("ignore")
    torch.set_num_threads(threads)
    on_gpu = device != "cpu"
    if on_gpu and not torch.cuda.is_available():
        print(f"unavailable PyTorch {torch.__version__} finds no GPU here")
        return
    # Eider's f32 is f32.
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    steps = Steps(row, folder, device)
    steps.reset()
    if row.endswith("-compile"):
        try:
            steps.run()
        except Exception as error:
            print("unavailable torch.compile: " + " ".join(str(error).split()))
            return
    print(f"about PyTorch {torch.__version__}, threads: {torch.get_num_threads()}")
    if on_gpu:
        print(f"about {torch.cuda.get_device_name(steps.device)}, cuDNN {torch.backends.cudnn.version()}")
    print("ready", flush=True)
    for line in sys.stdin:
        if line.strip() == "reset":
            steps.reset()
            print("ok", flush=True)
        elif line.strip() == "run":
            start = time.perf_counter()
            loss = steps.run()
            if on_gpu:
                torch.cuda.synchronize()
            print(f"ran {(time.perf_counter() - start) * 1e3:.3f} {loss:.9g}", flush=True)


main()
