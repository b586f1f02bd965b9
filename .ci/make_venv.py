"""Make a virtual environment with pip, also where Debian's python3-venv is not installed.

Debian and Ubuntu ship ``python3`` without ``ensurepip``. Then pip's own wheel is fetched from the package index
(``PIP_INDEX_URL``, else PyPI) and installs itself, so that nothing has to be installed by hand.
"""

from __future__ import annotations

import html
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
import venv
from pathlib import Path

MINIMUM = (3, 10)
INDEX = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/")


def main(folder: Path) -> None:
    """Create ``folder``; says in one line what is missing where it cannot."""
    if sys.version_info < MINIMUM:
        sys.exit(
            f"yibao needs Python {MINIMUM[0]}.{MINIMUM[1]} or newer; this is {sys.version.split()[0]}: make PYTHON=..."
        )
    with_pip = importlib.util.find_spec("ensurepip") is not None
    venv.EnvBuilder(with_pip=with_pip, clear=True).create(folder)
    if not with_pip:
        install_pip(folder)


def install_pip(folder: Path) -> None:
    """Download the newest pip wheel and let it install itself into ``folder``."""
    page_address = f"{INDEX}/pip/"
    try:
        with urllib.request.urlopen(page_address, timeout=60) as page:
            links = re.findall(r'href="([^"]+?/pip-(\d+(?:\.\d+)*)-py3-none-any\.whl[^"]*)"', page.read().decode())
        newest = max(links, key=lambda link: [int(part) for part in link[1].split(".")])[0]
        address = urllib.parse.urljoin(page_address, html.unescape(newest)).split("#")[0]
        with tempfile.TemporaryDirectory() as scratch:
            wheel = Path(scratch, urllib.parse.unquote(address.rsplit("/", 1)[1]))
            with urllib.request.urlopen(address, timeout=60) as answer:
                wheel.write_bytes(answer.read())
            command = [folder / "bin" / "python", f"{wheel}/pip", "install", "--quiet", "--no-index", str(wheel)]
            subprocess.run([str(part) for part in command], check=True)
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        sys.exit(f"cannot fetch pip ({error}); install it by hand: apt-get install python3-venv")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
