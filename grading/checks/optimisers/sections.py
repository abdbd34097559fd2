"""Which lectures speak of what the assignment asks."""

DESCENT = "Lecture 02"
MINIBATCH = "Lecture 03, section 3.1, “From all examples to a few”"
NOISE = "Lecture 03, section 3.2, “Right on average, and how noisy”"
EPOCHS = "Lecture 03, section 3.3, “Epochs, and the order of examples”"
BATCH_SIZE = "Lecture 03, section 3.5, “Which batch size? The U-curve”"
SCHEDULES = "Lecture 03, section 3.7, “Schedules”"
ADAPTIVE = "Lecture 04"
