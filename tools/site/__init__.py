"""What `make site` does: lectures are executed, prompts and reference pages written, and Sphinx sets them."""
