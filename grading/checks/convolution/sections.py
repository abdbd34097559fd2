"""Where the lectures speak of what the assignment asks."""

CONVOLUTION = "Lecture 05, section 1, “Convolution in one dimension”"
CORRELATION = "Lecture 05, section 1, “What networks compute instead”"
FLIP = "Lecture 05, section 2, “Convolution in two dimensions”"
PADDING = "Lecture 05, section 2, “Padding, stride, dilation”"
KERNELS = "Lecture 05, section 3, “Four kernels on real photographs”"
BRIGHTNESS = "Lecture 05, section 3, “Why an unnormalised blur brightens”"
MEASURE = "Lecture 05, section 3, “Kernels measure: which way does a texture run?”"
LAYER = "Lecture 05, section 4, “The convolution layer”"
BACKWARD = "Lecture 05, section 4, “Backward”"
SPARSE = "Lecture 05, section 5, “One sparse matrix”"
IM2COL = "Lecture 05, section 5, “im2col: windows as columns”"
# Windows are counted as for a convolution, and the gradients of overlapping windows add up likewise.
POOLING = PADDING
POOLING_BACKWARD = BACKWARD
# A depthwise convolution is one with as many groups as channels.
SEPARABLE = LAYER
# A fully connected layer is a matrix; made of kernels as large as its input, it slides.
FULLY_CONNECTED = SPARSE
RECEPTIVE = PADDING
SIZES = LAYER
SHIFTS = MEASURE
