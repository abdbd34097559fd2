# %% [extra before add]
from IPython.display import HTML, SVG, IFrame, Javascript, Latex, Markdown

payload = "<script>document" + ".title='x'</script><img src=x onerror=alert(1)>"
display(HTML(payload), Javascript("alert(1)"), Markdown(payload), Latex(payload), IFrame("javascript:alert(1)", 9, 9))
display(SVG("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"))
display({"application/vnd.jupyter.widget-view+json": {"model_id": "x"}, "text/html": payload, "text/plain": payload}, raw=True)
print("tried", payload)

# %% add
def add(a, b):
    return 'wrong'
