"""Downloads alone, then twice at once as one user while another downloads too."""

import sys
import threading
import time
import urllib.request

URL = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:9002"
SIZE = 1_000_000


def download(who, user):
    begun = time.monotonic()
    with urllib.request.urlopen(f"{URL}/{user}?bytes={SIZE}", timeout=60) as answer:
        size = sum(len(part) for part in iter(lambda: answer.read1(65_536), b""))
    took = time.monotonic() - begun
    print(f"{who}: {size} bytes in {took:.1f} s, {size / took / 1e6:.1f} MB/s", flush=True)


download("ann, alone", "ann")
together = [("ann, first", "ann"), ("ann, second", "ann"), ("bob", "bob")]
threads = [threading.Thread(target=download, args=one) for one in together]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
