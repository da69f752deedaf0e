#!/usr/bin/env python3
"""Plants defects in the CUDA kernels, one at a time, and sees that their tests notice.

Deletes every __syncthreads and every __syncwarp, makes every shuffle give back the lane's own value, and moves every
bound in device code (the right side of <, <=, >, >=) up and down by one. All defects are compiled into one copy of the
sources (mutant.h); each then runs the tests of its file in the emulator, plain, under AddressSanitizer with UBSan and
under ThreadSanitizer, until one of them fails.

Those that survive must be explained in survivors.tsv beside the kernels, and those explained there must survive.
"""
import argparse
import collections
import concurrent.futures
import os
import re
import subprocess
import sys
import time

MODES = ("plain", "asan", "tsan")
# The tests of a file, where its name does not say it.
TESTS = {
    "channel_affine.cu": ["batch_norm"],
    "channels.h": ["batch_norm", "strided"],
    "labels.h": ["pick", "loss"],
    "lanes.h": ["loss", "strided"],
    "offsets.h": ["strided"],
    "pool.h": ["pool"],
    "reduce.cu": ["strided"],
    "strided_copy.cu": ["strided"],
    "tables.h": ["sgd", "commit"],
    "vectors.h": ["elementwise", "pool"],
    "walks.h": ["loss"],
    "window.h": ["image"],
}
# Not kernels.
LEFT_OUT = {"device.h", "runtime.cu"}
# Of the row functions those with bounds of places; elsewhere in rows/ numbers are compared, or the walk is the CPU's.
ROWS = {"pool.h", "window.h"}
SITE = re.compile(r"__syncthreads\(\);|__syncwarp\(\);|__shfl_xor_sync\(([^,]*), ([^,]*), ([^,]*)\)| (<|<=|>|>=) ")
Defect = collections.namedtuple("Defect", "number file line what text")


def device_spans(text):
    """Where device code stands: from __device__, __global__ or EIDER_ROW to the end of the body, and the formulas."""
    spans = []
    for start in re.finditer(r"__device__|__global__|\bEIDER_ROW\b|^EIDER_(UNARY|BINARY)\(.*$", text, re.M):
        if start.group(1):
            spans.append(start.span())
            continue
        parentheses, braces = 0, 0
        for end in range(start.start(), len(text)):
            c = text[end]
            parentheses += (c == "(") - (c == ")")
            if parentheses == 0 and c == ";" and braces == 0:
                break
            braces += (c == "{") - (c == "}")
            if c == "}" and braces == 0:
                break
        spans.append((start.start(), end))
    return spans


def planted(name, text, number):
    """The text with all its defects, and what they are."""
    spans, defects, out, done = device_spans(text), [], [], 0
    for site in SITE.finditer(text):
        if not any(begin <= site.start() < end for begin, end in spans):
            continue
        begin, end = text.rfind("\n", 0, site.start()) + 1, text.find("\n", site.start())
        if text[begin:site.start()].lstrip().startswith(("//", "static_assert")):
            continue
        at, line = site.group(), text.count("\n", 0, site.start()) + 1
        shown = (text[begin:site.start()] + "[" + at.strip() + "]" + text[site.end():end]).strip()
        if site.group(4):
            new = f"{at}EIDER_SHIFT({number}) + "
            kinds = ["bound + 1", "bound - 1"]
        elif site.group(2):
            new = f"(EIDER_MUTANT({number}) ? ({site.group(2)}) : {at})"
            kinds = ["no shuffle"]
        else:
            new = f"if (!EIDER_MUTANT({number})) {at}"
            kinds = ["no barrier"]
        for kind in kinds:
            defects.append(Defect(number, name, line, kind, shown))
            number += 1
        out += [text[done:site.start()], new]
        done = site.end()
    return "".join(out) + text[done:], defects


