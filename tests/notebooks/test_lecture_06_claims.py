"""Lecture 06: each claim of its text is what the cell beside it prints, or what its widgets compute."""

import re
from dataclasses import replace

import nbformat
import numpy as np
import pytest
from executed_lecture import FOLDER

import course_lib.functional as F
from course_lib.widgets.counted_layers import CONNECTED, FULL, NETS, OWN, SEPARABLE, Layer, SizeParameters
from course_lib.widgets.counted_layers import compute as count
from course_lib.widgets.counted_layers import count as count_layers
from course_lib.widgets.receptive_stacks import EQUAL, NOTHING, FieldParameters
from course_lib.widgets.receptive_stacks import compute as look
from course_lib.widgets.shifted_pictures import LARGEST, POOLINGS, ShiftParameters, share_kept
from course_lib.widgets.shifted_pictures import compute as shift

NAME = "06_convolutional_networks"
NUMBER = r"(-?[\d,]*\.?\d+(?:e[+-]?\d+)?)"


@pytest.fixture(scope="module")
def lecture(run_lecture):
    return run_lecture(NAME)


def numbers(pattern, text):
    """All numbers that a pattern finds, one tuple for each match."""
    return [
        tuple(float(value.replace(",", "")) for value in (found if isinstance(found, tuple) else (found,)))
        for found in re.findall(pattern.replace("#", NUMBER), text)
    ]


