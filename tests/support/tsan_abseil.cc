// Tells the thread sanitizer what Abseil's locks order. Debian's Abseil is
// built without it, so that it sees none of what they do, and would call all
// that they guard a race. Linked into every test of the preset tsan, where
// these functions take the place of the library's, and call them.
#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

#include <string>
#include <typeinfo>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"

// Of the sanitizer's runtime, which has no header for them.
extern "C" {
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);
}

namespace {

// The library's member function: `member` is what follows the class in its
// mangled name.
template <typename Function>
Function* Real(const std::type_info& of, const char* member,
               bool is_const = false) {
  // "N4absl...5MutexE", with the namespace that Abseil was built with.
  const std::string type = of.name();
  const std::string name =
      (is_const ? "_ZNK" : "_ZN") + type.substr(1, type.size() - 2) + member;
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name.c_str()));
}

using OfMutex = void(absl::Mutex*);
using OfMutexAndCondition = void(absl::Mutex*, const absl::Condition&);

}  // namespace

namespace absl {
ABSL_NAMESPACE_BEGIN

void Mutex::Lock() {
  static const auto real = Real<OfMutex>(typeid(Mutex), "4LockEv");
  real(this);
  __tsan_acquire(this);
}

void Mutex::Unlock() {
  static const auto real = Real<OfMutex>(typeid(Mutex), "6UnlockEv");
  __tsan_release(this);
  real(this);
}

void Mutex::ReaderLock() {
  static const auto real = Real<OfMutex>(typeid(Mutex), "10ReaderLockEv");
  real(this);
  __tsan_acquire(this);
}

void Mutex::ReaderUnlock() {
  static const auto real = Real<OfMutex>(typeid(Mutex), "12ReaderUnlockEv");
  __tsan_release(this);
  real(this);
}

void Mutex::Await(const Condition& condition) {
  static const auto real =
      Real<OfMutexAndCondition>(typeid(Mutex), "5AwaitERKNS0_9ConditionE");
  __tsan_release(this);
  real(this, condition);
  __tsan_acquire(this);
}

// Whoever unlocks evaluates the conditions of those who wait, under the lock,
// which the sanitizer holds for unlocked already.
bool Condition::Eval() const {
  static const auto real =
      Real<bool(const Condition*)>(typeid(Condition), "4EvalEv", true);
  AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
  const bool holds = real(this);
  AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
  return holds;
}

void Notification::Notify() {
  static const auto real =
      Real<void(Notification*)>(typeid(Notification), "6NotifyEv");
  __tsan_release(this);
  real(this);
}

void Notification::WaitForNotification() const {
  static const auto real = Real<void(const Notification*)>(
      typeid(Notification), "19WaitForNotificationEv", true);
  real(this);
  __tsan_acquire(const_cast<Notification*>(this));
}

ABSL_NAMESPACE_END
}  // namespace absl
