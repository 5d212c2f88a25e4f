"""What scripts/bench runs. Every figure is taken in a process of its own, one tool after the other."""

import json
import os
import random
import re
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

FRAMES, BOXES = 100_000, 100
JUMPS = [-15, -5, -1, 1, 5, 15]
SAMPLE = range(1, FRAMES, FRAMES // 100)
HITS = 2000


# ---- the others, each in a process of its own -------------------------------------------------


def clock(work, times=1):
    began = time.perf_counter()
    for _ in range(times):
        result = work()
    return (time.perf_counter() - began) / times, result


def measure_library(path):
    from dynamic_prefetching_cache import (
        DynamicDataPredictor,
        DynamicPrefetchingCache,
        MOTDataProvider,
    )

    index, provider = clock(lambda: MOTDataProvider(path))
    load, _ = clock(lambda: [provider.load(frame) for frame in SAMPLE])
    cache = DynamicPrefetchingCache(provider, DynamicDataPredictor(possible_jumps=JUMPS))
    held = range(1, 21)
    for key in held:
        cache.get(key)
    # Another frame each time, as somebody walks.
    hit, _ = clock(lambda: [cache.get(key) for key in held], HITS // len(held))
    cache.close()
    return {"index": index, "load": load / len(SAMPLE), "hit": hit / len(held)}


def measure_pandas(path):
    import pandas

    index, table = clock(lambda: pandas.read_csv(path, header=None))
    few = SAMPLE[::10]
    load, _ = clock(lambda: [table[table[0] == frame] for frame in few])
    return {"index": index, "load": load / len(few)}


def measure_polars(path):
    import polars

    index, table = clock(lambda: polars.read_csv(path, has_header=False))
    frame_of = polars.col("column_1")
    load, _ = clock(lambda: [table.filter(frame_of == frame) for frame in SAMPLE])
    return {"index": index, "load": load / len(SAMPLE)}


class Sleeper:
    """Takes a different time for each key, the same in every run."""

    def __init__(self, latency_ms):
        self.latency, self.loads = latency_ms / 1000, 0

    def load(self, key):
        self.loads += 1
        time.sleep(self.latency * (0.6 + 0.8 * ((key * 2654435761) % 1000) / 1000))
        return key

    def get_available_frames(self):
        return set()

    def get_total_frames(self):
        return 20_000

    def get_stats(self):
        return {}


def replay_library(path):
    from dynamic_prefetching_cache import DynamicDataPredictor, DynamicPrefetchingCache

    accesses = json.loads(Path(path).read_text())["accesses"]
    provider = Sleeper(12)
    predictor = DynamicDataPredictor(possible_jumps=JUMPS)
    cache = DynamicPrefetchingCache(
        provider, predictor, max_keys_cached=100, max_keys_prefetched=20
    )
    began = time.perf_counter()
    for at, key in accesses:
        time.sleep(max(0, began + at / 1000 - time.perf_counter()))
        cache.get(key)
    stats = cache.stats()
    cache.close()
    return {"hit_rate": stats["hits"] / len(accesses), "loads": provider.loads}


def measure_opencv(folder):
    from concurrent.futures import ThreadPoolExecutor

    import cv2

    cv2.setNumThreads(1)

    def decode(path):
        began = time.perf_counter()
        cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGBA)
        return time.perf_counter() - began

    paths = sorted(Path(folder).glob("*.jpg"))
    one = statistics.median([decode(path) for path in paths])
    began = time.perf_counter()
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        list(threads.map(decode, paths))
    return {"decode_ms": one * 1000, "decode_per_second": len(paths) / (time.perf_counter() - began)}


MEASURES = {
    "opencv": measure_opencv,
    "library": measure_library,
    "pandas": measure_pandas,
    "polars": measure_polars,
    "replay": replay_library,
}


# ---- walks, where none are given --------------------------------------------------------------


def walks():
    """Eight walks of the kinds that people make, the same in every run."""
    chance = random.Random(7)

    def steps(at, count, step, ms):
        return [[ms * n, at + step * n] for n in range(count)]

    def join(parts):
        walk, now = [], 0.0
        for pause, times_and_keys in parts:
            now += pause
            walk += [[now + at, key] for at, key in times_and_keys]
            now = walk[-1][0]
        return walk

    def held(at):
        parts, way = [], 1
        while sum(len(part) for _, part in parts) < 350:
            run = chance.randint(8, 45)
            parts.append((chance.uniform(200, 800), steps(at, run, way, 40)))
            at += way * run
            way = -way if chance.random() < 0.4 else way
        return join(parts)

    def buttons(at, count):
        parts = []
        while len(parts) < count:
            jump = chance.choice(JUMPS)
            for _ in range(chance.randint(1, 9)):
                at += jump
                parts.append((chance.uniform(120, 350), [[0, at]]))
        return parts[:count]

    def drag():
        walk, pixel, speed = [], 400.0, 0.0
        for n in range(400):
            speed = speed * 0.97 + chance.gauss(0, 1) * 0.5
            pixel = min(max(pixel + speed, 1), 799)
            walk.append([16.7 * n, round(pixel) * 25])
        return walk

    def mixed():
        parts, at = [], 2000
        for _ in range(4):
            parts.append((300, steps(at, 60, 1, 33.3)))
            at = chance.randint(200, 19_800)
            parts.append((33, [[0, at]]))
            parts.append((640, steps(at - 1, 13, -1, 60)))
            parts += buttons(at - 13, 8)
            at = parts[-1][1][0][1]
        return join(parts)

    events = sorted(chance.sample(range(1, 20_001), 60))
    at, hops = 5, [[0.0, events[5]]]
    while len(hops) < 80:
        at = min(at + 1, 59) if chance.random() < 0.8 else max(at - 1, 0)
        hops.append([hops[-1][0] + chance.uniform(500, 900), events[at]])
    return {
        "play": ([], steps(5000, 450, 1, 33.3)),
        "play4x": ([], steps(5000, 450, 4, 33.3)),
        "reverse": ([], steps(9000, 450, -1, 33.3)),
        "step": ([], held(12_000)),
        "jumps": ([], join(buttons(7000, 120))),
        "scrub": ([], drag()),
        "mixed": ([], mixed()),
        "hop": (events, hops),
    }


# ---- side by side -----------------------------------------------------------------------------


def memory_of(pid):
    """What a process holds that is not in the system's cache of files anyway, in bytes."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return sum(int(n) * 1024 for n in re.findall(r"^Rss(?:Anon|Shmem):\s+(\d+)", status, re.M))


def child(command, quiet=False, watched=False):
    """Runs a command: its output, its seconds, and its peak memory in bytes where it is watched."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL if quiet else None)
    peak, ended = 0, threading.Event()

    def watch():
        nonlocal peak
        while not ended.wait(0.002):
            peak = max(peak, memory_of(process.pid))

    watcher = threading.Thread(target=watch)
    if watched:
        watcher.start()
    output = process.stdout.read()
    code = process.wait()
    seconds = time.perf_counter() - began
    ended.set()
    if watched:
        watcher.join()
    if code != 0:
        sys.exit(f"{command} failed")
    return output, seconds, peak


def other(what, path):
    output, _, peak = child([sys.executable, __file__, "measure", what, str(path)], quiet=True, watched=True)
    return json.loads(output), peak


def ours(motscope, path):
    output, _, _ = child([motscope, "profile", str(path), "--operations", "10", "--json"])
    # The peak of one index and one frame, as of a process that opens the file once.
    _, _, peak = child([motscope, "frame", str(path), "1", "--json"], watched=True)
    return json.loads(output)["components"], peak


def row(name, index, wc, peak, load, hit):
    figures = [
        f"{index * 1000:,.0f} ms",
        f"{index / wc:.1f}x",
        f"{peak / 1e6:,.0f} MB" if peak else "",
        f"{load * 1e6:,.0f} µs" if load else "",
        f"{hit * 1e6:,.2f} µs" if hit else "",
    ]
    print(f"| {name} | " + " | ".join(figures) + " |", flush=True)


def files(motscope, folder):
    """The same boxes three times: by frame, by track, and in no order."""
    plain, by_frame, by_track, no_order = (
        folder / f"{name}.txt" for name in ("plain", "frame", "track", "none")
    )
    size = ["--frames", str(FRAMES), "--density", str(BOXES), "--column-count", "9"]
    child([motscope, "generate", str(plain), *size], quiet=True)
    # Confidences as trackers write them, where the truth has a 1.
    confidences = 'BEGIN { srand(7) } { $7 = sprintf("%.7f", 0.4 + 0.6 * rand()); print }'
    with by_frame.open("w") as out:
        subprocess.run(["awk", "-F,", "-v", "OFS=,", confidences, str(plain)], stdout=out, check=True)
    plain.unlink()
    child(["sort", "-t,", "-k2,2n", "-k1,1n", "-S", "2G", "-o", str(by_track), str(by_frame)])
    child(["shuf", "-o", str(no_order), str(by_frame)])
    return by_frame, by_track, no_order


def compare_files(motscope, folder):
    by_frame, by_track, no_order = files(motscope, folder)
    megabytes = by_frame.stat().st_size / 1e6
    print(f"\n{megabytes:,.0f} MB: {FRAMES:,} frames of {BOXES} boxes, in the system's cache\n")
    print("| | index | beside `wc -l` | peak memory | load a frame | a hit |")
    print("|---|---:|---:|---:|---:|---:|", flush=True)
    for name, path in [
        ("motscope, sorted by frame", by_frame),
        ("motscope, sorted by track", by_track),
        ("motscope, in no order", no_order),
    ]:
        times, results = [], []
        # In turn, so that whatever else the machine does falls on both alike.
        for _ in range(5):
            times += [child(["wc", "-l", str(path)])[1] for _ in range(3)]
            results.append(ours(motscope, path))
        wc = statistics.median(times)
        middle = lambda key: statistics.median(components[key] for components, _ in results)
        peak = max(peak for _, peak in results)
        index, load = middle("index_ms") / 1000, middle("load_frame_us") / 1e6
        row(f"`wc -l`, {name.split(', ')[1]}", wc, wc, None, None, None)
        row(name, index, wc, peak, load, middle("hit_us") / 1e6)
    for name, what in [
        ("dynamic-prefetching-cache 0.1.3", "library"),
        ("pandas", "pandas"),
        ("polars", "polars"),
    ]:
        figures, peak = other(what, by_frame)
        row(name, figures["index"], wc, peak, figures["load"], figures.get("hit"))


def compare_walks(motscope, folder, given):
    if given:
        paths = sorted(Path(given).glob("*.json"))
    else:
        paths = []
        for name, (events, accesses) in walks().items():
            path = folder / f"{name}.json"
            path.write_text(json.dumps({"events": events, "accesses": accesses}))
            paths.append(path)
    print("\nWalks, 12 ms a load, one worker, 100 keys cached, 20 planned; hits (loads)\n")
    print("| walk | accesses | Python library | motscope, adaptive |")
    print("|---|---:|---:|---:|", flush=True)
    for path in paths:
        command = [motscope, "profile", "--trace", str(path), "--json"]
        # Both sleep nearly all of the time, so they can do so together.
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        theirs, _ = other("replay", path)
        mine = json.loads(process.communicate()[0])["traces"][0]
        cells = [f"{r['hit_rate'] * 100:.1f} % ({r['loads']})" for r in (theirs, mine)]
        print(f"| {mine['trace']} | {mine['accesses']} | " + " | ".join(cells) + " |", flush=True)


def compare_pictures(motscope, folder):
    sequence = folder / "pictures"
    size = ["--frames", "60", "--width", "1920", "--height", "1080", "--density", "20"]
    images = sequence / "img1"
    child([motscope, "generate", str(sequence / "gt.txt"), "--images", str(images), *size], quiet=True)
    print("\n60 JPEG files of 1920 x 1080, read and decoded to RGBA\n")
    print("| | a picture, one thread | a second, all cores |")
    print("|---|---:|---:|", flush=True)
    theirs, _ = other("opencv", images)
    output, _, _ = child([motscope, "profile", str(sequence), "--pictures", "--json"])
    for name, r in [("OpenCV", theirs), ("motscope", json.loads(output))]:
        print(f"| {name} | {r['decode_ms']:.1f} ms | {r['decode_per_second']:.0f} |", flush=True)


def main():
    if sys.argv[1] == "measure":
        print(json.dumps(MEASURES[sys.argv[2]](sys.argv[3])))
        return
    motscope, folder = sys.argv[1], Path(sys.argv[2])
    compare_files(motscope, folder)
    compare_pictures(motscope, folder)
    compare_walks(motscope, folder, sys.argv[3] if len(sys.argv) > 3 else None)


if __name__ == "__main__":
    main()