@pytest.mark.slow
class TestCells:
    @pytest.mark.parametrize("cell_id", ["linear-shown", "order-shown", "separable-shown", "fc-conv-shown"])
    def test_what_is_said_to_be_equal_is_equal(self, lecture, cell_id):
        assert "True" in lecture.printed(cell_id)
        assert "False" not in lecture.printed(cell_id)

    def test_the_maximum_keeps_thin_lines_and_the_mean_fades_them(self, lecture):
        text = lecture.printed("pooled-edges-shown")
        rows = {
            row.split("  ")[0].split(" (")[0].strip(): numbers("1.5: +#% .before: #%", row)[0]
            for row in text.splitlines()
        }
        (largest, before), (mean, _), (fourth, _) = (
            rows["maximum 4×4"],
            rows["mean 4×4"],
            rows["every fourth"],
        )
        assert largest > 2 * before
        assert mean < 0.3 * before
        assert fourth == pytest.approx(before, rel=0.4)

    def test_pooling_gradients_are_measured_ones(self, lecture):
        gaps = numbers("measured: #", lecture.printed("pooling-backward-shown"))
        assert len(gaps) == 2
        assert max(gap for (gap,) in gaps) < 1e-8

    def test_assigning_loses_gradient_only_where_windows_overlap(self, lecture):
        rows = numbers(
            "#×#, stride #: # shares of 1; adding hands on #, assigning #",
            lecture.printed("beware-accumulate-shown"),
        )
        assert len(rows) == 3
        for k, _, stride, shares, added, assigned in rows:
            assert added == shares
            assert (assigned == shares) == (k == stride)

    def test_no_linear_kernel_does_what_a_relu_in_between_does(self, lecture):
        assert lecture.number(r"leaves (\d+)%", "linear-shown") > 30

    def test_edge_strength_needs_the_relu(self, lecture):
        (linear,), (relu,) = numbers("squared error #", lecture.printed("edge-strength-nets"))
        ((best, variance),) = numbers("can do: #; variance: #", lecture.printed("edge-strength-nets"))
        assert linear == pytest.approx(best, rel=1e-3)
        assert 0.85 < best / variance < 0.95, "a tenth below the variance"
        assert relu < 1e-6
        (linear,), (relu,) = numbers("squared error #", lecture.printed("edge-strength-shown"))
        assert relu < 1e-6 < linear

    def test_edge_strength_is_found_from_three_seeds_of_eight(self, lecture):
        rows = numbers("seed #: mean squared error #, .* over #", lecture.printed("edge-strength-seeds"))
        ((best, variance),) = numbers("can do: #; variance: #", lecture.printed("edge-strength-nets"))
        errors = {int(seed): error for seed, error, _ in rows}
        assert [seed for seed, error in errors.items() if error < 1e-4] == [1, 2, 3]
        assert [int(seed) for seed, _, spread in rows if spread == 0] == [5, 7]
        for seed in (5, 7):
            assert errors[seed] == pytest.approx(variance, rel=0.01)
        for seed in (0, 4, 6):
            assert 0.73 * variance < errors[seed] < 1.01 * best

    def test_relu_helps_on_the_dahlia_and_fails_where_nothing_was_taught(self, lecture):
        rows = {}
        for line in lecture.printed("denoise-shown").splitlines()[1:]:
            name, *values = re.match(r"(.+?) {2,}([\d.]+) +([\d.]+) +([\d.]+)$", line).groups()
            rows[name] = np.array(values, float)
        nets = np.array([rows[f"ReLU, seed {seed}"] for seed in range(4)])
        linear, box = rows["best linear 7×7"], rows["5×5 box"]
        assert (nets[:, 2] < linear[2]).all()
        assert (nets[:, 0] < linear[0]).tolist() == [True, False, False, False]
        excess = nets[1:] - linear
        assert (excess[:, 1] > excess[:, 0]).all(), "worst in the light part"
        assert box[2] == pytest.approx(nets[:, 2].min(), rel=0.02)
        text = lecture.printed("denoise-parts")
        ((tested, taught),) = numbers("#% of .* half, #% of its training square", text)
        assert taught < 5 < 50 < tested
        ((least, most),) = numbers("open at #% to #% of", text)
        assert 0 < least < most < 100

    def test_the_mean_and_relu_do_not_commute(self, lecture):
        assert lecture.number(r"larger at (\d+)%", "order-shown") > 10
        assert lecture.number(r"pooling after it ([\d.]+)", "order-shown") < 0.9

    def test_fields_by_formula_library_and_gradient(self, lecture):
        text = lecture.printed("receptive-shown")
        assert "LeNet-5 (field, step): (16, 4)  VGG-16, before its head: (212, 32)" in text
        assert "three 3×3: (7, 1)  dilated by 1, 2, 4: (15, 1)" in text
        assert "[(5, 5), (6, 6), (14, 14), (16, 16)]" in text
        text = lecture.printed("measured-field-shown")
        assert "formula: 20×20 from row 80, column 120" in text
        assert "gradient: rows 80 to 99, columns 120 to 139" in text

    def test_what_is_used_of_a_field_grows_like_the_root(self, lecture):
        rows = numbers(
            "measured #, by the formula #; in the middle half #%", lecture.printed("effective-shown")
        )
        assert len(rows) == 3
        for measured, formula, _ in rows:
            assert measured == formula
        shares = [share for *_, share in rows]
        assert shares == sorted(shares)
        assert shares[-1] > 99

    def test_few_pixels_of_a_field_may_count(self, lecture):
        assert numbers("gradient at # of #", lecture.printed("beware-field-shown")) == [
            (1, 64),
            (64, 64),
            (9, 81),
        ]

    def test_equivariance_is_exact_at_multiples_of_the_step(self, lecture):
        rows = {}
        for line in lecture.printed("equivariance-shown").splitlines()[1:]:
            name, values = line[:19].strip(), [int(value) for value in line[19:].split()]
            rows[name] = np.array(values).reshape(2, 8)
        shifts = np.arange(1, 9)
        for name, step in (
            ("convolution, ReLU", 1),
            ("… and maximum 2×2", 2),
            ("… and maximum 4×4", 4),
            ("… and mean 4×4", 4),
        ):
            assert ((rows[name][0] == 0) == (shifts % step == 0)).all(), name
        plain, largest = rows["convolution, ReLU"][1], rows["… and maximum 4×4"][1]
        assert (plain > 100).all()
        assert largest[0] == 19
        assert (largest[3:] >= 60).all()
        between = shifts % 4 != 0
        others = [row[0][between] for name, row in rows.items() if name != "… and every fourth"]
        assert (rows["… and every fourth"][0][between] > np.max(others, axis=0)).all()

    def test_the_rim_and_a_turn_break_equivariance(self, lecture):
        text = lecture.printed("beware-invariant-shown")
        ((valid, padded),) = numbers("without padding #%, with zero padding #%", text)
        assert valid == 0 < padded
        assert lecture.number(r"90°: (\d+)%", "beware-invariant-shown") > 50

    def test_a_flattened_end_knows_places_and_an_average_forgets_them(self, lecture):
        rows = {}
        for line in lecture.printed("three-heads-shown").splitlines():
            rows[line[:24].strip()] = [float(v) for v in re.findall(r"off ([\d.]+)", line)]
        dense, flat, averaged = (
            rows[name] for name in ("fully connected", "convolutions, flattened", "convolutions, averaged")
        )
        assert dense[3] < dense[0] / 2
        assert flat[3] < flat[0] / 2
        assert flat[0] > dense[0]
        assert flat[1] > dense[1]
        assert min(averaged) > 0.85 * averaged[0]
        assert averaged[0] < dense[0]

    def test_lenet_is_counted_as_by_the_formula(self, lecture):
        text = lecture.printed("sizes-shown")
        assert "1,600 units, 2,400 weights, 240,000 connections" in text
        assert re.search(r"3 Conv2d +1,600 +2,400 +240,000", text)
        text = lecture.printed("three-products-shown")
        assert text.count(": 240,000 multiply-adds") == 3
        ((connections, step),) = numbers("# connections; a training step #", text)
        assert step == 3 * connections

    def test_where_units_weights_and_connections_are(self, lecture):
        rows = {}
        for line in lecture.printed("real-nets-shown").splitlines()[1:]:
            rows[line[:10].strip()] = [
                float(v.replace(",", "")) for v in re.findall(NUMBER + r"(?![\w-])", line[10:])
            ]
        for name in ("LeNet-5", "AlexNet"):
            units, weights, connections = rows[name][3:]
            assert units > 95
            assert weights < 5
            assert connections > 85
        for name in ("GoogLeNet", "ResNet-50"):
            assert rows[name][4] > 80
        assert rows["ResNet-50"][1] < 0.5 * rows["AlexNet"][1]
        assert rows["ResNet-50"][2] > 5 * rows["AlexNet"][2]

    def test_separable_layers_cost_what_the_formula_says(self, lecture):
        rows = numbers(r"→ +#, .*  #   #\n", lecture.printed("separable-cost-shown"))
        assert len(rows) == 4
        assert all(measured == formula for _, measured, formula in rows)

    def test_slip_13_both_stages_at_the_output(self, lecture):
        text = lecture.printed("beware-separable-shown")
        ((itself,),) = numbers("the layer itself: +#", text)
        ((right,),) = numbers("at the output's .*: +#", text)
        ((wrong, _),) = numbers("at the input's .*: +#, # times", text)
        assert itself == right < wrong

    def test_the_separable_net_is_cheaper_and_somewhat_worse(self, lecture):
        rows = numbers("# weights, +# connections; .* mean #", lecture.printed("textures-shown"))
        full, separable = rows
        assert separable[0] < full[0] / 5
        assert separable[1] < full[1] / 5
        assert full[2] - 0.12 < separable[2] < full[2]

    def test_a_matrix_stops_being_a_convolution_at_the_first_step(self, lecture):
        before, after = numbers(
            "# entries are not 0, with # different values; .* up to #",
            lecture.printed("beware-fc-conv-shown"),
        )
        assert before == (324, 9, 0)
        assert after[0] == after[1] == 36 * 64
        assert after[2] > 0

    def test_sliding_gives_the_same_for_a_twelfth(self, lecture):
        text = lecture.printed("sliding-same")
        ((count, gap),) = numbers("^# windows, .* map #", text)
        assert count == 3249
        assert gap < 1e-3
        assert lecture.number(r"([\d.]+) times as many", "sliding-same") == pytest.approx(12, abs=0.5)
        ((inside, border),) = numbers("one texture: #%, elsewhere: #%", lecture.printed("sliding-shown"))
        assert inside > 88 > border
        ((gravel,),) = numbers("in the window, .*gravel #%", lecture.printed("sliding-border"))
        assert gravel > 50
        patches = numbers("mean #", lecture.printed("textures-shown"))[0][0]
        assert inside / 100 == pytest.approx(patches, abs=0.05)

    def test_centring_and_scaling_end_at_the_same_number(self, lecture):
        rows = numbers("as it is +#   centred +#   centred and scaled +#", lecture.printed("scaling-shown"))
        assert len(rows) == 3
        for raw, centred, scaled in rows:
            assert scaled < centred < raw
            assert scaled == 133
        windows = [value for (value,) in numbers("κ = +#", lecture.printed("scaling-windows-shown"))]
        assert windows == sorted(windows, reverse=True)
        assert windows[1] / windows[2] == pytest.approx(3, rel=0.05)
        assert windows[2] / windows[3] == pytest.approx(1, abs=0.01)

    def test_tanh_leaves_a_better_problem_than_the_logistic_function(self, lecture):
        text = lecture.printed("hidden-scaling-shown")
        logistic, tanh, relu, centred = (value for (value,) in numbers("next layer +#", text))
        assert "holds: True" in text
        assert logistic > 10 * tanh
        assert centred < relu


