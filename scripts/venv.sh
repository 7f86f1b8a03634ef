#!/bin/sh
# Makes the virtual environment $2 with the interpreter $1 and puts the program into it.
set -eu
python=$1 venv=$2
root=$(pwd)
command -v "$python" >/dev/null 2>&1 || { echo "Python 3.11 or newer is needed: install python3." >&2; exit 1; }
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    for newer in python3.14 python3.13 python3.12 python3.11; do
        command -v "$newer" >/dev/null 2>&1 && { python=$newer; break; }
    done
fi
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    { echo "Python 3.11 or newer is needed, $python is older: name one with make PYTHON=python3.12 run" >&2; exit 1; }
if [ ! -x "$venv/bin/python" ] || ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    echo "Making $venv"
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    "$python" -c 'import venv, ensurepip' 2>/dev/null ||
        { echo "Python's venv is missing. Install it: apt-get install python$version-venv (or your system's name for it)" >&2; exit 1; }
    rm -rf "$venv"
    "$python" -m venv "$venv"
fi
# the working tree is the program: no build step, no build backend to fetch
"$venv/bin/python" - "$root" <<'PYTHON'
import pathlib, sys, sysconfig
pathlib.Path(sysconfig.get_path("purelib"), "helpdesk-tree.pth").write_text(sys.argv[1] + "\n", encoding="utf-8")
PYTHON
cat > "$venv/bin/helpdesk.new" <<'SH'
#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
tree=$(cd "$here/../.." && pwd)
export PYTHONPATH="$tree${PYTHONPATH:+:$PYTHONPATH}"
exec "$here/python" -m helpdesk.config.cli "$@"
SH
chmod 755 "$venv/bin/helpdesk.new"
mv "$venv/bin/helpdesk.new" "$venv/bin/helpdesk"
