"""Lecture 13: each claim of its text is what the cell beside it prints."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

NORMALISED = ("VGG", "ResNet-8", "pre-activation 8", "SE-ResNet-8", "ResNeXt", "DenseNet")
WORK = r"(\S.*?) *: +[\d,]+ parameters, +([\d.]+) M"
PAGE = Path(__file__).resolve().parents[2] / "docs" / "architectures.md"


@pytest.fixture(scope="module")
def lecture(run_lecture):
    return run_lecture("13_architectures")


def rows(text, pattern):
    found = re.findall(pattern, text)
    assert found, f"nothing like {pattern!r} in {text!r}"
    return found


def counted(lecture):
    """Name -> parameters, published count (or what is stated), share of fully connected layers in percent."""
    lines = rows(
        lecture.printed("paper-counted"), r"(.+?\(\d{4}\)) +([\d,]+) +([\d,]+|\d+ MB) +[\d,.]+ M +([\d.]+)%"
    )
    return {name: (int(n.replace(",", "")), known, float(share)) for name, n, known, share in lines}


def test_counts_agree_with_the_published_ones(lecture):
    found = counted(lecture)
    assert len(found) == 10
    stated = {name for name, (n, known, _) in found.items() if known != f"{n:,}"}
    assert stated == {"Network in Network (2014)"}


def test_fully_connected_ends_hold_most_weights_until_the_global_mean(lecture):
    found = counted(lecture)
    ends = [found[name][2] for name in found if name.split()[0] in ("LeNet-5", "AlexNet", "ZFNet", "VGG-16")]
    assert len(ends) == 4
    assert min(ends) >= 89
    assert max(share for _, _, share in found.values() if share not in ends) < 15
    vgg = found["VGG-16 (2015)"][0]
    assert found["GoogLeNet, without auxiliary heads (2015)"][0] == pytest.approx(vgg / 20, rel=0.05)
    assert found["ResNet-50 (2016)"][0] < vgg / 5


def test_few_parameters_may_be_used_often(lecture):
    used = [int(n) for n in rows(lecture.printed("beware-work-shown"), r"used +(\d+) times")]
    assert used[0] < 20 < 200 < used[1] < used[2]


def test_zfnet_begins_finer(lecture):
    text = lecture.printed("first-layers")
    assert re.search(r"11×11 conv, stride 4 +\(96, 55, 55\) +sees 11 px", text)
    assert re.search(r"7×7 conv, stride 2 +\(96, 110, 110\) +sees +7 px", text)
    found = rows(lecture.printed("paper-counted"), r"(?:Alex|ZF)Net.+ ([\d,.]+) M")
    alexnet, zfnet = (float(number.replace(",", "")) for number in found)
    assert zfnet / alexnet == pytest.approx(1.6, abs=0.05)


def test_small_kernels_see_as_far_for_less(lecture):
    found = rows(lecture.printed("vgg-shown"), r"(\d) of (\d)×\d: sees (\d)×\d, (\d+) C²")
    assert [tuple(map(int, row)) for row in found] == [
        (1, 5, 5, 25),
        (2, 3, 5, 18),
        (1, 7, 7, 49),
        (3, 3, 7, 27),
    ]


def test_network_in_network_is_a_small_net_at_each_place(lecture):
    text = lecture.printed("nin-shown")
    assert "is a 1×1 convolution: True" in text
    assert text.count("have the shape (1, 10)") == 2


def test_reductions_save_work_and_all_branches_give_gradient(lecture):
    text = lecture.printed("inception-counted")
    assert lecture.number(r"without \d+ M: ([\d.]+) times", "inception-counted") == pytest.approx(
        2.41, abs=0.01
    )
    assert "= 256" in text
    assert lecture.number(r"all four branches: at most (\S+) off", "inception-backward-shown") < 1e-6
    assert lecture.number(r"the first alone: (\S+) off", "inception-backward-shown") > 0.1


def test_the_deeper_plain_net_fits_worse_and_the_deeper_residual_net_better(lecture):
    found = rows(lecture.printed("deeper-shown"), r"(\w+) +(\d+) layers: training loss ([\d.]+)")
    losses = {(kind, int(depth)): float(loss) for kind, depth, loss in found}
    assert losses["plain", 8] == pytest.approx(1.2, abs=0.15)
    assert losses["plain", 32] == pytest.approx(1.9, abs=0.2)
    assert losses["residual", 32] < losses["residual", 8]
    assert losses["plain", 8] < losses["residual", 8]
    assert losses["residual", 32] < losses["plain", 32] - 0.4


def test_recorded_numbers_are_those_of_the_page(lecture):
    said = lecture.cells["deeper-recorded"].source
    page = PAGE.read_text()
    for depth in (8, 20, 44):
        numbers = rows(said, rf"\| {depth} \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|")[0]
        measured = {
            kind: rows(page, rf"\| {kind} \| {depth} \| ([\d.]+) .*\| ([\d.]+) \([^|]*\|\n")[0]
            for kind in ("plain", "residual")
        }
        plain, residual = measured["plain"], measured["residual"]
        assert numbers == (plain[0], residual[0], plain[1], residual[1])
    for kind, number in (("plain", "1,025"), ("residual", "34"), ("pre-activation", "17")):
        assert f"| {kind} | {number} |" in page
        assert number in lecture.cells["gradients-said"].source
    assert "| plain, no normalisation | 0.048 |" in page


def test_gradients_grow_fade_or_stay(lecture):
    text = lecture.printed("gradients-shown")
    growth = {k: float(v) for k, v in rows(text, r"(.+?) *: gradient at .* layer +(\S+)")}
    assert 500 < growth["plain"] < 2000
    assert 10 < growth["pre-activation"] < growth["residual"] < 60
    assert 0.01 < growth["plain, no normalisation"] < 0.2


def test_the_identity_adds_dy_itself(lecture):
    assert "through the body: True" in lecture.printed("skips-shown")
    assert lecture.number(r"at most (\S+) off", "skips-shown") < 1e-6
    assert lecture.number(r"without dy (\S+) off", "skips-shown") > 1
    after, before = rows(lecture.printed("beware-relu-shown"), r"at +(\d+)% of")
    assert 40 < int(after) < 60
    assert int(before) == 100
    for variance, doubled in rows(lecture.printed("beware-variance-shown"), r"variance +(\S+), 2\^n = (\S+)"):
        ratio = float(variance.replace(",", "")) / float(doubled.replace(",", ""))
        assert ratio == pytest.approx(1, abs=0.3)


def test_later_nets_are_what_their_formulas_say(lecture):
    assert "sum of 4 narrow ones: True" in lecture.printed("resnext-shown")
    text = lecture.printed("later-counted")
    assert "as (13.8) says: True" in text
    assert re.search(r"dense block of 6 +256 channels", text)
    assert "64 + 6·32 = 256" in text
    assert lecture.number(r", ([\d.]+)% more work", "later-counted") < 0.1


def test_each_is_trained(lecture):
    found = rows(lecture.printed("trained-shown"), r"(\S.*?) *: +[\d,]+ parameters, .*, (\d+) % right")
    right = {name: int(share) for name, share in found}
    assert len(right) == 11
    normalised = {share for name, share in right.items() if name in NORMALISED}
    others = {name: share for name, share in right.items() if name not in NORMALISED}
    assert (min(normalised), max(normalised)) == pytest.approx((69, 78), abs=3)
    assert max(others.values()) == pytest.approx(71, abs=3)
    assert min(others, key=others.get) == "Network in Network"
    assert 44 <= others["Network in Network"] <= 62
    assert max(right, key=right.get) == "ResNeXt"
    work = {name: float(m) for name, m in rows(lecture.printed("trained-shown"), WORK)}
    assert work["ResNeXt"] / work["ResNet-8"] == pytest.approx(8, abs=0.5)


def test_the_deeper_plain_net_is_behind_in_each_epoch(lecture):
    shallow, deep = (
        [float(loss) for loss in line.split("epoch ")[1].split()]
        for line in lecture.printed("beware-overfitting-shown").splitlines()
    )
    assert len(shallow) == len(deep) == 3
    assert all(better < worse for better, worse in zip(shallow, deep))