def stacked(*names, **settings):
    layers = {f"layer{number}": NOTHING for number in range(1, 6)}
    layers |= {f"layer{number}": name for number, name in enumerate(names, start=1)}
    return look(FieldParameters(**layers, weights=EQUAL, relu=False, **settings))


def test_answers_about_receptive_fields():
    assert [stacked(*["conv 3×3"] * n).sizes[-1] for n in (2, 3)] == [5, 7]
    deep = stacked(*["conv 5×5"] * 5)
    assert (deep.sizes[-1], deep.half) == (21, 7)
    alone = stacked("conv 3×3, dilation 4")
    assert (alone.gradient > 0).sum() == 9
    assert np.diff(np.flatnonzero(alone.profile)).tolist() == [4, 4]
    before = stacked("conv 3×3", "conv 3×3, dilation 4")
    assert np.diff(np.flatnonzero(before.profile)).tolist() == [1, 1, 2, 1, 1, 2, 1, 1]
    assert [(stacked(*[f"{kind} pool 2×2"] * 4).gradient > 0).sum() for kind in ("max", "mean")] == [1, 256]


def test_answers_about_shifts():
    plain, wide, mean = (share_kept(name) for name in ("no pooling", "max pooling 4×4", "mean pooling 4×4"))
    assert (shift(ShiftParameters(pooling="no pooling")).equivariance < 1e-6).all()
    at = {s: [LARGEST - s, LARGEST + s] for s in (1, 2, 3, 4)}
    assert (plain[at[3]] < 0.4).all()
    assert (plain[at[2]] > 0.5).all()
    assert (wide[at[3]] > 0.5).all()
    assert (wide[at[4]] < 0.5).all()
    assert all((wide[at[s]] > mean[at[s]]).all() for s in (2, 3))
    kept = [[100 * shares[LARGEST + s] for shares in (wide, mean)] for s in (2, 3, 1, -1)]
    np.testing.assert_allclose(kept, [(83, 71), (63, 58), (91, 91), (89, 92)], atol=0.5)
    errors = shift(ShiftParameters(pooling="max pooling 4×4")).equivariance
    assert np.argmax(errors[LARGEST : LARGEST + 4]) == 3
    np.testing.assert_allclose(errors[[LARGEST - 1, LARGEST - 5]], errors[LARGEST + 3])
    assert set(POOLINGS.values()) == {1, 2, 4}


