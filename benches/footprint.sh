#!/usr/bin/env bash
# How big, how quick to start and how hungry the release binary is, on an empty folder with the demo.
# Usage: cargo build --release && bash benches/footprint.sh [path of the binary]
set -euo pipefail
binary=$(realpath "${1:-${CARGO_TARGET_DIR:-target}/release/standout}")
folder=$(mktemp -d)
trap 'kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
export BIND_ADDR=127.0.0.1:18080 RUST_LOG=warn
millis() { date +%s%3N; }
answers() { (exec 3<>/dev/tcp/127.0.0.1/18080 && printf 'GET /readyz HTTP/1.0\r\n\r\n' >&3 && grep -q ' 200 ' <&3) 2>/dev/null; }

echo "binary: $(du -m "$binary" | cut -f1) MB"
for run in "first start (makes the database, loads the demo)" "second start"; do
  began=$(millis)
  "$binary" >/dev/null & pid=$!
  until answers; do sleep 0.005; done
  echo "$run: $(($(millis) - began)) ms until it answers"
  if [ "$run" = "second start" ]; then
    sleep 5
    echo "idle memory: $(awk '/VmRSS/ { printf "%.1f MB", $2 / 1024 }' "/proc/$pid/status")"
  fi
  kill "$pid"; wait "$pid" || true
done
