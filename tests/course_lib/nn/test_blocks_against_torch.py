"""Every block beside the same expression in PyTorch: output, gradients by the input and all parameters."""

import numpy as np
import pytest

from course_lib import nn

torch = pytest.importorskip("torch")
T = torch.nn.functional

BLOCKS = {
    "residual of residuals": (
        lambda: nn.Residual(nn.Residual(nn.Conv2d(3, 3, 3, padding=1, rng=0)), nn.Conv2d(3, 3, 1, rng=1)),
        3,
    ),
    "squeeze and excitation": (lambda: nn.SqueezeExcitation(4, 2, rng=0), 4),
    "basic": (lambda: nn.BasicBlock(3, 3, rng=0), 3),
    "strided basic with a gate": (lambda: nn.BasicBlock(3, 4, stride=2, reduction=2, rng=0), 3),
    "bottleneck": (lambda: nn.Bottleneck(4, 8, stride=2, rng=0), 4),
    "ResNeXt": (lambda: nn.Bottleneck(4, 8, width=8, groups=4, rng=0), 4),
    "pre-activation": (lambda: nn.PreActivationBlock(3, 3, rng=0), 3),
    "strided pre-activation": (lambda: nn.PreActivationBlock(3, 5, stride=2, rng=0), 3),
    "inception": (lambda: nn.Inception(3, 2, (2, 4), (1, 3), 2, rng=0), 3),
    "dense": (lambda: nn.Sequential(nn.DenseBlock(3, 2, 3, rng=0), nn.Transition(9, 4, rng=1)), 3),
    "separable": (lambda: nn.DepthwiseSeparableConv2d(3, 4, 3, stride=2, padding=1, rng=0), 3),
}


def in_torch(module, x, tensors):
    """Compute `module` by PyTorch's functions from the parameters in `tensors`, following its structure."""

    def own(name):
        parameter = getattr(module, name)
        return None if parameter is None else tensors[id(parameter)]

    match module:
        case nn.Sequential():
            for layer in module:
                x = in_torch(layer, x, tensors)
            return x
        case nn.Sum():
            return sum(in_torch(branch, x, tensors) for branch in module.branches)
        case nn.Concatenate():
            return torch.cat([in_torch(branch, x, tensors) for branch in module.branches], dim=module.axis)
        case nn.Scale():
            return x * in_torch(module.gate, x, tensors)[:, :, None, None]
        case nn.Identity():
            return x
        case nn.Conv2d():
            options = {"stride": module.stride, "padding": module.padding, "groups": module.groups}
            return T.conv2d(x, own("weight"), own("bias"), **options)
        case nn.Linear():
            return T.linear(x, own("weight"), own("bias"))
        case nn.BatchNorm2d():
            averages = [torch.tensor(module.running_mean), torch.tensor(module.running_var)]
            return T.batch_norm(x, *averages, own("weight"), own("bias"), module.training, 0.1, module.eps)
        case nn.MaxPool2d():
            return T.max_pool2d(x, module.kernel_size, module.stride, module.padding)
        case nn.AvgPool2d():
            return T.avg_pool2d(x, module.kernel_size, module.stride, module.padding)
        case nn.GlobalAvgPool2d():
            return x.mean(dim=(2, 3))
        case nn.ReLU():
            return T.relu(x)
        case nn.Sigmoid():
            return torch.sigmoid(x)
    raise TypeError(type(module))


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize(("make", "channels"), BLOCKS.values(), ids=BLOCKS.keys())
def test_values_and_gradients_are_pytorchs(make, channels, training):
    rng = np.random.default_rng(0)
    block = make().astype(np.float64).train(training)
    state = {name: a + rng.uniform(0.1, 0.5, a.shape) for name, a in block.state_dict().items()}
    block.load_state_dict(state)
    x = rng.normal(size=(3, channels, 7, 6))
    tensors = {id(p): torch.tensor(p.data, requires_grad=True) for p in block.parameters()}
    inputs = torch.tensor(x, requires_grad=True)
    expected = in_torch(block, inputs, tensors)
    y = block(x)
    np.testing.assert_allclose(y, expected.detach().numpy(), rtol=1e-10, atol=1e-12)
    dy = rng.normal(size=y.shape)
    expected.backward(torch.tensor(dy))
    dx = block.backward(dy)
    np.testing.assert_allclose(dx, inputs.grad.numpy(), rtol=1e-8, atol=1e-11)
    for name, parameter in block.named_parameters():
        np.testing.assert_allclose(
            parameter.grad, tensors[id(parameter)].grad.numpy(), rtol=1e-8, atol=1e-10, err_msg=name
        )
