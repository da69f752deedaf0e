"""One training step of every row of the paper's table, in float64 PyTorch: the golden values of the Java steps.

usage: python table_rows.py OUT.safetensors            make the inputs and the results
       python table_rows.py --check FILE.safetensors   recompute the results from the inputs in the file
       python table_rows.py --differences FILE.safetensors
                                                       compare every gradient with central differences

Every meta-gradient is a plain double backward through the look-ahead step; no identity is used. Per parameter a case
holds four numbers, packed in vectors ordered as the metadata's `parameters` (or `parameters_normalised`): the norm of
the gradient (of `loss`, without weight decay), and the products of gradient, next parameter and next momentum with
r_k = cos(0.7 k + 0.3) over the flattened tensor in PyTorch's order. `next_state_dot` is the same for the running
statistics, ordered as `statistics`. Inputs are exactly representable in float32, results are float64.
"""
import itertools, json, math, struct, sys

import numpy as np
import torch
import torch.nn.functional as F
from torch.autograd import grad

torch.set_num_threads(1)
C, LR, ETA, TAU, MOMENTUM, DECAY, BETA, LR_WEIGHTING, SCALE = 10, 0.01, 0.01, 0.01, 0.9, 5e-4, 0.9999, 1e-3, 30
# A case says how it differs from: cross-entropy, linear head, weights 1, mean, Nesterov, decay 5e-4 on everything.
# kind: plain, l2rw, mwn, ours. `dev` is the loss on the development batch (always a plain mean).
CASES = {
    'ce': {},
    'ce-recipe-b': dict(nesterov=False, decay=2e-4),
    'cb-ce': dict(balanced=True),
    'cb-ce-weighted-mean': dict(balanced=True, reduction='weighted-mean'),
    'focal': dict(loss='focal'),
    'focal-gamma2': dict(loss='focal', gamma=2.0),
    'focal-gamma05': dict(loss='focal', gamma=0.5),
    'sigmoid-focal': dict(loss='sigmoid-focal', no_decay=('linear.bias',)),
    'cb-focal': dict(loss='sigmoid-focal', no_decay=('linear.bias',), balanced=True),
    'ldam': dict(loss='ldam', normalised=True),
    'ldam-drw': dict(loss='ldam', normalised=True, balanced=True, reduction='weighted-mean'),
    'balanced-softmax': dict(loss='balanced-softmax'),
    'l2rw': dict(kind='l2rw', reduction='sum'),
    'l2rw-all-negative': dict(kind='l2rw', reduction='sum'),
    'mwn': dict(kind='mwn', reduction='sum', look_ahead='sum'),
    'mwn-detached': dict(kind='mwn', reduction='mean', look_ahead='mean', detached=True),
    'ours-ce': dict(kind='ours'),
    'ours-ce-mean-look-ahead': dict(kind='ours', look_ahead='mean'),
    'ours-ce-tau0': dict(kind='ours', tau=0.0),
    'ours-focal': dict(kind='ours', loss='focal'),
    'ours-focal-dev-focal': dict(kind='ours', loss='focal', dev='focal'),
    'ours-ldam': dict(kind='ours', loss='ldam', normalised=True),
    'ours-ldam-dev-ldam': dict(kind='ours', loss='ldam', normalised=True, dev='ldam'),
    'ours-balanced-softmax': dict(kind='ours', loss='balanced-softmax'),
}
DEFAULTS = dict(kind='plain', loss='ce', dev='ce', gamma=1.0, normalised=False, balanced=False, reduction='mean',
                look_ahead='sum', detached=False, tau=TAU, nesterov=True, decay=DECAY, no_decay=())
CASES = {name: {**DEFAULTS, **case} for name, case in CASES.items()}
smallest = [math.inf]  # |x| of all that entered a rectifier


def relu(x):
    smallest[0] = min(smallest[0], x.detach().abs().min().item())
    return x.clamp(min=0)


