#!/usr/bin/env bash
# A newcomer on a bare Debian: how long it takes from `git clone` to the first graded notebook and the first
# moved widget.
#
#     sudo tools/newcomer.sh [DIRECTORY]    # default /tmp/newcomer, about 2 GB; needs debootstrap
#
# The system holds what README.md asks for and nothing else. All that is measured runs as an ordinary user in it.
# MIRROR and SUITE choose another Debian. Behind a proxy with a certificate of its own, the host's certificates
# and pip's settings are taken along. What is in DIRECTORY already is used again; remove it to begin anew.
# The bare system has no browser: the widget is moved by the host's Chromium, with the host's .venv.
set -euo pipefail

here=$(cd "$(dirname "$0")/.." && pwd)
root=${1:-/tmp/newcomer}
suite=${SUITE:-bookworm}
mirror=${MIRROR:-http://deb.debian.org/debian}
packages=python3,python3-dev,python3-venv,gcc,libc6-dev,make,git
certificates=/etc/ssl/certs/ca-certificates.crt

if [[ $(id -u) != 0 ]]; then
    echo "debootstrap and chroot need root: run this with sudo" >&2
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
    chroot "$root" useradd --create-home newcomer
fi
cp /etc/resolv.conf "$root/etc/resolv.conf"
if [[ -f $certificates ]]; then cp "$certificates" "$root$certificates"; fi
if [[ -f /etc/pip.conf ]]; then cp /etc/pip.conf "$root/etc/pip.conf"; fi
rm -rf "$root/home/newcomer/course"
git clone --quiet "$here" "$root/home/newcomer/course"
chroot "$root" chown -R newcomer: /home/newcomer

cat >"$root/home/newcomer/first_day.sh" <<'EOF'
set -euo pipefail
cd ~/course
begun=$(date +%s)
after() { echo ">>> $(($(date +%s) - begun)) s after the clone: $1"; }
make install
after "the course is installed (make install)"
make demo
after "a class is graded (make demo)"
.venv/bin/course lab --no-start
cp ~/neural-network-training/assignments/convolution/convolution.ipynb ~/convolution.ipynb
.venv/bin/course check ~/convolution.ipynb | tail -3
after "a notebook of one's own is graded (course check)"
.venv/bin/course progress
du -sh .venv
EOF

# What the driver of the browser looks at.
mkdir -p "$root/home/newcomer/.jupyter"
echo "c.LabApp.expose_app_in_browser = True" >"$root/home/newcomer/.jupyter/jupyter_lab_config.py"
chroot "$root" chown -R newcomer: /home/newcomer/.jupyter

# Namespaces of its own: whatever ends this script, nothing stays mounted and nothing goes on running.
inside() {
    exec unshare --mount --pid --fork --kill-child -- bash -c "
        set -e
        mount -t proc proc '$root/proc'
        mount --rbind /dev '$root/dev'
        exec chroot '$root' su newcomer -c 'export HOME=/home/newcomer LANG=C.UTF-8; $1'
    "
}

(inside "bash ~/first_day.sh")

if ! "$here/.venv/bin/python" -c "import playwright" 2>/dev/null; then
    echo "No widget is moved: that takes Playwright in $here/.venv (make install)"
    exit 0
fi
token=$(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n')
(inside "cd ~/course && JUPYTER_TOKEN=$token .venv/bin/course lab --no-browser --port 8899 >~/lab.log 2>&1") &
server=$!
trap 'kill $server 2>/dev/null || true' EXIT
(cd "$here" && .venv/bin/python -m tools.newcomer_widget http://127.0.0.1:8899 "$token")
