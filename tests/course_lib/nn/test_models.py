"""Architectures: parameters as published, images of the papers' size go through, small ones learn."""

import numpy as np
import pytest

from course_lib import nn, optim
from course_lib.data import load_digits, load_fashion_mnist_subset
from course_lib.nn import models

# The counts and who says so stand in `course_lib.nn.models.published`.
PUBLISHED = {each.name: each for each in models.PUBLISHED}
QUICK = {name for name, each in PUBLISHED.items() if each.parameters < 13e6}
# Tables that round: He et al. 2016, table 6 (0.27M, 0.85M, 1.7M); "Identity mappings", table 4 (1.7M).
ROUNDED = [
    (lambda: models.small_resnet(20, in_channels=3, rng=0), 0.27e6),
    (lambda: models.small_resnet(56, in_channels=3, rng=0), 0.85e6),
    (lambda: models.small_resnet(110, in_channels=3, rng=0), 1.7e6),
    (lambda: models.preactivation_resnet(110, in_channels=3, rng=0), 1.7e6),
]
AT_PAPER_SIZE = [
    (models.alexnet, 227),
    (models.zfnet, 224),
    (models.nin, 224),
    (models.googlenet, 224),
    (models.resnet, 224),
    (models.se_resnet, 224),
    (models.resnext, 224),
    (models.densenet, 224),
    (models.vgg, 224),
    (models.efficientnet_lite0, 224),
]
SMALL = [
    lambda **options: models.lenet5(size=28, **options),
    models.small_alexnet,
    models.small_vgg,
    models.small_nin,
    models.small_googlenet,
    lambda **options: models.small_resnet(8, **options),
    lambda **options: models.small_resnet(8, skip=False, **options),
    lambda **options: models.preactivation_resnet(8, **options),
    lambda **options: models.small_se_resnet(8, **options),
    models.small_densenet,
    lambda **options: models.small_resnext(1, **options),
]
NAMES = [
    "lenet5",
    "small_alexnet",
    "small_vgg",
    "small_nin",
    "small_googlenet",
    "small_resnet",
    "plain",
    "preactivation_resnet",
    "small_se_resnet",
    "small_densenet",
    "small_resnext",
]


def parameters(model):
    return sum(parameter.data.size for parameter in model.parameters())


@pytest.mark.parametrize(
    "name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in PUBLISHED]
)
def test_parameters_are_those_published(name):
    assert parameters(PUBLISHED[name].build(rng=0)) == PUBLISHED[name].parameters


def test_every_architecture_of_a_paper_is_counted_with_a_source():
    named = {getattr(each.build, "func", each.build).__name__ for each in PUBLISHED.values()}
    whole = {name for name in models.__all__ if name.islower() and not name.startswith("small_")}
    assert whole - named == {"preactivation_resnet", "efficientnet_lite0_trunk"}
    assert all(len(each.source) > 10 for each in PUBLISHED.values())


def test_the_file_of_network_in_network_has_the_size_that_its_authors_state():
    stated = {name: each for name, each in PUBLISHED.items() if each.stated}
    assert list(stated) == ["Network in Network (2014)"]
    (net,) = stated.values()
    assert f"{4 * parameters(net.build(rng=0)) / 2**20:.0f} MB" == net.stated


@pytest.mark.parametrize(("build", "count"), ROUNDED)
def test_parameters_round_to_those_of_the_tables(build, count):
    assert parameters(build()) == pytest.approx(count, rel=0.03)


@pytest.mark.slow
@pytest.mark.parametrize(("build", "size"), AT_PAPER_SIZE, ids=lambda value: getattr(value, "__name__", None))
def test_an_image_of_the_papers_size_goes_through(build, size):
    model = build(rng=0).eval()
    x = np.random.default_rng(0).standard_normal((1, 3, size, size)).astype(np.float32)
    assert model(x).shape == (1, 1000)


@pytest.mark.slow
@pytest.mark.parametrize("build", [models.zfnet, models.nin])
def test_a_step_at_paper_size_lowers_the_loss(build):
    model, criterion = build(rng=0), nn.CrossEntropyLoss()
    nn.initialise(model, nn.initialisers.he_normal, rng=0)
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    x = np.random.default_rng(0).standard_normal((1, 3, 224, 224)).astype(np.float32)
    label = np.array([7])
    before = criterion(model(x), label)
    model.backward_to_parameters(criterion.backward())
    optim.SGD(model.parameters(), 1e-3).step()
    assert criterion(model(x), label) < before


@pytest.mark.slow
@pytest.mark.parametrize("build", SMALL, ids=NAMES)
def test_a_small_net_learns_a_batch_of_clothes(build):
    images, labels = load_fashion_mnist_subset()[0].subset(np.arange(32))
    model = build(rng=0)
    if not any(isinstance(module, nn.BatchNorm2d) for module in model.modules()):
        # Many layers of ReLU without normalisation start only from variances that ReLU keeps (He 2015).
        nn.initialise(model, nn.initialisers.he_normal, rng=0)
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    criterion, optimizer = nn.CrossEntropyLoss(), optim.Adam(model.parameters(), 3e-3)
    losses = []
    for _ in range(18):
        optimizer.zero_grad()
        losses.append(criterion(model(images - images.mean()), labels))
        dx = model.backward(criterion.backward())
        optimizer.step()
    assert dx.shape == images.shape
    assert losses[-1] < 0.8 * losses[0]


@pytest.mark.parametrize("build", [models.small_alexnet, lambda **options: models.lenet5(size=32, **options)])
def test_images_of_32_pixels_go_through_too(build):
    options = {"size": 32} if build is models.small_alexnet else {}
    model = build(in_channels=1, classes=7, rng=0, **options)
    assert model(np.zeros((2, 1, 32, 32), np.float32)).shape == (2, 7)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: models.lenet5(size=30), "size must be 32 or 28, got 30"),
        (lambda: models.small_alexnet(size=30), "size must be a multiple of 4"),
        (lambda: models.vgg(12), "depth must be one of 11, 13, 16, 19, got 12"),
        (lambda: models.resnet(20), "depth must be one of 18, 34, 50, 101, 152, got 20"),
        (lambda: models.resnext(18), "groups need bottlenecks"),
        (lambda: models.small_resnet(21), "depth must be 6n \\+ 2, such as 20, got 21"),
        (lambda: models.preactivation_resnet(7), "depth must be 6n"),
        (lambda: models.densenet(100), "depth must be one of 121"),
    ],
)
def test_what_no_paper_has_is_refused(make, reason):
    with pytest.raises(ValueError, match=reason):
        make()


def test_a_seed_fixes_a_net():
    digits = load_digits().images[:4]
    first, again = (models.small_resnet(8, rng=3)(digits) for _ in range(2))
    np.testing.assert_array_equal(first, again)
