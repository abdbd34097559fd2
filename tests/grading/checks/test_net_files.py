"""A net that is handed in as plain data: built as its list says, counted, evaluated; all else is refused."""

import io
import json
import zipfile

import numpy as np
import pytest
from assignment_students import SEED

import grading.checks
from course_lib import nn
from grading.checks.measured import Refused
from grading.checks.student import LocalStudent
from grading.checks.training import fashion_net, net_evaluation, net_format, net_weights
from grading.checks.training.net_format import build, read_layers
from grading.checks.training.net_weights import read_weights

CHECK = grading.checks.load("training")["fashion_net"]
LIST, FILE = fashion_net.reference()
WANTED = {name: array.shape for name, array in build(read_layers(LIST), 10**6).model.state_dict().items()}
HEAD = [{"layer": "flatten"}, {"layer": "linear", "out": 10}]


def built(*layers, limit=10**6):
    return build(read_layers(json.dumps([*layers, *HEAD])), limit)


def packed(method=zipfile.ZIP_DEFLATED, **replaced):
    """The course's file with some members replaced, taken out (None) or added."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(FILE)) as own, zipfile.ZipFile(written, "w", method) as archive:
        contents = {name.removesuffix(".npy"): own.read(name) for name in own.namelist()} | replaced
        for name, content in contents.items():
            if content is not None:
                archive.writestr(name + ".npy", content)
    return written.getvalue()


def stored(array, **options):
    content = io.BytesIO()
    np.save(content, array, **options)
    return content.getvalue()


def judged(value, seed=SEED):
    return CHECK.judge(LocalStudent({"fashion_net": lambda: value}), seed=seed)


@pytest.mark.parametrize(
    "layers",
    [
        [],
        [{"layer": "conv", "out": 8, "kernel": 5, "stride": 2}, {"layer": "relu"}],
        [{"layer": "conv", "out": 6, "kernel": 3, "padding": 1}, {"layer": "batch_norm"},
         {"layer": "conv", "out": 6, "kernel": 3, "groups": 6}, {"layer": "max_pool", "kernel": 2}],
        [{"layer": "avg_pool", "kernel": 3, "stride": 2}, {"layer": "conv", "out": 12, "kernel": 1},
         {"layer": "global_avg_pool"}, {"layer": "batch_norm"}],
    ],
)  # fmt: skip
def test_multiply_adds_are_those_of_the_library(layers):
    net = built(*layers)
    assert net.multiply_adds == nn.summary(net.model, (1, 28, 28)).multiply_adds
    assert net.model(np.zeros((2, 1, 28, 28), np.float32)).shape == (2, 10)


def test_the_budget_is_kept_to_the_last_multiply_add():
    costs = built().multiply_adds
    assert costs == 7840
    assert built(limit=costs).multiply_adds == costs
    with pytest.raises(net_format.TooManyMultiplyAdds, match=f"{costs:,}"):
        built(limit=costs - 1)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (None, "a str; got None"),
        (b"[]", "got a bytes"),
        ("", "not JSON"),
        ("[" * 9000, "not JSON: RecursionError"),
        ("[1e5]" + " " * 10_000, "10,005 characters"),
        ("[" + "9" * 5000 + "]", "not JSON: ValueError"),
        ("{}", "must be a list"),
        ("[]", "must be a list"),
        ("[3]", "layer 0 must be an object"),
        ('[{"layer": ["conv"]}]', "layer 0 must be an object"),
        ('[{"layer": "__class__"}]', "known are conv"),
        ('[{"layer": "relu", "accuracy": 0.99}]', "takes nothing"),
        ('[{"layer": "conv", "kernel": 3}]', 'lacks "out"'),
        ('[{"layer": "conv", "out": 8, "kernel": 3, "stride": -1}]', "from 1 to 4, got -1"),
        ('[{"layer": "conv", "out": 8.5, "kernel": 3}]', "got 8.5"),
        ('[{"layer": "conv", "out": true, "kernel": 3}]', "got True"),
        ('[{"layer": "conv", "out": NaN, "kernel": 3}]', "got nan"),
        ('[{"layer": "conv", "out": 1' + "0" * 99 + ', "kernel": 3}]', "a huge number"),
        (json.dumps([{"layer": "relu"}] * 41), "41 layers"),
    ],
)  # fmt: skip
def test_what_is_no_list_of_layers_is_refused(text, why):
    with pytest.raises(Refused, match=why):
        read_layers(text)


@pytest.mark.parametrize(
    ("layers", "why"),
    [
        ([{"layer": "linear", "out": 3}], "flatten"),
        ([{"layer": "flatten"}, {"layer": "conv", "out": 3, "kernel": 1}], "takes pictures"),
        ([{"layer": "conv", "out": 3, "kernel": 3, "groups": 2}], "groups divide"),
        ([{"layer": "max_pool", "kernel": 20}, {"layer": "max_pool", "kernel": 2}], "does not fit"),
        ([{"layer": "conv", "out": 100, "kernel": 1}], "50,000 are kept"),
        ([{"layer": "flatten"}, {"layer": "linear", "out": 128}], "at most 100,000 are taken"),
    ],
)
def test_layers_that_do_not_fit_or_hold_too_much_are_refused(layers, why):
    with pytest.raises(Refused, match=why):
        built(*layers)


def test_a_net_must_end_in_ten_scores():
    with pytest.raises(Refused, match="ten|10 scores"):
        build(read_layers('[{"layer": "relu"}]'), 10**6)


@pytest.mark.parametrize("dtype", ["<f2", "<f4", "<f8"])
def test_plain_arrays_are_read_whatever_their_order(dtype):
    array = np.asfortranarray(np.arange(72.0).reshape(8, 1, 3, 3)).astype(dtype)
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        read = read_weights(packed(method, **{"0.weight": stored(array)}), WANTED)
        np.testing.assert_array_equal(read["0.weight"], array)
        assert {value.dtype for value in read.values()} == {np.dtype(np.float32)}


class Payload:
    """What unpickling would run."""

    loaded = False

    def __reduce__(self):
        return setattr, (Payload, "loaded", True)


def header(text):
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode() + bytes(16)


RECORDS = "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (8,)}"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (None, "bytes of an npz file, got None"),
        ("text", "got a str"),
        (b"", "not an npz file"),
        (b"PK\x03\x04" + bytes(100), "not an npz file"),
        (FILE[:-30], "not an npz file"),
        (FILE + bytes(200_000), "at most 200,000"),
        (packed(**{"0.weight": bytes(60_000_000)}), "longer than an array"),
        (packed(**{"0.weight": stored(np.zeros((4, 1, 3, 3)))}), "shape .4, 1, 3, 3."),
        (packed(**{"0.weight": stored(np.zeros((8, 1, 3, 3)))[:-8]}), "holds 568 bytes"),
        (packed(**{"0.weight": None}), "lacks '0.weight'"),
        (packed(**{"../../gradebook": b"x"}), "belongs to no layer"),
        (packed(**{"/etc/passwd": b"x"}), "belongs to no layer"),
        (packed(zipfile.ZIP_LZMA), "never use"),
        (packed(**{"0.bias": stored(np.full(8, np.nan))}), "not finite"),
        (packed(**{"0.bias": stored(np.full(8, 1e300))}), "not finite"),
        (packed(**{"0.bias": stored(np.zeros(8, complex))}), "'<c16'"),
        (packed(**{"0.bias": stored(np.zeros(8, "<i4"))}), "'<i4'"),
        (packed(**{"0.bias": header("__import__('os')")}), "header that cannot be read"),
        (packed(**{"0.bias": header(RECORDS)}), "type"),
        (packed(**{"0.bias": header("(" * 500)}), "header that cannot be read"),
        (packed(**{"0.bias": b"no array"}), "no array in NumPy's format"),
        (packed(**{"0.bias": b"\x93NUMPY\x02\x00\xff\xff\xff\xff" + bytes(50)}), "header of 4,294,967,295"),
    ],
)  # fmt: skip
def test_what_is_no_plain_npz_file_is_refused(data, why):
    with pytest.raises(Refused, match=why):
        read_weights(data, WANTED)


def test_nothing_is_unpickled():
    data = packed(**{"0.bias": stored(np.array([Payload()] * 8, dtype=object), allow_pickle=True)})
    with pytest.raises(Refused, match="unpickled|longer"):
        read_weights(data, WANTED)
    assert not Payload.loaded


def test_a_doubled_name_and_a_lying_size_are_refused():
    with zipfile.ZipFile(doubled := io.BytesIO(FILE), "a") as archive, pytest.warns(UserWarning):
        archive.writestr("0.bias.npy", b"x")
    with pytest.raises(Refused, match="twice"):
        read_weights(doubled.getvalue(), WANTED)
    bomb = packed(**{"0.bias": bytes(50_000_000)})
    lying = bomb.replace((50_000_000).to_bytes(4, "little"), (160).to_bytes(4, "little"))
    with pytest.raises(Refused):
        read_weights(lying, WANTED)


def test_every_flipped_byte_gives_a_verdict():
    rng = np.random.default_rng(5)
    for _ in range(300):
        broken = bytearray(FILE)
        for place in rng.integers(len(broken), size=3):
            broken[place] ^= int(rng.integers(1, 256))
        try:
            read = read_weights(bytes(broken), WANTED)
        except Refused:
            continue
        assert {name: array.shape for name, array in read.items()} == WANTED


def test_pictures_are_perturbed_as_the_prompt_says_and_by_the_seed():
    images, labels = net_evaluation.pictures()
    before = images.copy()
    one, again, other = (net_evaluation.perturbed(images, seed) for seed in (b"1", b"1", b"2"))
    np.testing.assert_array_equal(images, before)
    np.testing.assert_array_equal(one, again)
    assert np.abs(one - other).mean() > 0.01
    assert (one.shape, one.dtype, one.min() >= 0, one.max() <= 1) == (images.shape, np.float32, True, True)
    white = net_evaluation.perturbed(np.full((200, 1, 28, 28), 0.5, np.float32), b"3")
    inside = white[:, 0, 2:-2, 2:-2]
    assert 0.41 < inside.mean(axis=(1, 2)).min() < 0.45
    assert 0.55 < inside.mean(axis=(1, 2)).max() < 0.59
    assert np.mean(inside.std(axis=(1, 2))) == pytest.approx(0.03, rel=0.1)
    edges = white[:, 0, [0, -1], 10].mean(axis=1)
    # A third of the pictures each stays, moves up or moves down; one that moved has lost an edge.
    assert 0.5 < np.mean(edges < 0.35) < 0.8
    assert len(labels) == 1000


def test_the_courses_net_reaches_every_level_for_many_classes():
    reached = []
    for number in range(8):
        verdict = judged((LIST, FILE), b"class %d" % number)
        assert verdict.status == "passed", str(verdict)
        reached.append(verdict.remark)
    assert len(set(reached)) > 1
    assert "460,288 multiply-adds" in reached[0]


def test_points_come_by_level():
    weights = read_weights(FILE, WANTED)
    last = weights["12.weight"]
    noise = last.std() * np.random.default_rng(0).standard_normal(last.shape).astype(np.float32)
    fractions = []
    for times in (0.0, 0.4, 0.5, 0.65, 30.0):
        written = io.BytesIO()
        np.savez_compressed(written, **{**weights, "12.weight": last + times * noise})
        fractions.append(judged((LIST, written.getvalue())).fraction)
    assert fractions == [1.0, 0.8, 0.6, 0.4, 0.0]


def test_scores_that_are_not_numbers_are_wrong():
    class Nowhere(nn.Module):
        def forward(self, x):
            return np.full((len(x), 10), np.nan)

    images, labels = net_evaluation.pictures()
    assert net_evaluation.accuracy(Nowhere(), images, labels) == 0


def test_a_negative_variance_earns_nothing_and_breaks_nothing():
    shape = WANTED["1.running_var"]
    verdict = judged((LIST, packed(**{"1.running_var": stored(np.full(shape, -1.0))})))
    assert (verdict.status, verdict.fraction) == ("failed", 0.0)


def test_what_an_answer_claims_counts_for_nothing():
    for value in (
        (LIST, FILE, 0.99),
        {"accuracy": 1.0},
        (LIST, FILE.hex()),
        [FILE, LIST],
        0.99,
        (LIST, None),
    ):
        verdict = judged(value)
        assert (verdict.status, verdict.fraction) == ("failed", 0.0)
        assert verdict.message


def test_limits_are_those_of_the_prompt():
    assert (fashion_net.MULTIPLY_ADDS, net_weights.FILE_BYTES) == (500_000, 200_000)
    assert (net_format.LAYERS, net_format.PARAMETERS, net_format.ACTIVATIONS) == (40, 100_000, 50_000)
    assert (net_evaluation.SHIFT, net_evaluation.BRIGHTNESS, net_evaluation.NOISE) == (1, (0.85, 1.15), 0.03)
