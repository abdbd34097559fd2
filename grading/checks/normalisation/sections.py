"""The lectures that speak of what the assignment asks."""

# Convolutional networks: what centring and scaling the inputs does to the condition number.
CONDITIONING = "Lecture 06"
# Units, data and initialisation.
UNITS = "Lecture 07"
DATA = "Lecture 07"
INITIALISATION = "Lecture 07"
# Normalisation.
NORMALISATION = "Lecture 08"
