"""Codes, linear classifiers on them, and fine-tuning part by part."""

import numpy as np
import pytest
from scipy.optimize import minimize

from course_lib import nn, optim
from course_lib.data import load_digits
from course_lib.functional import cross_entropy, hinge_loss
from course_lib.training import evaluate, extract_codes, fit, linear_head, rate_groups, with_head

DIGITS = load_digits(dtype=np.float64).subset(np.arange(300))
LOSSES = {"softmax": (nn.CrossEntropyLoss, cross_entropy), "SVM": (nn.HingeLoss, hinge_loss)}


def trunk(seed=0):
    return nn.Sequential(
        nn.Sequential(nn.Conv2d(1, 4, 3, padding=1, rng=seed), nn.BatchNorm2d(4), nn.ReLU()),
        nn.Sequential(nn.Conv2d(4, 6, 3, stride=2, padding=1, rng=seed + 1), nn.BatchNorm2d(6), nn.ReLU()),
    )


def pixels():
    return DIGITS.images.reshape(300, 64)


def test_codes_are_the_trunks_outputs_in_evaluation_whatever_the_batches():
    net = trunk().train()
    before = net.state_dict()
    codes = extract_codes(net, DIGITS.images, batch_size=70)
    np.testing.assert_equal(net.state_dict(), before)
    assert net.training
    expected = net.eval()(DIGITS.images)
    assert codes.shape == (300, 6 * 4 * 4)
    np.testing.assert_allclose(codes, expected.reshape(300, -1), atol=1e-6)


@pytest.mark.parametrize("kind", LOSSES)
def test_the_head_reaches_the_minimum_of_its_convex_cost(kind):
    """SciPy minimises the same cost of standardised codes, in another way and from another start."""
    make, function = LOSSES[kind]
    codes, labels, penalty = pixels(), DIGITS.labels, 0.05
    deviation = codes.std(axis=0)
    kept = deviation > 0
    standard = (codes - codes.mean(axis=0))[:, kept] / deviation[kept]
    size = 10 * kept.sum()

    def cost(theta):
        weight, bias = theta[:size].reshape(10, -1), theta[size:]
        loss, dscores = function(standard @ weight.T + bias, labels)
        gradient = np.concatenate([(dscores.T @ standard + penalty * weight).ravel(), dscores.sum(axis=0)])
        return loss + penalty / 2 * (weight**2).sum(), gradient

    start = np.random.default_rng(0).normal(size=size + 10) / 10
    lowest = minimize(cost, start, jac=True, method="L-BFGS-B", options={"maxiter": 400}).fun

    head = linear_head(codes, labels, loss=make(), penalty=penalty)
    weight = head.weight.data[:, kept] * deviation[kept]
    bias = head.bias.data + head.weight.data @ codes.mean(axis=0)
    assert cost(np.concatenate([weight.ravel(), bias]))[0] <= 1.01 * lowest


@pytest.mark.parametrize("kind", LOSSES)
def test_the_head_judges_as_well_as_scikit_learns_linear_models(kind):
    models = pytest.importorskip("sklearn.linear_model")
    svm = pytest.importorskip("sklearn.svm")
    codes, (images, labels) = pixels(), load_digits(dtype=np.float64)
    others, answers = images[300:].reshape(len(images) - 300, -1), labels[300:]
    theirs = {"softmax": models.LogisticRegression(C=0.1), "SVM": svm.LinearSVC(C=0.01)}[kind]
    expected = theirs.fit(codes * 4, DIGITS.labels).score(others * 4, answers)
    head = linear_head(codes, DIGITS.labels, loss=LOSSES[kind][0]())
    assert (head(others).argmax(axis=1) == answers).mean() >= expected - 0.02


def test_the_head_is_for_the_codes_as_they_are():
    codes = pixels() * 1000 + 7
    codes[:, 0] = 3.0
    head = linear_head(codes, DIGITS.labels, steps=200)
    plain = linear_head(pixels(), DIGITS.labels, steps=200)
    np.testing.assert_allclose(head(codes), plain(pixels()), atol=1e-6)
    assert not head.weight.data[:, 0].any(), "a constant code tells nothing"
    assert all(parameter.grad is None for parameter in head.parameters())


