"""Where lecture 05 speaks of what the assignment asks."""

CORRELATION = "Lecture 05, “Cross-correlation and convolution”"
PADDING = "Lecture 05, “Padding and stride”"
KERNELS = "Lecture 05, “Kernels that see”"
LAYER = "Lecture 05, “The convolution layer”"
BACKWARD = "Lecture 05, “Backward through a convolution”"
POOLING = "Lecture 05, “Pooling”"
