#!/usr/bin/env bash
# Which build of OpenBLAS serves FAISS's batched flat search best? Runs the same
# search (512 queries, 100,000 vectors of 256 dimensions, k 10, inner product)
# with Debian's OpenMP and pthread builds in turns, and prints the queries a
# second of each. Installs nothing: the packages are unpacked into a temporary
# folder.
#
#   tools/setup/compare_openblas.sh [ROUNDS]   (default 5)
set -euo pipefail
readonly ROUNDS="${1:-5}"
readonly FAISS="${LIKENESS_DEPS_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/likeness}/faiss"
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat >search.cc <<'CODE'
#include <faiss/IndexFlat.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <random>
#include <vector>

int main() {
  constexpr int kVectors = 100000, kQueries = 512, kDimensions = 256, kNearest = 10;
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  std::vector<float> vectors(size_t{kVectors} * kDimensions);
  for (float& value : vectors) value = normal(random);
  faiss::IndexFlatIP index(kDimensions);
  index.add(kVectors, vectors.data());
  std::vector<float> distances(kQueries * kNearest);
  std::vector<int64_t> labels(kQueries * kNearest);
  double best = 0;
  for (int run = 0; run < 4; ++run) {
    const auto start = std::chrono::steady_clock::now();
    index.search(kQueries, vectors.data(), kNearest, distances.data(), labels.data());
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    if (kQueries / taken.count() > best) best = kQueries / taken.count();
  }
  std::printf("%.0f\n", best);
}
CODE
library=faiss
[[ -e "$FAISS/lib/libfaiss_avx2.so" ]] && library=faiss_avx2
g++ -std=c++20 -O2 -fopenmp -I"$FAISS/include" search.cc -o search \
  -L"$FAISS/lib" -Wl,-rpath,"$FAISS/lib" "-l$library"

for variant in openmp pthread; do
  apt-get download -qq -o APT::Sandbox::User= "libopenblas0-$variant"
  dpkg -x libopenblas0-"$variant"_*.deb "$variant"
done
for ((round = 1; round <= ROUNDS; round++)); do
  for variant in openmp pthread; do
    # Before libfaiss's own run path, so this is the build that gets loaded.
    queries="$(LD_LIBRARY_PATH="$(dirname "$(find "$folder/$variant" -name \
      'libopenblas.so.0')")" ./search)"
    echo "round $round  $variant  $queries queries a second"
  done
done
