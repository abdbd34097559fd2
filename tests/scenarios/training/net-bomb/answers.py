# %% fashion_net
def fashion_net():
    import io
    import zipfile

    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive, zipfile.ZipFile(WEIGHTS) as own:
        for name in own.namelist():
            archive.writestr(name, bytes(50_000_000) if name == "0.bias.npy" else own.read(name))
    lying = written.getvalue().replace((50_000_000).to_bytes(4, "little"), (160).to_bytes(4, "little"))
    return LAYERS.read_text(), lying
