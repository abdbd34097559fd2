#!/usr/bin/env bash
# A newcomer on a bare Debian: how long it takes from `git clone` to the first widget that moves, the first graded
# notebook, and a graded class.
#
#     sudo tools/newcomer.sh [DIRECTORY]    # default /tmp/newcomer, about 3 GB; needs debootstrap
#
# The system holds what README.md asks for and nothing else. All that is measured runs as an ordinary user in it,
# with nothing of the host's environment and nothing downloaded before.
# MIRROR and SUITE choose another Debian. Behind a proxy with a certificate of its own, the host's certificates
# and pip's settings are taken along. A Debian that is in DIRECTORY already is used again; the user's home is not.
# The bare system has no browser: the widget is moved by the host's Chromium, with Playwright of the host's .venv
# (PYTHON names another interpreter that has it). PARTS="student" or PARTS="commands" does half of it.
set -euo pipefail

here=$(cd "$(dirname "$0")/.." && pwd)
root=${1:-/tmp/newcomer}
suite=${SUITE:-bookworm}
mirror=${MIRROR:-http://deb.debian.org/debian}
python=${PYTHON:-$here/.venv/bin/python}
packages=python3,python3-dev,python3-venv,gcc,libc6-dev,make,git
certificates=/etc/ssl/certs/ca-certificates.crt
port=8899
parts=${PARTS:-student commands}

if [[ $(id -u) != 0 ]]; then
    echo "debootstrap and namespaces need root: run this with sudo" >&2
    exit 2
fi
if ! command -v debootstrap >/dev/null; then
    echo "debootstrap is not installed: apt-get install debootstrap" >&2
    exit 2
fi

if [[ ! -e $root/usr/bin/git ]]; then
    echo "Making a bare Debian $suite in $root …"
    debootstrap --variant=minbase --include="$packages,ca-certificates" "$suite" "$root" "$mirror" >"$root.log" 2>&1 ||
        { tail -5 "$root.log" >&2; exit 1; }
fi
if ! grep -q '^newcomer:' "$root/etc/passwd"; then
    chroot "$root" useradd --shell /bin/bash newcomer
fi
home=$root/home/newcomer
cp /etc/resolv.conf "$root/etc/resolv.conf"
if [[ -f $certificates ]]; then cp "$certificates" "$root$certificates"; fi
if [[ -f /etc/pip.conf ]]; then cp /etc/pip.conf "$root/etc/pip.conf"; fi
if [[ $parts == *student* ]]; then rm -rf "$home"; fi
rm -rf "$home/course"
mkdir -p "$home/.jupyter" "$root/.outside"
git clone --quiet "$here" "$home/course"
# What the driver of the browser looks at.
echo "c.LabApp.expose_app_in_browser = True" >"$home/.jupyter/jupyter_lab_config.py"

# As README.md says for students; then one question of an assignment is answered, and the notebook graded.
cat >"$home/student.sh" <<'EOF'
set -euo pipefail
begun=$(date +%s)
after() { echo ">>> $(($(date +%s) - begun)) s after the clone: $1"; }
cd ~/course
python3 -m venv ~/course-env
. ~/course-env/bin/activate
pip install . || exit 1
after "the course is installed (pip install .)"
course lab --no-start
python3 - <<'ANSWER'
import json, pathlib
path = pathlib.Path.home() / "neural-network-training/assignments/optimisers/optimisers.ipynb"
notebook = json.loads(path.read_text())
cell = next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == "sgd_step")
stub = "# YOUR CODE HERE\n    raise NotImplementedError()"
source = "".join(cell["source"])
assert stub in source
cell["source"] = source.replace(stub, "return theta - lr * grad")
path.write_text(json.dumps(notebook))
ANSWER
course check ~/neural-network-training/assignments/optimisers/optimisers.ipynb > ~/verdicts.txt
after "a notebook of one's own is graded (course check)"
head -1 ~/verdicts.txt
tail -4 ~/verdicts.txt
course progress | tail -9
du -sh ~/course-env
EOF

cat >"$home/two_commands.sh" <<'EOF'
set -euo pipefail
begun=$(date +%s)
cd ~/course
make demo
echo ">>> $(($(date +%s) - begun)) s after the clone: a class is graded (make demo)"
du -sh .venv
EOF
chroot "$root" chown -R newcomer: /home/newcomer

# A mount and a process namespace of its own with this root: whatever ends the script, nothing stays mounted or goes
# on running; and other than in a chroot, the sandbox for student code can make namespaces, as on a real machine.
inside() {
    exec unshare --mount --pid --fork --kill-child -- bash -c "
        set -e
        mount --bind '$root' '$root'
        cd '$root'
        mount -t proc proc proc
        mount --rbind /dev dev
        pivot_root . .outside
        exec chroot . /usr/bin/env -i PATH=/usr/local/bin:/usr/bin:/bin HOME=/root sh -c '
            umount -l /.outside
            exec su --login newcomer -c \"export LANG=C.UTF-8 PIP_NO_CACHE_DIR=1; $1\"'
    "
}

as_student() {
    (inside "bash student.sh")
    if ! "$python" -c "import playwright" 2>/dev/null; then
        echo "No widget is moved: that takes Playwright in $here/.venv (make install)"
        return
    fi
    token=$(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n')
    (inside "JUPYTER_TOKEN=$token course-env/bin/course lab --no-browser --port $port >lab.log 2>&1") &
    server=$!
    # unshare pays no attention to other signals, and takes along all that it started.
    end_server() { kill -KILL "$server" 2>/dev/null && wait "$server" 2>/dev/null || true; }
    trap end_server EXIT
    (cd "$here" && "$python" -m tools.newcomer_widget "http://127.0.0.1:$port" "$token")
    end_server
    trap - EXIT
}

if [[ $parts == *student* ]]; then as_student; fi
if [[ $parts == *commands* ]]; then (inside "bash two_commands.sh"); fi
