"""Where lecture 05 speaks of what the assignment asks."""

CORRELATION = "Lecture 05, section 1, “What networks compute instead”"
FLIP = "Lecture 05, section 2, “Convolution in two dimensions”"
PADDING = "Lecture 05, section 2, “Padding, stride, dilation”"
KERNELS = "Lecture 05, section 3, “Four kernels on real photographs”"
BRIGHTNESS = "Lecture 05, section 3, “Why an unnormalised blur brightens”"
LAYER = "Lecture 05, section 4, “The convolution layer”"
BACKWARD = "Lecture 05, section 4, “Backward”"
# Windows are counted as for a convolution, and the gradients of overlapping windows add up likewise.
POOLING = PADDING
POOLING_BACKWARD = BACKWARD
