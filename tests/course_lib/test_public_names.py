"""The public interfaces: names, order, kinds and defaults of arguments, which others' code relies on."""

import inspect

import pytest

import course_lib.functional as F
from course_lib import nn, optim

FUNCTIONS = """
avg_pool2d(x, kernel_size, *, stride=None, padding=0, count_include_pad=True)
avg_pool2d_backward(dy, x_shape, kernel_size, *, stride=None, padding=0, count_include_pad=True)
batch_norm(x, gamma, beta, running_mean=None, running_var=None, *, training, momentum=0.1, eps=1e-05)
batch_norm_backward(dy, cache)
binary_cross_entropy_with_logits(input, target)
conv1d(x, w, b=None, *, stride=1, padding=0, dilation=1, groups=1)
conv1d_backward(dy, x, w, *, stride=1, padding=0, dilation=1, groups=1, needs=('x', 'w', 'b'))
conv2d(x, w, b=None, *, stride=1, padding=0, dilation=1, groups=1)
conv2d_backward(dy, x, w, *, stride=1, padding=0, dilation=1, groups=1, needs=('x', 'w', 'b'))
cross_entropy(logits, targets)
decorrelated_batch_norm(x, running_mean=None, running_whitening=None, *, training, momentum=0.1, eps=1e-05)
decorrelated_batch_norm_backward(dy, cache)
drop_connect(w, p, *, training=True, rng)
dropout(x, p, *, training=True, rng)
elu(x, alpha=1.0)
elu_backward(dy, x, alpha=1.0)
global_avg_pool2d(x)
global_avg_pool2d_backward(dy, x_shape)
group_norm(x, num_groups, gamma, beta, *, eps=1e-05)
group_norm_backward(dy, cache)
hinge_loss(scores, targets)
instance_norm(x, gamma, beta, *, eps=1e-05)
instance_norm_backward(dy, cache)
layer_norm(x, gamma, beta, *, eps=1e-05)
layer_norm_backward(dy, cache)
leaky_relu(x, negative_slope=0.01)
leaky_relu_backward(dy, x, negative_slope=0.01)
linear(x, w, b=None)
linear_backward(dy, x, w)
log_softmax(x, axis=-1)
log_softmax_backward(dy, y, axis=-1)
max_pool2d(x, kernel_size, *, stride=None, padding=0)
max_pool2d_backward(dy, indices, x_shape)
maxout(x, pieces, axis=1)
maxout_backward(dy, indices, pieces, axis=1)
mse_loss(input, target)
relu(x)
relu_backward(dy, x)
sigmoid(x)
sigmoid_backward(dy, x)
softmax(x, axis=-1)
softmax_backward(dy, y, axis=-1)
tanh(x)
tanh_backward(dy, x)
""".strip().splitlines()
LAYERS = """
Sequential(*layers)
Conv2d(in_channels, out_channels, kernel_size, *, stride=1, padding=0, dilation=1, groups=1, bias=True)
Linear(in_features, out_features, *, bias=True)
BatchNorm1d(num_features, *, eps=1e-05, momentum=0.1)
BatchNorm2d(num_features, *, eps=1e-05, momentum=0.1)
LayerNorm(normalized_shape, *, eps=1e-05)
GroupNorm(num_groups, num_channels, *, eps=1e-05)
InstanceNorm2d(num_features, *, eps=1e-05, affine=False)
ReLU()
LeakyReLU(negative_slope=0.01)
ELU(alpha=1.0)
Sigmoid()
Tanh()
Maxout(pieces, *, axis=1)
MaxPool2d(kernel_size, *, stride=None, padding=0)
AvgPool2d(kernel_size, *, stride=None, padding=0, count_include_pad=True)
GlobalAvgPool2d()
Flatten()
Dropout(p=0.5, *, inverted=True)
CrossEntropyLoss()
Parameter(array)
summary(model, input_shape, *, depth=None)
""".strip().splitlines()
OPTIMIZERS = """
SGD(params, lr, *, momentum=0, dampening=0, nesterov=False, weight_decay=0)
Adagrad(params, lr=0.01, *, lr_decay=0, weight_decay=0, initial_accumulator_value=0, eps=1e-10)
RMSprop(params, lr=0.01, *, alpha=0.99, eps=1e-08, weight_decay=0, momentum=0, centered=False)
Adam(params, lr=0.001, *, betas=(0.9, 0.999), eps=1e-08, weight_decay=0, amsgrad=False, bias_correction=True)
AdamW(params, lr=0.001, *, betas=(0.9, 0.999), eps=1e-08, weight_decay=0.01, \
amsgrad=False, bias_correction=True)
Newton(params, gradient, hessian, *, lr=1.0, damping=0.0)
""".strip().splitlines()
#: What nearly every function or layer takes besides.
EVERYWHERE = {"out", "rng", "dtype"}


def described(room, line):
    """Write the signature of the name in `line` as `line` does: without types, and without what all take."""
    name = line.split("(")[0]
    signature = inspect.signature(getattr(room, name))
    left_out = EVERYWHERE - {word.strip("*,()") for word in line.split()}
    kept = [
        each.replace(annotation=inspect.Parameter.empty)
        for each in signature.parameters.values()
        if each.name not in left_out
    ]
    return name + str(inspect.Signature(kept))


@pytest.mark.parametrize("line", FUNCTIONS)
def test_a_function_has_the_arguments_that_it_promised(line):
    assert described(F, line) == line


@pytest.mark.parametrize("line", LAYERS)
def test_a_layer_has_the_arguments_that_it_promised(line):
    assert described(nn, line) == line


@pytest.mark.parametrize("line", OPTIMIZERS)
def test_an_optimiser_has_the_arguments_that_it_promised(line):
    assert described(optim, line) == line


def test_the_list_of_functions_is_whole_and_each_takes_out():
    assert sorted(F.__all__) == [line.split("(")[0] for line in FUNCTIONS]
    for name in F.__all__:
        assert inspect.signature(getattr(F, name)).parameters["out"].default is None, name


@pytest.mark.parametrize(
    ("room", "kind", "members"),
    [
        (nn, "Module", "backward parameters zero_grad train eval state_dict load_state_dict __call__"),
        (nn, "CrossEntropyLoss", "backward __call__"),
        (nn, "Parameter", "data grad"),
        (optim, "Optimizer", "step zero_grad state_dict"),
    ],
)
def test_the_members_that_a_caller_relies_on_are_there(room, kind, members):
    for member in members.split():
        assert hasattr(getattr(room, kind), member), member
