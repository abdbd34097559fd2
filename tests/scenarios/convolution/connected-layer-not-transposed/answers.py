# %% slide_fully_connected
def slide_fully_connected(x, weight, bias, height, width):
    kernels = weight.reshape(bias.size, x.shape[1], height, width)
    return conv2d_forward(x, kernels, bias)
