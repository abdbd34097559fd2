# %% filter_image
def filter_image(image, kernel):
    return image
