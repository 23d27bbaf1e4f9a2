"""Downloads alone, then twice at once as one user while another downloads too."""

import concurrent.futures
import sys
import time
import urllib.request

URL = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:9002"
SIZE = 1_000_000


def download(user):
    begun = time.monotonic()
    with urllib.request.urlopen(f"{URL}/{user}?bytes={SIZE}", timeout=60) as answer:
        size = sum(len(part) for part in iter(lambda: answer.read1(65_536), b""))
    took = time.monotonic() - begun
    return f"{size} bytes in {took:.1f} s, {size / took / 1e6:.1f} MB/s"


print("ann, alone:", download("ann"), flush=True)
with concurrent.futures.ThreadPoolExecutor() as threads:
    first, second, other = threads.map(download, ["ann", "ann", "bob"])
print("ann, first:", first)
print("ann, second:", second)
print("bob:", other)
