#!/usr/bin/env python3
"""Downloads the packages of packages.toml and unpacks what the tests read: fetch.py DEST [NAME]...

Each package becomes DEST/NAME, with its Python sources, configuration files and templates; pip checks the sha256 before
anything is unpacked. What is there already under the same sha256 is left alone. Exit 0 when all are there, else 1 with a
line for each that is not.
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
    wanted.write_text(f"{package['name']}=={package['version']} --hash=sha256:{package['sha256']}\n")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary=:all:", f"--python-version={python}", "--require-hashes"]
    command += [f"--dest={folder}", f"--requirement={wanted}"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        said = [line for line in done.stdout.splitlines() if line.strip()]
        raise RuntimeError(said[-1] if said else f"pip ended with {done.returncode}")
    wheel = pathlib.Path(folder, package["filename"])
    if not wheel.exists():
        raise RuntimeError(f"pip gave another file than {package['filename']}")
    return wheel


def fetch(package, python, destination):
    """Unpacks one package; its words for what it did."""
    target = destination / package["name"]
    marker = target / ".sha256"
    if marker.exists() and marker.read_text() == package["sha256"]:
        return "there"
    with tempfile.TemporaryDirectory(dir=destination, prefix=".fetch-") as folder:
        wheel = download(package, python, folder)
        unpacked = pathlib.Path(folder, "unpacked")
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(unpacked, [name for name in archive.namelist() if name.endswith(READ)])
        (unpacked / ".sha256").write_text(package["sha256"])
        shutil.rmtree(target, ignore_errors=True)
        os.rename(unpacked, target)
    return "downloaded"


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    destination, only = pathlib.Path(sys.argv[1]), set(sys.argv[2:])
    destination.mkdir(parents=True, exist_ok=True)
    listing = tomllib.loads(pathlib.Path(__file__).with_name("packages.toml").read_text())
    packages = [package for package in listing["package"] if not only or package["name"] in only]
    missing, fresh = 0, 0
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        under_way = [(package, pool.submit(fetch, package, listing["python"], destination)) for package in packages]
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
