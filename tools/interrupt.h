#ifndef LIKENESS_TOOLS_INTERRUPT_H_
#define LIKENESS_TOOLS_INTERRUPT_H_

#include <thread>

#include "indexer/cancel.h"

namespace likeness {

// Turns SIGINT and SIGTERM into a cancel token while it lives: the first one
// asks the job to stop, the second one ends the process at once. Make it before
// any other thread, since threads inherit which signals they leave alone.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  const CancelToken& token() const { return token_; }

 private:
  void Watch();

  CancelToken token_;
  int signals_ = -1;  // signalfd
  int stop_ = -1;     // eventfd
  std::thread watcher_;
};

}  // namespace likeness

#endif  // LIKENESS_TOOLS_INTERRUPT_H_
