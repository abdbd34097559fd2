"""The kernels that lecture 05 and its widgets show, by the names they have there."""

import numpy as np

BLUR = "blur (sums to 8)"
BOX = "box blur"
SHARPEN = "sharpen"
EDGE = "edge"
SOBEL = "vertical edge (Sobel)"
SOBEL_DOWN = "horizontal edge (Sobel)"
SHIFT = "shift to the right"
IDENTITY = "identity"

KERNELS = {
    BLUR: np.array([[0, 1, 0], [1, 4, 1], [0, 1, 0]]),
    BOX: np.ones((3, 3)),
    SHARPEN: np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
    EDGE: np.array([[0, -1, 0], [-1, 4, -1], [0, -1, 0]]),
    SOBEL: np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]]),
    SOBEL_DOWN: np.array([[1, 2, 1], [0, 0, 0], [-1, -2, -1]]),
    SHIFT: np.array([[0, 0, 0], [0, 0, 1], [0, 0, 0]]),
    IDENTITY: np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
}
for _kernel in KERNELS.values():
    _kernel.setflags(write=False)
