# %% add
def add(a, b):
    return 'wrong'

# %% [markdown after imports]
# <script>alert(1)</script> <svg onload=alert(1)></svg> <iframe src="javascript:alert(1)"></iframe>
# [click](javascript:alert(1)) ![x](x"onerror="alert(1)) <a href="data:text/html,<script>alert(1)</script>">x</a>
# $\href{javascript:alert(1)}{x}$ <form action=x><input></form> <style>*{display:none}</style> <base href=//evil>