def _vgg_convolutions():
    """Channels in and out and side of each convolution of VGG-16."""
    (channels, side), layers = NETS["VGG-16 (2015)"]
    for layer in layers:
        if layer.kind == "conv":
            yield channels, layer.outputs, side
            channels = layer.outputs
        side //= 2 if layer.kind == "pool" else 1


def test_answers_of_the_accountant():
    for net, share in (("LeNet-5 (1998)", 78), ("AlexNet (2012)", 62), ("VGG-16 (2015)", 74)):
        counted = count(SizeParameters(net))
        first = counted.names.index("fc 1")
        assert round(100 * counted.weights[first] / counted.weights.sum()) == share
        assert counted.units[first] < 0.02 * counted.units.sum()
        share = {"LeNet-5 (1998)": 11.5, "AlexNet (2012)": 5.2, "VGG-16 (2015)": 0.7}[net]
        assert 100 * counted.connections[first] / counted.connections.sum() == pytest.approx(share, abs=0.05)
    full, separable = (count(SizeParameters("VGG-16 (2015)", kind)) for kind in (FULL, SEPARABLE))
    assert separable.connections.sum() / 1e9 == pytest.approx(1.91, abs=0.005)
    assert full.connections.sum() / 1e9 == pytest.approx(15.5, abs=0.05)
    convolutions = ~full.fully_connected
    left = separable.connections[convolutions].sum() / full.connections[convolutions].sum()
    assert left == pytest.approx(0.116, abs=0.0005)
    assert round(1 / 512 + 1 / 9, 3) == 0.113
    stages = np.array([(9 * c * side**2, c * o * side**2) for c, o, side in _vgg_convolutions()]).sum(axis=0)
    assert stages.sum() == separable.connections[convolutions].sum()
    assert stages[1] / stages.sum() == pytest.approx(0.95, abs=0.005)
    small, dense = (count(SizeParameters("LeNet-5 (1998)", kind)) for kind in (FULL, CONNECTED))
    convolutions = ~small.fully_connected
    assert dense.weights[convolutions].sum() / small.weights[convolutions].sum() == pytest.approx(2630, abs=5)
    assert dense.connections[convolutions].sum() / small.connections[convolutions].sum() == pytest.approx(
        18.7, abs=0.05
    )


