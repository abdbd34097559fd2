# %% [markdown before conv2d_forward]
# # My notes <script>document.title = "caught"</script>
#
# <img src="x" onerror="document.title = 'caught'"> and [a link](javascript:document.title='caught')
#
# <svg onload="document.title = 'caught'"></svg> <iframe srcdoc="<script>parent.document.title='caught'</script>"></iframe>

# %% [extra after imports]
from IPython.display import HTML, SVG, Javascript, Markdown, display

RUN = "document.title = 'caught'"


class Page:
    def _repr_html_(self):
        return f"<script>{RUN}</script>"

    def _repr_svg_(self):
        return f'<svg xmlns="http://www.w3.org/2000/svg" onload="{RUN}"></svg>'

    def __repr__(self):
        return f"<script>{RUN}</script>"


display(HTML(f"<script>{RUN}</script><img src=x onerror=\"{RUN}\">"))
display(SVG(f'<svg xmlns="http://www.w3.org/2000/svg" onload="{RUN}"><script>{RUN}</script></svg>'))
display(Javascript(RUN))
display(Markdown(f"<details open ontoggle=\"{RUN}\">text</details>"))
display({"text/latex": f"$\\href{{javascript:{RUN}}}{{x}}$", "application/vnd.jupyter.widget-view+json": {"model_id": "x"},
         "text/html": f"<body onload=\"{RUN}\">", "text/plain": "x"}, raw=True)
print(f"<script>{RUN}</script>")
print("\x1b]0;caught\x07\x1b[2J\x1b[31m<b onmouseover=x>red</b>")
Page()

# %% conv2d_forward
def conv2d_forward(x, w, b, stride=1, padding=0):
    raise ValueError("</pre><script>document.title = 'caught'</script><svg onload=\"document.title = 'caught'\">")

# %% canonical_kernel
def canonical_kernel(name):
    return "<img src=x onerror=\"document.title = 'caught'\"><script>document.title = 'caught'</script>"