# ---- network ----
def shapes():
    """Parameters of ResNet-8 with a linear head, in order, and its batch norms."""
    convs, previous = [('conv1', 'bn1', 16, 3)], 16
    for stage, width in enumerate((16, 32, 64), 1):
        for j, inputs in ((1, previous), (2, width)):
            convs.append((f'layer{stage}.0.conv{j}', f'layer{stage}.0.bn{j}', width, inputs))
        previous = width
    parameters = {}
    for conv, bn, width, inputs in convs:
        parameters.update({conv + '.weight': (width, inputs, 3, 3), bn + '.weight': (width,), bn + '.bias': (width,)})
    parameters.update({'linear.weight': (C, 64), 'linear.bias': (C,)})
    return parameters, {bn: width for _, bn, width, _ in convs}


def forward(theta, x, normalised, state=None):
    """Logits, batch norm in train mode; with `state` also the running statistics afterwards."""
    following = {}

    def norm(x, bn):
        n, mean = x.numel() / x.shape[1], x.mean((0, 2, 3))
        centred = x - mean[:, None, None]
        var = (centred * centred).mean((0, 2, 3))
        if state is not None:
            for key, batch in ((bn + '.running_mean', mean), (bn + '.running_var', var * n / (n - 1))):
                following[key] = (0.9 * state[key] + 0.1 * batch).detach()
        scale = theta[bn + '.weight'] / torch.sqrt(var + 1e-5)
        return centred * scale[:, None, None] + theta[bn + '.bias'][:, None, None]

    x = relu(norm(F.conv2d(x, theta['conv1.weight'], padding=1), 'bn1'))
    for stage in (1, 2, 3):
        block, stride = f'layer{stage}.0.', 1 if stage == 1 else 2
        y = relu(norm(F.conv2d(x, theta[block + 'conv1.weight'], stride=stride, padding=1), block + 'bn1'))
        y = norm(F.conv2d(y, theta[block + 'conv2.weight'], padding=1), block + 'bn2')
        if stride == 2:  # option A: every second pixel, zero channels on both sides
            zeros = torch.zeros_like(y[:, :y.shape[1] // 4])
            x = torch.cat((zeros, x[:, :, ::2, ::2], zeros), 1)
        x = relu(x + y)
    h, w = x.mean((2, 3)), theta['linear.weight']
    if normalised:
        z = (h / h.norm(dim=1, keepdim=True)) @ (w / w.norm(dim=0, keepdim=True))
    else:
        z = h @ w.T + theta['linear.bias']
    return z, following


def weighting(psi, losses):
    hidden = relu(losses[:, None] @ psi['hidden.weight'].T + psi['hidden.bias'])
    return torch.sigmoid(hidden @ psi['output.weight'].T + psi['output.bias'])[:, 0]


# ---- losses ----
def class_constants(counts):
    """Class weights of effective numbers with sum C, and LDAM's margins with maximum 0.5."""
    weights, margins = (1 - BETA) / (1 - BETA ** counts), counts ** -0.25
    return weights * C / weights.sum(), margins * 0.5 / margins.max()


def per_example(loss, z, y, counts, gamma):
    hot = F.one_hot(y, C).double()
    if loss == 'sigmoid-focal':  # sum over classes of (1 - p)^gamma (-log p), p the probability of what is true
        sign = 2 * hot - 1
        return (torch.sigmoid(-sign * z) ** gamma * -F.logsigmoid(sign * z)).sum(1)
    if loss == 'ldam':
        z = SCALE * (z - class_constants(counts)[1] * hot)
    if loss == 'balanced-softmax':
        z = z + torch.log(counts / counts.sum())
    ce = -(torch.log_softmax(z, 1) * hot).sum(1)
    return (1 - torch.exp(-ce)) ** gamma * ce if loss == 'focal' else ce


def reduce(losses, weights, reduction):
    total = (weights * losses).sum()
    return total / {'sum': 1, 'mean': len(losses), 'weighted-mean': weights.sum()}[reduction]


# ---- steps ----
def inputs_of(name, t):
    """The tensors a case starts from, in float64; a case's own inputs and its head's come before the common ones."""
    get = lambda key: t.get(f'{name}/{key}', t[key])
    i = {k: get(k) if k.startswith('y') else get(k).double() for k in ('x', 'y', 'x_dev', 'y_dev', 'counts')}
    for group in ('state', 'weighting', 'weighting_momentum'):
        i[group] = {k.split('/')[1]: v.double() for k, v in t.items() if k.startswith(group + '/')}
    for group in ('theta', 'momentum'):
        i[group] = {k: t[f'{group}/{k}'].double() for k in shapes()[0]}
        if CASES[name]['normalised']:
            del i[group]['linear.bias']
            i[group]['linear.weight'] = t[group + '_normalised/linear.weight'].double()
    return i


def leaves(tensors):
    return {k: v.clone().requires_grad_() for k, v in tensors.items()}


def base_weights(case, i):
    if case['kind'] == 'l2rw':
        return torch.zeros(len(i['y']), dtype=torch.float64)
    balanced = case['balanced'] or case['kind'] == 'ours'
    return class_constants(i['counts'])[0][i['y']] if balanced else torch.ones(len(i['y']), dtype=torch.float64)


def train_losses(case, i, theta):
    z, state = forward(theta, i['x'], case['normalised'], i['state'])
    return per_example(case['loss'], z, i['y'], i['counts'], case['gamma']), z, state


def dev_loss(case, i, outer):
    """The development loss after the look-ahead step, a function of `outer`: {'eps': eps}, or the weighting net."""
    theta = leaves(i['theta'])
    losses = train_losses(case, i, theta)[0]
    if case['kind'] == 'mwn':
        weights = weighting(outer, losses.detach() if case['detached'] else losses)
        if case['look_ahead'] == 'sum':
            weights = weights / weights.sum()
    else:
        weights = base_weights(case, i) + outer['eps']
    gradient = grad(reduce(losses, weights, case['look_ahead']), list(theta.values()), create_graph=True)
    ahead = {name: p - ETA * g for (name, p), g in zip(theta.items(), gradient)}
    z = forward(ahead, i['x_dev'], case['normalised'])[0]
    return per_example(case['dev'], z, i['y_dev'], i['counts'], case['gamma']).mean()


def outer_variables(case, i):
    return leaves(i['weighting'] if case['kind'] == 'mwn' else {'eps': torch.zeros(len(i['y']), dtype=torch.float64)})


def sgd(p, b, g, lr, decay, nesterov):
    d = g + decay * p
    b = MOMENTUM * b + d
    return p - lr * (d + MOMENTUM * b if nesterov else b), b


def projection(v):
    return v.detach().reshape(-1) @ torch.cos(0.7 * torch.arange(v.numel(), dtype=torch.float64) + 0.3)


def step(name, t):
    """All results of a case from the inputs."""
    case, i, out = CASES[name], inputs_of(name, t), {}
    theta = leaves(i['theta'])
    losses, z, state = train_losses(case, i, theta)
    weights = base_weights(case, i)
    if case['kind'] != 'plain':
        outer = outer_variables(case, i)
        out['dev_loss'] = dev_loss(case, i, outer)
        outer_grad = dict(zip(outer, grad(out['dev_loss'], list(outer.values()))))
    if case['kind'] == 'mwn':
        psi = {}
        for k, g in outer_grad.items():
            psi[k], b = sgd(outer[k], i['weighting_momentum'][k], g, LR_WEIGHTING, DECAY, True)
            out[f'weighting_grad/{k}'], out[f'next_weighting/{k}'], out[f'next_weighting_momentum/{k}'] = g, psi[k], b
        weights = weighting(psi, losses)
        if case['reduction'] == 'sum':
            weights = weights / weights.sum()
    elif case['kind'] == 'l2rw':
        out['eps_grad'] = outer_grad['eps']
        weights = (-outer_grad['eps']).clamp(min=0)
        weights = weights / weights.sum() if weights.sum() > 0 else weights
    elif case['kind'] == 'ours':
        out['eps_grad'] = outer_grad['eps']
        weights = weights - case['tau'] * outer_grad['eps']
    weights = weights.detach()
    total = reduce(losses, weights, case['reduction'])
    out.update(logits=z, losses=losses, weights=weights, loss=total)
    gradient, moved = dict(zip(theta, grad(total, list(theta.values())))), {}
    for k, p in theta.items():
        decay = 0 if k in case['no_decay'] else case['decay']
        moved[k] = sgd(p, i['momentum'][k], gradient[k], LR, decay, case['nesterov'])
    out['grad_norm'] = torch.stack([g.norm() for g in gradient.values()])
    out['grad_dot'] = torch.stack([projection(g) for g in gradient.values()])
    out['next_theta_dot'] = torch.stack([projection(p) for p, _ in moved.values()])
    out['next_momentum_dot'] = torch.stack([projection(b) for _, b in moved.values()])
    out['next_state_dot'] = torch.stack([projection(s) for s in state.values()])
    return {f'{name}/{k}': v.detach() for k, v in out.items()}, gradient


def results(t):
    return {k: v for name in CASES for k, v in step(name, t)[0].items()}


# ---- inputs ----
def make_inputs(seed):
    rng = np.random.default_rng(seed)
    normal = lambda *shape: torch.from_numpy(rng.standard_normal(shape).astype(np.float32))
    images = lambda n: normal(n, 3, 4, 4).repeat_interleave(8, 2).repeat_interleave(8, 3) + 0.5 * normal(n, 3, 32, 32)
    t, (parameters, norms) = {}, shapes()
    for k, shape in parameters.items():
        if len(shape) > 1:
            p = normal(*shape) * math.sqrt((0.5 if k == 'linear.weight' else 2) / math.prod(shape[1:]))
        else:
            p = 0.2 * normal(*shape) + (1 if k.endswith('.weight') else 0)
        t['theta/' + k], t['momentum/' + k] = p, 1e-2 * normal(*shape)
    t['theta_normalised/linear.weight'], t['momentum_normalised/linear.weight'] = normal(64, C), 1e-2 * normal(64, C)
    for bn, width in norms.items():
        t[f'state/{bn}.running_mean'], t[f'state/{bn}.running_var'] = 0.1 * normal(width), 0.5 + normal(width).abs()
    psi = {'hidden.weight': (100, 1), 'hidden.bias': (100,), 'output.weight': (1, 100), 'output.bias': (1,)}
    for k, shape in psi.items():
        t['weighting/' + k] = (0.1 if k == 'output.weight' else 1) * normal(*shape)
        t['weighting_momentum/' + k] = 1e-2 * normal(*shape)
    t['x'], t['y'] = images(8), torch.tensor([0, 9, 0, 1, 5, 9, 2, 8])
    t['x_dev'], t['y_dev'] = images(C), torch.arange(C)
    t['l2rw-all-negative/y_dev'] = torch.tensor([3, 4, 6, 7, 3, 4, 6, 7, 3, 4])  # no class of the training batch
    t['counts'] = torch.from_numpy(np.floor(4990 * 0.01 ** (np.arange(C) / (C - 1))).astype(np.int64))
    t['class_weights'], t['ldam_margins'] = class_constants(t['counts'].double())
    return t


def suits(t):
    """Nothing at a kink; L2RW clips some examples of the one batch and every example of the other."""
    smallest[0] = math.inf
    clipped = (step('l2rw', t)[0]['l2rw/eps_grad'] > 0).sum().item()
    if not 2 <= clipped <= 6 or not (step('l2rw-all-negative', t)[0]['l2rw-all-negative/eps_grad'] > 0).all():
        return False
    results(t)
    return smallest[0] > 1e-7


# ---- file format ----
TYPES = {'F32': np.float32, 'F64': np.float64, 'I64': np.int64}


def read(path):
    data = open(path, 'rb').read()
    body = 8 + struct.unpack('<Q', data[:8])[0]
    header, t = json.loads(data[8:body]), {}
    meta = header.pop('__metadata__')
    for k, d in header.items():
        start, end = d['data_offsets']
        values = np.frombuffer(data[body + start:body + end], TYPES[d['dtype']])
        t[k] = torch.from_numpy(values.reshape(d['shape']).copy())
    return t, meta


def write(path, t, meta):
    header, body, names = {'__metadata__': meta}, b'', {v: k for k, v in TYPES.items()}
    for k in sorted(t, key=lambda k: (-t[k].element_size(), k)):
        values, start = t[k].numpy(), len(body)
        body += values.tobytes()
        header[k] = dict(dtype=names[values.dtype.type], shape=list(values.shape), data_offsets=[start, len(body)])
    text = json.dumps(header, separators=(',', ':')).encode()
    text += b' ' * (-len(text) % 8)
    open(path, 'wb').write(struct.pack('<Q', len(text)) + text + body)


def check(path):
    t, _ = read(path)
    new = results(t)
    inputs = {k for k in t if k.split('/')[0] not in CASES or k.endswith('/y_dev')}
    assert set(new) == set(t) - inputs, set(new) ^ (set(t) - inputs)
    errors = {k: ((v - t[k]).norm() / (t[k].norm() + 1e-300)).item() for k, v in new.items()}
    worst = max(errors, key=errors.get)
    print(f'{len(new)} results, largest relative error {errors[worst]:.1e} ({worst}),',
          f'smallest |pre-activation| {smallest[0]:.1e}')
    return all(e < 1e-9 for e in errors.values())


def differences(path):
    """Largest error of each gradient against central differences: of `loss` along a random direction, relative to the
    gradient's norm; of the development loss for every eps_i and psi_k, relative to the largest. Rectifiers between the
    two points let the differences, not the gradients, err; hence the short steps."""
    t, rng = read(path)[0], torch.Generator().manual_seed(0)
    for name, case in CASES.items():
        i, (out, gradient) = inputs_of(name, t), step(name, t)
        direction = {k: torch.randn(g.shape, generator=rng, dtype=torch.float64) / math.sqrt(g.numel())
                     for k, g in gradient.items()}

        def total(s):
            losses = train_losses(case, i, {k: p + s * direction[k] for k, p in i['theta'].items()})[0]
            return reduce(losses, out[name + '/weights'], case['reduction']).item()

        def dev(key, j, s):
            outer = outer_variables(case, i)
            outer[key].detach().view(-1)[j] += s
            return dev_loss(case, i, outer).item()

        slope = sum((gradient[k] * d).sum().item() for k, d in direction.items())
        size = math.sqrt(sum(g.square().sum().item() for g in gradient.values())) + 1e-300
        line = f'{name:24} loss {abs((total(1e-7) - total(-1e-7)) / 2e-7 - slope) / size:.1e}'
        if case['kind'] != 'plain':
            prefix, h = (name + '/weighting_grad/', 1e-4) if case['kind'] == 'mwn' else (name + '/eps_grad', 1e-6)
            exact = torch.cat([v.reshape(-1) for k, v in out.items() if k.startswith(prefix)])
            places = [(k, j) for k, v in outer_variables(case, i).items() for j in range(v.numel())]
            numeric = torch.tensor([(dev(*p, h) - dev(*p, -h)) / (2 * h) for p in places], dtype=torch.float64)
            line += f', dev_loss {(exact - numeric).abs().max() / exact.abs().max():.1e} in {exact.numel()} components'
        print(line, flush=True)
    return True


def make(path):
    seed = next(s for s in itertools.count() if suits(make_inputs(s)))
    t = make_inputs(seed)
    smallest[0] = math.inf
    t.update(results(t))
    parameters, norms = shapes()
    meta = dict(seed=seed, lr=LR, eta=ETA, tau=TAU, momentum=MOMENTUM, weight_decay=DECAY, beta=BETA,
                lr_weighting=LR_WEIGHTING, ldam_scale=SCALE, ldam_max_margin=0.5,
                parameters=','.join(parameters), parameters_normalised=','.join(list(parameters)[:-1]),
                statistics=','.join(f'{bn}.{s}' for bn in norms for s in ('running_mean', 'running_var')),
                cases=','.join(CASES), projection='r_k = cos(0.7 k + 0.3)', layout='NCHW images, OIHW filters',
                smallest_pre_activation=smallest[0], torch=torch.__version__, numpy=np.__version__)
    write(path, t, {k: str(v) for k, v in meta.items()})
    print(path, 'seed', seed, len(t), 'tensors, smallest |pre-activation|', smallest[0])
    return True


modes = {'--check': check, '--differences': differences}
if len(sys.argv) == 3 and sys.argv[1] in modes:
    sys.exit(0 if modes[sys.argv[1]](sys.argv[2]) else 1)
if len(sys.argv) != 2 or sys.argv[1].startswith('-'):
    sys.exit(__doc__)
make(sys.argv[1])
