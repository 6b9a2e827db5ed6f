# FAISS, built from Debian's source package: Debian's own binary is static and
# knows no AVX2. Part of tools/bootstrap.sh.

readonly FAISS_VERSION=1.7.3-2
readonly FAISS_ORIG_SHA256=3e4fac26d8c9e9008ecea4ae5fc414c658998fce4ba75835058b1a71d3516002
# By tools/setup/compare_openblas.sh: OpenBLAS's OpenMP build shares its threads
# with FAISS and LibTorch, the pthread build adds threads of its own.
readonly FAISS_BLAS_DIR=/usr/lib/x86_64-linux-gnu/openblas-openmp

faiss_opt_level() {
  if [[ -n "${LIKENESS_FAISS_OPT_LEVEL:-}" ]]; then
    echo "$LIKENESS_FAISS_OPT_LEVEL"
  elif grep -qw avx2 /proc/cpuinfo; then
    echo avx2
  else
    echo generic
  fi
}

faiss_key() {
  faiss_opt_level | key_of "$SETUP_DIR/faiss.sh"
}

# The sources of the archives that this system is set up with, as a list of its
# own: the system's configuration stays as it is.
write_source_list() {
  local keyrings=/usr/share/keyrings
  apt-get indextargets \
    --format '$(CREATED_BY) $(ORIGIN) $(REPO_URI) $(RELEASE) $(COMPONENT)' |
    awk -v keyrings="$keyrings" '
      $1 != "Packages" { next }
      $2 == "Debian" { key = keyrings "/debian-archive-keyring.gpg" }
      $2 == "Ubuntu" { key = keyrings "/ubuntu-archive-keyring.gpg" }
      $2 != "Debian" && $2 != "Ubuntu" { next }
      { print "deb-src [signed-by=" key "]", $3, $4, $5 }' | sort -u
}

# fetch_faiss FOLDER: leaves the patched sources in FOLDER/source.
fetch_faiss() {
  local folder="$1" version="$FAISS_VERSION"
  mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial"
  write_source_list >"$folder/sources.list"
  if [[ ! -s "$folder/sources.list" ]]; then
    hint "apt is set up with no Debian or Ubuntu archive to take FAISS's" \
      "sources from. Give a FAISS of your own: faiss_DIR=/path/to/lib/cmake/faiss"
    return 1
  fi
  local -a apt=(apt-get
    -o "Dir::Etc::sourcelist=$folder/sources.list" -o Dir::Etc::sourceparts=-
    -o "Dir::State::lists=$folder/lists" -o "Dir::Cache=$folder/cache"
    -o APT::Sandbox::User=)
  "${apt[@]}" update
  cd "$folder"
  if ! "${apt[@]}" source --download-only "faiss=$version"; then
    echo "faiss $version is not in this system's archives; taking what there is," \
      "signed by the archive but not the version that the tests run with"
    "${apt[@]}" source --download-only faiss
  else
    echo "$FAISS_ORIG_SHA256  faiss_${version%-*}.orig.tar.gz" |
      sha256sum --check
  fi
  # Unpacks, and applies the distribution's patches.
  dpkg-source --extract faiss_*.dsc source
}

build_faiss() {
  local key folder work
  key="$(faiss_key)"
  folder="$(begin_part faiss "$key")"
  work="$(begin_part faiss-build "$key")"
  fetch_faiss "$work"

  local launcher=()
  if command -v ccache >/dev/null; then
    launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
  fi
  # FAISS's own level "avx2" builds everything twice, without AVX2 and with it;
  # these are the flags of its second library, for its only one.
  local flags=""
  if [[ "$(faiss_opt_level)" == avx2 ]]; then
    flags="-mavx2 -mfma -mf16c -mpopcnt"
  fi
  # FAISS 1.7 asks for policies older than CMake 4 knows.
  cmake -S "$work/source" -B "$work/build" -G Ninja \
    -DCMAKE_BUILD_TYPE=Release -DCMAKE_POLICY_VERSION_MINIMUM=3.5 \
    -DFAISS_OPT_LEVEL=generic -DCMAKE_CXX_FLAGS="$flags" -DBUILD_SHARED_LIBS=ON \
    -DFAISS_ENABLE_GPU=OFF -DFAISS_ENABLE_PYTHON=OFF -DBUILD_TESTING=OFF \
    -DBLAS_LIBRARIES="$FAISS_BLAS_DIR/libopenblas.so" \
    -DLAPACK_LIBRARIES="$FAISS_BLAS_DIR/libopenblas.so" \
    -DCMAKE_INSTALL_PREFIX="$folder" -DCMAKE_INSTALL_LIBDIR=lib \
    -DCMAKE_INSTALL_RPATH="$FAISS_BLAS_DIR" "${launcher[@]}"
  # The folder is named after the key: let ccache see through it.
  CCACHE_BASEDIR="$work" CCACHE_NOHASHDIR=1 nice cmake --build "$work/build"
  cmake --install "$work/build"
  rm -rf "$work"
  end_part faiss "$key"
}
