# %% depthwise_separable
def depthwise_separable(x, depthwise, pointwise, stride=1, padding=0):
    maps = [conv2d_forward(x[:, [c]], depthwise[[c]][:, None], np.zeros(1), stride, padding) for c in range(x.shape[1])]
    apart = np.concatenate(maps, axis=1)
    return conv2d_forward(apart, pointwise[:, :, None, None], np.zeros(len(pointwise)), stride)

# %% separable_costs
def separable_costs(channels, filters, kernel_size, height, width, stride, padding):
    oh = (height + 2 * padding - kernel_size) // stride + 1
    ow = (width + 2 * padding - kernel_size) // stride + 1
    depthwise = channels * kernel_size**2
    pointwise = channels * filters
    full = filters * depthwise
    return full, depthwise + pointwise, full * oh * ow, depthwise * height * width + pointwise * oh * ow
