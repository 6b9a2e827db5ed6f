#include "engine/core/parallel.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace likeness {

void ParallelFor(size_t count, int threads,
                 const std::function<void(size_t)>& work) {
  const size_t wanted = threads > 0
                            ? static_cast<size_t>(threads)
                            : std::max(1U, std::thread::hardware_concurrency());
  std::atomic<size_t> next = 0;
  const auto run = [&] {
    for (size_t i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::thread> helpers;
  for (size_t i = 1; i < std::min(wanted, count); ++i)
    helpers.emplace_back(run);
  run();
  for (std::thread& helper : helpers) helper.join();
}

}  // namespace likeness
