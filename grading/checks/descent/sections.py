"""Which lectures speak of what the assignment asks."""

MODEL = "Lecture 01, section 1.2, “The second-order model”"
HESSIAN = "Lecture 01, section 1.3, “Reading a Hessian”"
HIDDEN = "Lecture 01, section 1.5, “Why a net with hidden units is not convex”"
DESCENT = "Lecture 02"
