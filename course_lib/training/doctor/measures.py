"""The numbers that rules compare: each is worked out when a rule asks for it, and says what it means."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from course_lib.training.doctor.observed import Observed

# A rhythm is not to be told from chance in less.
FEWEST_POINTS = 20


def running_mean(values: np.ndarray, width: int) -> np.ndarray:
    """Return the mean of the `width` values around each one; at the ends, of those that there are."""
    width = max(1, min(width, values.size))
    sums = np.concatenate([[0.0], np.cumsum(values)])
    places = np.arange(values.size)
    low = np.maximum(0, places - (width - 1) // 2)
    high = np.minimum(values.size, places + width // 2 + 1)
    return (sums[high] - sums[low]) / (high - low)


def fall_of_line(values: np.ndarray) -> float:
    """Return by how much the straight line through the values falls from first to last; 0 for one value."""
    if values.size < 2:
        return 0.0
    places = np.arange(values.size) - (values.size - 1) / 2
    return -float(places @ values / (places @ places)) * (values.size - 1)


class Measures:
    """Measures of a run.

    Parameters
    ----------
    run : Observed
    """

    def __init__(self, run: Observed) -> None:
        self.run = run

    @cached_property
    def by_steps(self) -> bool:
        """Whether the curve is that of steps, and not of epochs."""
        return self.run.step_loss.size > self.run.train_loss.size

    @cached_property
    def whole_curve(self) -> np.ndarray:
        """Training loss of every step, or of every epoch where steps were not kept."""
        return self.run.step_loss if self.by_steps else self.run.train_loss

    @cached_property
    def finite_steps(self) -> int:
        """Number of points before the first that is not a number."""
        wrong = np.flatnonzero(~np.isfinite(self.whole_curve))
        return int(wrong[0]) if wrong.size else self.whole_curve.size

    @cached_property
    def ends_in_nan(self) -> bool:
        """Whether some loss is not a finite number."""
        return self.finite_steps < self.whole_curve.size

    @cached_property
    def curve(self) -> np.ndarray:
        """The finite part of the curve; [nan] where there is none."""
        return self.whole_curve[: self.finite_steps] if self.finite_steps else np.array([np.nan])

    @cached_property
    def trend(self) -> np.ndarray:
        """The curve without noise: running means over a twentieth of it."""
        return running_mean(self.curve, max(1, self.curve.size // 20))

    @cached_property
    def start(self) -> float:
        """Loss before training: the mean of the first hundredth of the points."""
        return float(self.curve[: max(1, min(10, self.curve.size // 100))].mean())

    @cached_property
    def end(self) -> float:
        """Mean loss over the last tenth."""
        return float(self.curve[-max(1, self.curve.size // 10) :].mean())

    @cached_property
    def fall(self) -> float:
        """Share of the first loss that is gone at the end; negative where it rose."""
        return 1 - self.end / self.start

    @cached_property
    def late_fall(self) -> float:
        """Fall over the last third of the run, as a share of the first loss: the smaller of both losses.

        A training loss may fall for ever; when the validation loss does not, there is nothing to wait for.
        """
        fall = fall_of_line(self.curve[-max(2, self.curve.size // 3) :])
        if self.validation.size > 1:
            fall = min(fall, fall_of_line(self.validation[-max(2, -(-self.validation.size // 3)) :]))
        return fall / self.start

    @cached_property
    def residual(self) -> np.ndarray:
        """What is left of the second half of the curve without its trend."""
        half = self.curve.size // 2
        return (self.curve - self.trend)[half:]

    @cached_property
    def noise(self) -> float:
        """Standard deviation of the residual, as a share of the mean loss there."""
        level = float(self.curve[self.curve.size // 2 :].mean())
        return float(self.residual.std() / level) if level > 0 else 0.0

    @cached_property
    def bent(self) -> np.ndarray:
        """What is left of the second half of the curve without the parabola through it.

        (Less a running mean, noise would look like a wave: each value is in its neighbours' means.)
        """
        late = self.curve[self.curve.size // 2 :]
        if late.size < FEWEST_POINTS:
            return np.zeros(late.size)
        places = np.linspace(-1, 1, late.size)
        left = late - np.polyval(np.polyfit(places, late, 2), places)
        # A single spike is no wave, however slowly it fades.
        limit = 4 * np.median(np.abs(left))
        return np.clip(left, -limit, limit)

    @cached_property
    def predictable(self) -> float:
        """Share of this that its two values before explain: 0 for noise, 1 for a wave."""
        r = self.bent
        if not r.any():
            return 0.0
        past = np.stack([r[1:-1], r[:-2]], axis=1)
        weights = np.linalg.lstsq(past, r[2:], rcond=None)[0]
        return float(max(0.0, 1 - ((r[2:] - past @ weights) ** 2).sum() / (r[2:] ** 2).sum()))

    @cached_property
    def crossings(self) -> int:
        """How often the second half of the curve crosses its parabola: twice in each wave."""
        return int(np.sum(np.diff(np.sign(self.bent)) != 0))

    @cached_property
    def turns(self) -> float:
        """Share of points in the second half at which the curve turns from up to down or back."""
        late = np.diff(self.curve[self.curve.size // 2 :])
        return float(np.mean(np.sign(late[1:]) != np.sign(late[:-1]))) if late.size > 1 else 0.0

    @cached_property
    def all_at_once(self) -> bool:
        """Whether every step saw all examples, so that nothing in the curve is chance."""
        return 0 < self.run.step_loss.size == self.run.train_loss.size

    @cached_property
    def rises(self) -> float:
        """Sum of all rises from point to point in the second half, as a share of the mean loss there."""
        late = self.curve[self.curve.size // 2 :]
        return float(np.maximum(np.diff(late), 0).sum() / late.mean())

    @cached_property
    def swing(self) -> float:
        """Distance of highest and lowest loss of the second half, as a share of its mean."""
        late = self.curve[self.curve.size // 2 :]
        return float(np.ptp(late) / late.mean())

    @cached_property
    def epochs(self) -> np.ndarray:
        """Finite training losses of the epochs; means over tenths of the steps where they were not kept."""
        losses = self.run.train_loss
        if not losses.size:
            losses = np.array([part.mean() for part in np.array_split(self.curve, 10) if part.size])
        return losses[np.isfinite(losses)]

    @cached_property
    def rise(self) -> float:
        """How many times as high as the lowest epoch before it an epoch's loss became."""
        if not self.epochs.size:
            return 1.0
        return float((self.epochs / np.minimum.accumulate(self.epochs)).max())

    @cached_property
    def rise_of_start(self) -> float:
        """The largest rise above the lowest epoch before, as a share of the first loss."""
        if not self.epochs.size:
            return 0.0
        return float((self.epochs - np.minimum.accumulate(self.epochs)).max() / self.start)

    @cached_property
    def spike(self) -> float:
        """The highest point of the last four fifths, in units of the trend's median around it."""
        size = self.curve.size
        late = self.curve[size // 5 :]
        return float(late.max() / np.median(late)) if np.median(late) > 0 else 1.0

    @cached_property
    def flat_start(self) -> float:
        """Share of the run until a tenth of the whole fall has happened; 1 where nothing fell."""
        return self._reaches(0.1) / self.curve.size

    @cached_property
    def hesitation(self) -> float:
        """Time to a tenth of the whole fall, over that to half of it: 0.2 on a line, 1 after a wait."""
        half = self._reaches(0.5)
        return self._reaches(0.1) / half if half else 0.0

    def _reaches(self, share: float) -> float:
        """Return at which point, maybe between two, the trend has made this share of its whole fall."""
        fallen = self.trend[0] - self.trend
        goal = share * fallen.max()
        if fallen.max() <= 0.02 * self.start:
            return float(self.curve.size)
        after = int(np.argmax(fallen > goal))
        return after - 1 + float((goal - fallen[after - 1]) / (fallen[after] - fallen[after - 1]))

    @cached_property
    def flat_stretch(self) -> tuple[float, float]:
        """The longest stretch of epochs after a first fall with losses within 4 % of the first one.

        Its length as a share of all epochs, and its mean loss.
        """
        losses, longest, level, begin = self.epochs, 0, self.start, 0
        for end in range(losses.size):
            while np.ptp(losses[begin : end + 1]) > 0.04 * self.start:
                begin += 1
            if losses[begin] < 0.97 * self.start and end - begin + 1 > longest:
                longest, level = end - begin + 1, float(losses[begin : end + 1].mean())
        return longest / max(1, losses.size), level

    # ---- what only a monitor knows

    @cached_property
    def ratios(self) -> np.ndarray:
        """Median over the weights of the update-to-weight ratio at each recorded step, shape (T,)."""
        if not self.run.update_ratio.size:
            return np.empty(0)
        finite = np.where(np.isfinite(self.run.update_ratio), self.run.update_ratio, np.inf)
        return np.median(finite, axis=1)

    @cached_property
    def typical_ratio(self) -> float:
        """Median of these over the run."""
        return float(np.median(self.ratios)) if self.ratios.size else np.nan

    @cached_property
    def first_update(self) -> float:
        """The largest update-to-weight ratio of any weight at the first recorded step."""
        first = self.run.update_ratio[0] if self.run.update_ratio.size else np.empty(0)
        return float(first[np.isfinite(first)].max(initial=0.0))

    @cached_property
    def early_ratio(self) -> float:
        """Median of these over the first twentieth of the recorded steps, three at least."""
        return float(np.median(self.ratios[: max(3, self.ratios.size // 20)])) if self.ratios.size else np.nan

    @property
    def ratio_collapsed(self) -> bool:
        """Whether updates became a hundred times smaller than they were at first."""
        return bool(self.ratios.size and self.typical_ratio < 0.01 * self.early_ratio)

    def late_silent(self, kinds: tuple[str, ...]) -> tuple[str, float, float]:
        """Return name, share before training and share late of the most silent layer."""
        worst = ("", 0.0, 0.0)
        for name, shares in self.run.silent.items():
            if self.run.layers.get(name) in kinds and shares.size:
                late = float(np.median(shares[shares.size // 2 :]))
                if late > worst[2]:
                    worst = (name, float(shares[0]), late)
        return worst

    # ---- what only validation data know

    @cached_property
    def validation(self) -> np.ndarray:
        """Finite validation losses of the epochs."""
        return self.run.validation_loss[np.isfinite(self.run.validation_loss)]

    @cached_property
    def best_epoch(self) -> int:
        """Epoch of the lowest validation loss, from 0."""
        return int(self.validation.argmin())

    @cached_property
    def validation_rise(self) -> float:
        """By which share the last tenth of validation losses, two at least, lies above the lowest."""
        if self.validation.size < 3:
            return 0.0
        last = np.median(self.validation[-max(2, self.validation.size // 10) :])
        return float(last / self.validation.min() - 1)

    @cached_property
    def gap(self) -> float:
        """Last validation loss less last training loss, as a share of the first loss."""
        return float((self.validation[-1] - self.epochs[-1]) / self.start) if self.validation.size else 0.0

    @cached_property
    def validation_jitter(self) -> float:
        """How much the validation loss jumps from epoch to epoch, against what the training loss does."""
        if self.validation.size < 5 or self.epochs.size < 5:
            return 0.0
        jumps = np.abs(np.diff(self.validation, 2)).mean()
        return float(jumps / self.start)
