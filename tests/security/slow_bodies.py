#!/usr/bin/env python3
"""Drips request bodies at the real service, and says what it costs.

    python3 tests/security/slow_bodies.py PATH-TO-STANDOUT

Starts the binary over a folder of its own with 1,024 descriptors and no more, and on loopback:

1. drip: 2,000 connections send a byte a second of a form each, from one address and from 500; who is cut comes again after a second.
2. hold: 2,000 connections send 120,000 bytes of a form each and never the last; who is cut comes again after a second.

Meanwhile somebody else signs up once a second. Prints sign-ups, their times, and the service's peak memory; exit code 1 where an aim
is missed: every sign-up within a second, memory under 256 MB. Needs Linux (/proc, 127.0.0.0/8).
"""

import collections
import html
import http.client
import os
import re
import resource
import selectors
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

DESCRIPTORS = 1024
ATTACKERS = 2000
HOLD_BYTES = 120_000
SECONDS = 30
AGAIN_AFTER_SECONDS = 1
SIGNUP_AIM_SECONDS = 1.0
MEMORY_AIM_MB = 256
CAMPAIGN = "/campaigns/ma-287g"


def start(binary, folder):
    settings = {
        "BIND_ADDR": "127.0.0.1:0", "PUBLIC_URL": "http://standout.test", "DATA_DIR": "data", "FORM_MIN_SECONDS": "0",
        "SIGNUPS_PER_IP_PER_HOUR": "0", "MAIL_FROM": "letters@campaign.example", "RUST_LOG": "warn",
    }
    limit = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))
    log = open(os.path.join(folder, "service.log"), "w")
    service = subprocess.Popen([binary, "serve"], cwd=folder, env=settings, stdout=subprocess.PIPE, stderr=log, preexec_fn=limit)
    for line in service.stdout:
        found = re.match(r"\s*Listens\s+127\.0\.0\.1:(\d+)", line.decode())
        if found:
            threading.Thread(target=service.stdout.read, daemon=True).start()
            return service, int(found[1])
    sys.exit("the service did not start: " + open(log.name).read())


def memory_mb(service):
    status = open(f"/proc/{service.pid}/status").read()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1000


class Attack(threading.Thread):
    """Keeps so many unfinished bodies going, from `addresses` addresses, until told to stop."""

    def __init__(self, port, addresses, at_once):
        super().__init__(daemon=True)
        self.port, self.addresses, self.at_once = port, addresses, at_once
        self.over = threading.Event()
        self.cut = 0
        head = (f"POST {CAMPAIGN}/officials HTTP/1.1\r\nHost: standout.test\r\n"
                f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {HOLD_BYTES + 1000}\r\n\r\n")
        self.first = head.encode() + b"a" * at_once
        self.numbers = iter(range(10**9))

    def connect(self, selector):
        n = next(self.numbers) % self.addresses
        client = socket.socket()
        client.bind((f"127.1.{n // 250}.{n % 250 + 1}", 0))
        client.setblocking(False)
        client.connect_ex(("127.0.0.1", self.port))
        selector.register(client, selectors.EVENT_READ | selectors.EVENT_WRITE, {"rest": self.first})

    def run(self):
        selector = selectors.DefaultSelector()
        for _ in range(ATTACKERS):
            self.connect(selector)
        drip = time.monotonic() + 1
        again = collections.deque()
        while not self.over.is_set():
            for key, events in selector.select(0.05):
                state = key.data
                try:
                    if events & selectors.EVENT_READ and not key.fileobj.recv(65536):
                        raise ConnectionError
                    if events & selectors.EVENT_WRITE:
                        state["rest"] = state["rest"][key.fileobj.send(state["rest"]):]
                        if not state["rest"]:
                            selector.modify(key.fileobj, selectors.EVENT_READ, state)
                except BlockingIOError:
                    pass
                except OSError:
                    selector.unregister(key.fileobj)
                    key.fileobj.close()
                    self.cut += 1
                    again.append(time.monotonic() + AGAIN_AFTER_SECONDS)
            while again and again[0] < time.monotonic():
                again.popleft()
                self.connect(selector)
            if time.monotonic() > drip:
                drip += 1
                for key in list(selector.get_map().values()):
                    if not key.data["rest"]:
                        try:
                            key.fileobj.send(b"a")
                        except OSError:
                            pass
        for key in list(selector.get_map().values()):
            key.fileobj.close()
        selector.close()


def sign_up(port, n):
    """Opens the page and signs up, on one connection each; gives the seconds of the two together."""
    began = time.monotonic()
    page = http.client.HTTPConnection("127.0.0.1", port, timeout=30, source_address=("127.9.0.1", 0))
    page.request("GET", CAMPAIGN)
    token = html.unescape(re.search(r'name="form_token"[^>]*value="([^"]*)"', page.getresponse().read().decode())[1])
    page.close()
    form = {"name": "Ana Example", "email": f"ana{n}@example.org", "street": "12 Harbor Street", "city": "Saltwick", "zip": "01099",
            "consent": "yes", "form_token": token}
    sends = http.client.HTTPConnection("127.0.0.1", port, timeout=30, source_address=("127.9.0.1", 0))
    sends.request("POST", CAMPAIGN + "/signups", urllib.parse.urlencode(form), {"Content-Type": "application/x-www-form-urlencoded"})
    status = sends.getresponse().status
    sends.close()
    if status != 303:
        raise RuntimeError(f"a sign-up was answered with {status}")
    return time.monotonic() - began


def measure(binary, name, addresses, at_once):
    with tempfile.TemporaryDirectory() as folder:
        service, port = start(binary, folder)
        try:
            sign_up(port, 0)
            before = memory_mb(service)
            attack = Attack(port, addresses, at_once)
            attack.start()
            time.sleep(2)
            times, failures = [], []
            ends = time.monotonic() + SECONDS
            while time.monotonic() < ends:
                try:
                    times.append(sign_up(port, len(times) + 1))
                except Exception as error:  # Whatever it is, that person did not get through.
                    failures.append(repr(error))
                time.sleep(1)
            descriptors = len(os.listdir(f"/proc/{service.pid}/fd"))
            attack.over.set()
            attack.join()
            peak = memory_mb(service)
        finally:
            service.terminate()
            service.wait()
    times.sort()
    middle, worst = (times[len(times) // 2], times[-1]) if times else (float("nan"), float("inf"))
    print(f"{name}: {ATTACKERS} connections from {addresses} addresses for {SECONDS} s, {attack.cut} cut; {len(times)} sign-ups, "
          f"median {middle * 1000:.0f} ms, worst {worst * 1000:.0f} ms, {len(failures)} failed; descriptors {descriptors}; "
          f"memory {before:.0f} MB before, peak {peak:.0f} MB")
    for failure in failures[:3]:
        print("  " + failure)
    return not failures and worst < SIGNUP_AIM_SECONDS and peak < MEMORY_AIM_MB


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    binary = os.path.abspath(sys.argv[1])
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    runs = [(kind, addresses, at_once) for kind, at_once in [("drip", 1), ("hold", HOLD_BYTES)] for addresses in [1, 500]]
    good = [measure(binary, *run) for run in runs]
    sys.exit(0 if all(good) else "an aim was missed")


if __name__ == "__main__":
    main()
