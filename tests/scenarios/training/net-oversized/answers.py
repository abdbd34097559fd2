# %% fashion_net
def fashion_net():
    import io
    import zipfile

    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive, zipfile.ZipFile(WEIGHTS) as own:
        for name in own.namelist():
            archive.writestr(name, bytes(60_000_000) if name == "0.weight.npy" else own.read(name))
    return LAYERS.read_text(), written.getvalue()