def test_the_head_keeps_the_dtype_and_may_have_classes_without_examples():
    codes = pixels()[:20].astype(np.float32)
    head = linear_head(codes, np.zeros(20, np.int64), classes=3, steps=5)
    assert head.weight.dtype == np.float32
    assert head(codes).shape == (20, 3)


def tune(tuned, share=0.1):
    model = with_head(trunk(), nn.Sequential(nn.Flatten(), nn.Linear(96, 10, rng=5)), tuned=tuned)
    model.astype(np.float64)
    before = model.state_dict()
    groups = rate_groups([(part, share) for part in model[:-1]] + [(model[-1], 1)], 0.05)
    optimizer = optim.SGD(groups, 0.05)
    fit(model, nn.CrossEntropyLoss(), optimizer, DIGITS, epochs=1, progress=False)
    after = model.state_dict()
    return {name: np.abs(after[name] - before[name]).max() for name in before}


def test_only_the_tuned_modules_and_the_head_move():
    assert {name for name, step in tune(0).items() if step} == {"1.1.weight", "1.1.bias"}
    moved = {name for name, step in tune(1).items() if step}
    assert moved == {f"1.module.0.{layer}.{kind}" for layer in "01" for kind in ("weight", "bias")} | {
        "2.1.weight",
        "2.1.bias",
    }
    assert {name.split(".")[2] for name, step in tune(2).items() if step and name.startswith("0.")} == {
        "0",
        "1",
    }


def test_a_part_moves_by_its_share_of_the_rate():
    slow, fast = (tune(2, share)["0.module.0.0.weight"] for share in (1e-4, 1e-3))
    assert fast == pytest.approx(10 * slow, rel=0.02)


def test_groups_keep_their_share_when_the_rate_changes():
    parts = [(nn.Linear(1, 1, bias=False, rng=0), 0.1), (nn.Linear(1, 1, bias=False, rng=0), 1)]
    optimizer = optim.SGD(rate_groups(parts, 0.5), 0.5)
    optimizer.lr = 2.0
    starts = [float(part.weight.data[0, 0]) for part, _ in parts]
    for part, _ in parts:
        part.weight.grad = np.ones((1, 1), np.float32)
    optimizer.step()
    moves = [start - float(part.weight.data[0, 0]) for start, (part, _) in zip(starts, parts, strict=True)]
    assert moves == pytest.approx([0.2, 2.0], rel=1e-5)


def test_what_is_joined_is_copied():
    net, head = trunk(), nn.Linear(6, 10, rng=0)
    joined = with_head(net, nn.Sequential(nn.GlobalAvgPool2d(), head), tuned=2)
    joined.parameters()[0].data[...] = 0
    assert net.parameters()[0].data.any()


def test_fine_tuning_goes_on_from_the_head_and_lowers_the_loss():
    net, loss = trunk(), nn.CrossEntropyLoss()
    codes = extract_codes(net, DIGITS.images)
    head = nn.Sequential(nn.Flatten(), linear_head(codes, DIGITS.labels, penalty=0.1))
    begin = evaluate(with_head(net, head), loss, DIGITS)[0]
    tuned = with_head(net, head, tuned=2)
    assert evaluate(tuned, loss, DIGITS)[0] == pytest.approx(begin, rel=1e-6)
    optimizer = optim.Adam(rate_groups([(tuned[0], 0.1), (tuned[-1], 1)], 1e-2), 1e-2)
    fit(tuned, loss, optimizer, DIGITS, epochs=5, progress=False)
    assert evaluate(tuned, loss, DIGITS)[0] < 0.5 * begin


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda: extract_codes(trunk(), DIGITS.images[:0]), "images must hold at least one image"),
        (lambda: linear_head(pixels()[:0], DIGITS.labels[:0]), "codes must hold at least one row"),
        (lambda: linear_head(DIGITS.images, DIGITS.labels), "codes must have 2 axes"),
        (lambda: with_head(trunk(), nn.Flatten(), tuned=3), "tuned must be from 0 to the trunk's 2 modules"),
        (lambda: rate_groups([(nn.Frozen(trunk()), 1)], 0.1), "parts must have something that learns"),
        (lambda: rate_groups([(trunk(), 0)], 0.1), "parts must have something that learns"),
        (lambda: rate_groups([(trunk(), -1)], 0.1), "share of part 0 must be between 0 and"),
    ],
)
def test_what_cannot_be_is_told(call, reason):
    with pytest.raises(ValueError, match=reason):
        call()