def test_doubling_the_own_net():
    own = SizeParameters(OWN)
    once, larger, wider = count(own), count(replace(own, side=64)), count(replace(own, width=32))
    convolutions = ~once.fully_connected
    np.testing.assert_array_equal(larger.weights[convolutions], once.weights[convolutions])
    np.testing.assert_array_equal(larger.connections[convolutions], 4 * once.connections[convolutions])
    assert larger.weights[3] == 4 * once.weights[3]
    np.testing.assert_array_equal(wider.units[convolutions], 2 * once.units[convolutions])
    np.testing.assert_array_equal(wider.weights[1:3], 4 * once.weights[1:3])
    np.testing.assert_array_equal(wider.connections[1:3], 4 * once.connections[1:3])


def cells_of_the_lecture(*cell_ids):
    """What these cells define, run one after the other without the rest of the lecture."""
    cells = {cell.id: cell.source for cell in nbformat.read(FOLDER / f"{NAME}.ipynb", as_version=4).cells}
    namespace = {}
    for cell_id in cell_ids:
        exec(cells[cell_id], namespace)
    return namespace


@pytest.mark.slow
def test_exercise_7_patterns_of_rank_one_do_nearly_as_well():
    found = cells_of_the_lecture("imports", "photographs", "textures-prepared", "textures-net")
    net, (x, y) = found["texture_net"](0), found["right"]
    shares = [found["accuracy"](net(x), y)]
    layer = net.layers[3]
    w = layer.weight.data.copy()
    for c in range(w.shape[1]):
        U, s, V = np.linalg.svd(w[:, c].reshape(16, 9), full_matrices=False)
        w[:, c] = np.outer(U[:, 0] * s[0], V[0]).reshape(16, 3, 3)
    layer.weight.data = w
    shares.append(found["accuracy"](net(x), y))
    assert shares == pytest.approx([0.938, 0.907], abs=0.005)


def test_answers_of_the_exercises():
    receptive_field = cells_of_the_lecture("imports", "receptive-formula")["receptive_field"]
    conv3, pool2 = (3, 1, 1), (2, 2, 1)
    grown = [conv3, pool2, conv3, pool2, conv3, pool2, conv3, conv3]
    assert [receptive_field(grown[:n])[0] for n in range(1, 9)] == [3, 4, 8, 10, 18, 22, 38, 54]
    assert [receptive_field(n * [conv3])[0] >= 40 for n in (19, 20)] == [False, True]
    assert receptive_field([(3, 1, 2**n) for n in range(5)])[0] == 63
    windows = F.avg_pool2d_backward(np.ones((1, 1, 6, 6)), (1, 1, 13, 13), 3, stride=2)[0, 0] * 9
    assert windows.min() == pytest.approx(1)
    assert np.isclose(windows, 4).sum() == 25, "even rows and columns but for the rim"
    full, separable = (
        count_layers((256, 14), (Layer("conv", 256, 3, 1, 1),), kind)[0][3] for kind in (FULL, SEPARABLE)
    )
    grouped = count_layers((256, 14), (Layer("conv", 256, 3, 1, 1, 8),))[0][3]
    assert (full, separable, grouped) == (589_824, 67_840, 73_728)
    side = 227 + 64
    for layer in NETS["AlexNet (2012)"][1][:8]:
        side = (side + 2 * layer.padding - layer.kernel) // layer.stride + 1
    assert side - 6 + 1 == 3
