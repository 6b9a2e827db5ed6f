#ifndef LIKENESS_ENGINE_CORE_PARALLEL_H_
#define LIKENESS_ENGINE_CORE_PARALLEL_H_

#include <cstddef>
#include <functional>

namespace likeness {

// Runs work(0) ... work(count - 1), each once, on `threads` threads (0: one for
// each core), in no particular order; returns when all are done. `work` does
// not throw.
void ParallelFor(size_t count, int threads,
                 const std::function<void(size_t)>& work);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_CORE_PARALLEL_H_
