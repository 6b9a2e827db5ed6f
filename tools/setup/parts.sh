# Shared by the parts of tools/bootstrap.sh: messages, and the cache's folders.
#
# A part is a folder of the cache, made under a name that carries a key (a hash
# of everything that decides what is in it) and then linked to by its plain
# name:
#     faiss -> faiss-5d0c3f91a2b4/
# It counts as ready only when the link points to the wanted key and the folder
# says that it was finished, so an interrupted run leaves nothing that is taken
# for whole.

say() {
  echo "bootstrap: $*" >&2
}

# step WHAT FUNCTION ARGUMENTS...: runs it with its output in the log.
step() {
  local what="$1" started=$SECONDS status=0
  shift
  # A subshell of its own, so that errexit works inside the function.
  set +e
  (set -e; "$@") >>"$LOG" 2>&1 {lock}>&-
  status=$?
  set -e
  if ((status != 0)); then
    if [[ -s "$LOG.hint" ]]; then
      cat "$LOG.hint" >&2
    else
      tail -n 5 "$LOG" | sed 's/^/    /' >&2
    fi
    rm -f "$LOG.hint"
    say "$what failed after $((SECONDS - started)) s; see $LOG"
    exit "$((status == 3 ? 3 : 1))"
  fi
  say "$what: $((SECONDS - started)) s"
}

# hint TEXT...: what a failing step tells the user instead of the log's end.
hint() {
  printf 'bootstrap: %s\n' "$@" >"$LOG.hint"
}

# key_of FILES...: 12 digits that change with the files or standard input.
key_of() {
  cat "$@" - | sha256sum | cut -c 1-12
}

# part_ready NAME KEY
part_ready() {
  local folder="$DEPS_DIR/$1-$2"
  [[ -e "$folder/.complete" && "$DEPS_DIR/$1" -ef "$folder" ]]
}

# begin_part NAME KEY: prints the empty folder to fill.
begin_part() {
  local folder="$DEPS_DIR/$1-$2"
  rm -rf "$folder"
  mkdir -p "$folder"
  echo "$folder"
}

# end_part NAME KEY: declares the folder finished, points the plain name at it
# and removes what older keys left.
end_part() {
  local link="$DEPS_DIR/$1" folder="$DEPS_DIR/$1-$2" old
  touch "$folder/.complete"
  if [[ -d "$link" && ! -L "$link" ]]; then
    mv "$link" "$link-replaced"
  fi
  ln -s "$(basename "$folder")" "$link.new"
  mv -T "$link.new" "$link"
  for old in "$link"-*; do
    [[ "$old" == "$folder" ]] || rm -rf "$old"
  done
}
