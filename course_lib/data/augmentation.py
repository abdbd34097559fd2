"""Augmentation of a batch of images: new training examples from old ones, each changed in its own way.

Geometric steps say where each pixel of the result comes from, photometric ones change values. `Augmentation`
joins the geometric ones into a single interpolation, which is fast and blurs once.

``augment = Augmentation(Flip(), Shift(3), Brightness(0.2))``, then ``augment(images, rng)``.
"""

from __future__ import annotations

import numpy as np

from course_lib.data.interpolation import grid_of, sample, smooth_field


class GeometricStep:
    """Moves pixels. A subclass writes `source(rows, columns, rng)`.

    Coordinates are in pixels from the centre of the image, arrays (N, H, W); `source` returns, for each place
    of the result, the place in its input that is shown there.
    """

    def __call__(self, images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Return the changed images; parameters and errors as for `Augmentation`."""
        return Augmentation(self)(images, rng)


class PhotometricStep:
    """Changes values. A subclass writes `change(images, rng)`, which may overwrite what it is given."""

    def __call__(self, images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Return the changed images; parameters and errors as for `Augmentation`."""
        return Augmentation(self)(images, rng)


class Flip(GeometricStep):
    """Mirror left and right with probability `p`. Clothes stay clothes, digits do not."""

    def __init__(self, p: float = 0.5) -> None:
        self.p = _within("p", p, 0, 1)

    def source(
        self, rows: np.ndarray, columns: np.ndarray, rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return where each pixel comes from."""
        mirrored = rng.random(len(columns)) < self.p
        return rows, np.where(mirrored[:, None, None], -columns, columns)


class Shift(GeometricStep):
    """Move by up to `pixels` whole pixels along each axis: a crop from the image padded by its edge."""

    def __init__(self, pixels: int) -> None:
        self.pixels = int(_within("pixels", pixels, 0, np.inf))

    def source(
        self, rows: np.ndarray, columns: np.ndarray, rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return where each pixel comes from."""
        down, right = _one_an_image(
            rng.integers(-self.pixels, self.pixels, (2, len(rows)), endpoint=True), rows
        )
        return rows + down, columns + right


class CropAndScale(GeometricStep):
    """Enlarge a crop whose side is a share `smallest` to 1 of the image, from anywhere within it."""

    def __init__(self, smallest: float = 0.7) -> None:
        self.smallest = _within("smallest", smallest, 0.05, 1)

    def source(
        self, rows: np.ndarray, columns: np.ndarray, rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return where each pixel comes from."""
        share, *place = _one_an_image(rng.random((3, len(rows))), rows)
        share = self.smallest + (1 - self.smallest) * share
        # A crop's centre can move by half of what the crop leaves out, to either side.
        room = (1 - share) / 2
        down, right = (
            (2 * where - 1) * room * size for where, size in zip(place, rows.shape[1:], strict=True)
        )
        return rows * share + down, columns * share + right


class Rotate(GeometricStep):
    """Turn about the centre by up to `degrees` to either side. Beyond about 40, a 6 starts to be a 9."""

    def __init__(self, degrees: float = 15.0) -> None:
        self.degrees = _within("degrees", degrees, 0, 180)

    def source(
        self, rows: np.ndarray, columns: np.ndarray, rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return where each pixel comes from."""
        angle = np.deg2rad(self.degrees) * rng.uniform(-1, 1, len(rows))
        cosine, sine = _one_an_image(np.stack([np.cos(angle), np.sin(angle)]), rows)
        return cosine * rows - sine * columns, sine * rows + cosine * columns


class Elastic(GeometricStep):
    """Distort by a smooth random field of displacements of up to `pixels`, bending over about `bend` pixels.

    Notes
    -----
    After Simard, Steinkraus and Platt, Best practices for convolutional neural networks (2003); the field is
    interpolated from a coarse random grid instead of filtered with a Gaussian, which is much faster.
    """

    def __init__(self, pixels: float = 1.5, *, bend: float = 7.0) -> None:
        self.pixels = _within("pixels", pixels, 0, np.inf)
        self.bend = _within("bend", bend, 1, np.inf)

    def source(
        self, rows: np.ndarray, columns: np.ndarray, rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return where each pixel comes from."""
        down, right = smooth_field((2, *rows.shape), self.bend, rng, rows.dtype)
        return rows + self.pixels * down, columns + self.pixels * right


class Brightness(PhotometricStep):
    """Add one number an image, up to `strength` to either side; 1 is the step from black to white."""

    def __init__(self, strength: float = 0.2) -> None:
        self.strength = _within("strength", strength, 0, 1)

    def change(self, images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Return the changed images."""
        images += _one_an_image(self.strength * rng.uniform(-1, 1, len(images)), images)
        return images


class Contrast(PhotometricStep):
    """Stretch the values about each image's mean, by a factor from 1 - `strength` to 1 + `strength`."""

    def __init__(self, strength: float = 0.3) -> None:
        self.strength = _within("strength", strength, 0, 1)

    def change(self, images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Return the changed images."""
        factor = _one_an_image(1 + self.strength * rng.uniform(-1, 1, len(images)), images)
        mean = images.mean(axis=(1, 2, 3), keepdims=True)
        images -= mean
        images *= factor
        images += mean
        return images


class ColourCast(PhotometricStep):
    """Add one number a channel of each image, up to `strength` to either side: light of another colour."""

    def __init__(self, strength: float = 0.1) -> None:
        self.strength = _within("strength", strength, 0, 1)

    def change(self, images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Return the changed images; raises ValueError where they have no three channels."""
        if images.shape[1] != 3:
            raise ValueError(
                f"images must have 3 channels for a colour cast, got {images.shape[1]}: use Brightness"
            )
        cast = self.strength * rng.uniform(-1, 1, (len(images), 3, 1, 1))
        images += cast.astype(images.dtype)
        return images


class Jitter(PhotometricStep):
    """Add Gaussian noise of standard deviation `strength` to every value."""

    def __init__(self, strength: float = 0.05) -> None:
        self.strength = _within("strength", strength, 0, 1)

    def change(self, images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Return the changed images."""
        noise = rng.standard_normal(images.shape, dtype=images.dtype)
        noise *= self.strength
        images += noise
        return images


class Augmentation:
    """Apply steps in order; a run of geometric ones costs a single interpolation.

    Parameters
    ----------
    *steps : GeometricStep or PhotometricStep
        What is done.

    Raises
    ------
    TypeError
        If a step is neither.
    """

    def __init__(self, *steps: GeometricStep | PhotometricStep) -> None:
        for step in steps:
            if not isinstance(step, GeometricStep | PhotometricStep):
                raise TypeError(f"steps must be geometric or photometric steps, got {step!r}")
        self.steps = steps

    def __call__(self, images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Return changed copies of `images`.

        Parameters
        ----------
        images : ndarray of float32 or float64, shape (N, C, H, W)
            Values in [0, 1].
        rng : Generator
            Decides; the same state gives the same result.

        Returns
        -------
        ndarray
            Same shape and dtype, values clipped to [0, 1] where a photometric step changed them; places
            outside an image show its nearest edge.

        Raises
        ------
        TypeError
            If `images` is no float array, or `rng` no Generator.
        ValueError
            If `images` has not four axes.
        """
        if not isinstance(images, np.ndarray) or images.dtype not in (np.float32, np.float64):
            got = images.dtype if isinstance(images, np.ndarray) else type(images).__name__
            raise TypeError(f"images must be a float32 or float64 array, got {got}")
        if images.ndim != 4:
            raise ValueError(f"images must have shape (N, C, H, W), got {images.shape}")
        if not isinstance(rng, np.random.Generator):
            raise TypeError(f"rng must be a np.random.Generator, got {type(rng).__name__}")
        changed, place = images, 0
        while place < len(self.steps):
            end = place + 1
            if isinstance(self.steps[place], GeometricStep):
                while end < len(self.steps) and isinstance(self.steps[end], GeometricStep):
                    end += 1
                changed = self._move(changed, self.steps[place:end], rng)
            else:
                changed = changed.copy() if changed is images else changed
                changed = np.clip(self.steps[place].change(changed, rng), 0, 1)
            place = end
        return images.copy() if changed is images else changed

    @staticmethod
    def _move(images: np.ndarray, steps: tuple, rng: np.random.Generator) -> np.ndarray:
        rows, columns = grid_of(images)
        # From the result back to the input: the last step is asked first.
        for step in reversed(steps):
            rows, columns = step.source(rows, columns, rng)
        return sample(images, rows, columns)


def _within(name: str, value: float, least: float, most: float) -> float:
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float | np.number)
        or not least <= value <= most
    ):
        raise ValueError(f"{name} must be a number from {least} to {most}, got {value!r}")
    return value


def _one_an_image(numbers: np.ndarray, like: np.ndarray) -> np.ndarray:
    """Return numbers (..., N) so that they broadcast over `like` (N, ...), in its dtype."""
    return numbers.astype(like.dtype).reshape(numbers.shape + (1,) * (like.ndim - 1))
