#!/usr/bin/env bash
# Indexes pictures, starts the server, asks it, writes one page about the
# answers, stops the server, and says how to go on by hand.
#
#   tools/demo.sh PROGRAM [IMAGES]
#
# PROGRAM is the likeness program; IMAGES a folder of pictures (default: those of
# the Debian package tuxpaint-stamps-default). Runs again where it stopped: what
# is in the data directory already is not read twice.
#
# Environment: LIKENESS_DEMO_DIR, default build/demo: the data directory and the
# page. Exit status: that of the step that failed; 130 after Ctrl-C.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if (($# < 1 || $# > 2)); then
  sed -n '2,12{s/^# \{0,1\}//;p}' "$0" >&2
  exit 2
fi
readonly PROGRAM="$1"
readonly IMAGES="${2:-/usr/share/tuxpaint/stamps}"
readonly DEMO_DIR="${LIKENESS_DEMO_DIR:-build/demo}"
# One data directory for each folder of pictures.
readonly DATA="$DEMO_DIR/data-$(realpath -m "$IMAGES" | sha256sum | cut -c 1-8)"
readonly PAGE="$DEMO_DIR/demo.html"
readonly PORT_FILE="$DEMO_DIR/port"
readonly SERVER_LOG="$DEMO_DIR/server.log"
server=

if [[ ! -d "$IMAGES" ]]; then
  echo "demo: $IMAGES is not a folder; name one with make demo IMAGES=folder" >&2
  exit 2
fi

stop_server() {
  if [[ -n "$server" ]]; then
    kill -TERM "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    server=
  fi
}
trap stop_server EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

server_address() {
  echo "127.0.0.1:$(cat "$PORT_FILE")"
}

# The server writes its port when it answers.
server_answers() {
  [[ -s "$PORT_FILE" ]] &&
    "$PROGRAM" info --server "$(server_address)" >/dev/null 2>&1
}

start_server() {
  rm -f "$PORT_FILE"
  "$PROGRAM" serve --data "$DATA" --listen 127.0.0.1:0 \
    --port-file "$PORT_FILE" 2>"$SERVER_LOG" &
  server=$!
  local tries
  for ((tries = 0; tries < 300; tries++)); do
    server_answers && return 0
    if ! kill -0 "$server" 2>/dev/null; then
      break
    fi
    sleep 0.1
  done
  echo "demo: the server did not start; its log:" >&2
  tail -n 20 "$SERVER_LOG" >&2
  return 1
}

# The stamps lie between sounds, texts and drawings, which a folder of pictures
# does not have.
pictures=("$IMAGES")
if (($# < 2)) || [[ -z "$2" ]]; then
  mapfile -t pictures < <(find "$IMAGES" -type f -name '*.png' | sort)
fi

mkdir -p "$DEMO_DIR"
"$PROGRAM" index "${pictures[@]}" --data "$DATA"
start_server
"$PROGRAM" showcase --server "$(server_address)" --out "$PAGE" "${pictures[@]}"
stop_server

any_picture="$(find "$IMAGES" -type f \( -name '*.png' -o -name '*.jpg' \) |
  sort | sed -n 1p)"
cat <<TEXT

The page: $(realpath "$PAGE")

Ask the next question by hand:
  $PROGRAM search ${any_picture:-PICTURE} --data $DATA -k 5
or of a server that stays up:
  $PROGRAM serve --data $DATA --listen 127.0.0.1:50051
  $PROGRAM search ${any_picture:-PICTURE} --server 127.0.0.1:50051 -k 5
TEXT
