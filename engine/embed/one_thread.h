#ifndef LIKENESS_ENGINE_EMBED_ONE_THREAD_H_
#define LIKENESS_ENGINE_EMBED_ONE_THREAD_H_

#include <ATen/Parallel.h>
#include <omp.h>

namespace likeness {

// While it lives, OpenMP regions started by this thread (LibTorch's, oneDNN's)
// run on it alone. The setting belongs to the thread, so other threads, and
// FAISS on this one afterwards, keep theirs; at::set_num_threads would also
// change the default of every thread that comes later.
class ScopedOneThread {
 public:
  ScopedOneThread() {
    // LibTorch sets its own number once in every thread that it meets: let it
    // do so first, or it would undo what follows.
    at::get_num_threads();
    omp_set_num_threads(1);
  }
  ~ScopedOneThread() { omp_set_num_threads(before_); }
  ScopedOneThread(const ScopedOneThread&) = delete;
  ScopedOneThread& operator=(const ScopedOneThread&) = delete;

 private:
  const int before_ = omp_get_max_threads();
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_EMBED_ONE_THREAD_H_