def plant(sources, copy):
    """Copies the sources, with all defects in the kernels; a file that is there already is left alone, for make's sake."""
    defects = []
    for folder, _, names in os.walk(sources):
        to = os.path.join(copy, os.path.relpath(folder, sources))
        os.makedirs(to, exist_ok=True)
        for name in sorted(names):
            with open(os.path.join(folder, name)) as file:
                text = file.read()
            folder_name = os.path.basename(folder)
            kernels = folder_name == "cuda" and name.endswith((".cu", ".h")) and name not in LEFT_OUT
            if kernels or folder_name == "rows" and name in ROWS:
                text, found = planted(name, text, len(defects))
                defects += found
            path = os.path.join(to, name)
            if os.path.exists(path):
                with open(path) as file:
                    if file.read() == text:
                        continue
            with open(path, "w") as file:
                file.write(text)
    return defects


def fails(binary, defect, limit):
    environment = dict(os.environ, EIDER_MUTANT=str(defect), EIDER_FAIL_FAST="1", OMP_NUM_THREADS="1",
                       ASAN_OPTIONS="detect_leaks=0", TSAN_OPTIONS="halt_on_error=1 history_size=0")
    try:
        run = subprocess.run([binary], env=environment, timeout=limit, stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return "does not end"
    return "" if run.returncode == 0 else "fails"


def tests_of(file):
    return TESTS.get(file) or [file.split(".")[0]]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--make", default="make", help="how to call make")
    parser.add_argument("--out", default="target/native/mutants", help="where to build")
    parser.add_argument("--only", default="", help="files to sweep, by comma")
    parser.add_argument("--verbose", action="store_true", help="say who catches each")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("objects", nargs="+", help="the CPU kernels that tests compare with")
    options = parser.parse_args()

    sources, explained_in = "src/main/cpp", "src/main/cpp/cuda/survivors.tsv"
    defects = plant(sources, os.path.join(options.out, "cpp"))
    if options.only:
        defects = [d for d in defects if d.file in options.only.split(",")]
    tests = sorted({test for d in defects for test in tests_of(d.file)})
    binary = {(m, t): os.path.join(options.out, "cuda", m, t + "_test") for m in MODES for t in tests}
    subprocess.run(
        [options.make, "--no-print-directory", "-s", f"-j{options.jobs}", f"CPP={options.out}/cpp", f"OUT={options.out}",
         "OBJECTS=" + " ".join(os.path.abspath(o) for o in options.objects),
         "PLANTED=-include src/test/cpp/cuda/mutant.h -w", *binary.values()], check=True)

    limits = {}
    for key, path in binary.items():
        start = time.time()
        if fails(path, -1, None):
            sys.exit(f"{path} fails without a defect")
        # Slow because others work here is not a defect; endless is.
        limits[key] = 10 + 10 * (time.time() - start)

    def caught(defect):
        # Whoever is likely to notice comes first.
        for mode in MODES if "bound" in defect.what else reversed(MODES):
            for test in tests_of(defect.file):
                verdict = fails(binary[mode, test], defect.number, limits[mode, test])
                if verdict:
                    return f"{mode} {test}_test {verdict}"
        return ""

    with open(explained_in) as file:
        explained = {tuple(line.split("\t")[:3]) for line in file if not line.startswith("#") and line.strip()}
    by, wrong, survivors = collections.Counter(), 0, set()
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for defect, verdict in zip(defects, pool.map(caught, defects)):
            by[verdict.split(" ")[0] if verdict else "nobody"] += 1
            key = (defect.file, defect.what, defect.text)
            if options.verbose:
                print(f"{verdict or 'nobody'}\t{defect.file}:{defect.line}\t{defect.what}\t{defect.text}", flush=True)
            if not verdict:
                survivors.add(key)
                if key not in explained:
                    wrong += 1
                    print(f"NOT CAUGHT {defect.file}:{defect.line}\t{defect.what}\t{defect.text}", flush=True)
    files = {d.file for d in defects}
    for key in sorted(key for key in explained - survivors if key[0] in files):
        wrong += 1
        print("EXPLAINED, BUT CAUGHT OR NOT THERE " + "\t".join(key))
    print(f"{len(defects)} defects: " + ", ".join(f"{n} caught by {m}" for m, n in sorted(by.items()) if m != "nobody") +
          f", {by['nobody']} survive")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
