#include "tests/support/failing_calls.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdarg>
#include <cstddef>
#include <cstdio>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace likeness::testing {
namespace {

// What the functions below ask; nullptr: no call fails.
std::atomic<FailingCalls*> active = nullptr;

// The C library's function of the name.
template <typename Function>
Function* Real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

std::string PathOf(int descriptor) {
  std::array<char, 4096> path{};
  const std::string link = absl::StrCat("/proc/self/fd/", descriptor);
  const ssize_t size = readlink(link.c_str(), path.data(), path.size());
  return std::string(path.data(), size > 0 ? static_cast<size_t>(size) : 0);
}

// False when the call must fail, with errno set.
bool MayGoOn(const std::string& path, size_t* size = nullptr) {
  FailingCalls* const calls = active.load();
  const int error = calls != nullptr ? calls->Decide(path, size) : 0;
  if (error != 0) errno = error;
  return error == 0;
}

bool MayGoOn(int descriptor, size_t* size = nullptr) {
  return active.load() == nullptr || MayGoOn(PathOf(descriptor), size);
}

}  // namespace

FailingCalls::FailingCalls(CallFault fault) : fault_(std::move(fault)) {
  EXPECT_EQ(active.exchange(this), nullptr) << "calls fail already";
}

FailingCalls::~FailingCalls() { active = nullptr; }

bool FailingCalls::reached() const {
  absl::MutexLock lock(&mutex_);
  return fault_.fail_at != 0 && calls_ >= fault_.fail_at;
}

int FailingCalls::Decide(const std::string& path, size_t* size) {
  if (!absl::StartsWith(path, fault_.under)) return 0;
  absl::MutexLock lock(&mutex_);
  ++calls_;
  if (fault_.fail_at == 0 || calls_ < fault_.fail_at) return 0;
  switch (fault_.kind) {
    case CallFault::Kind::kOnce:
      return calls_ == fault_.fail_at ? fault_.error : 0;
    case CallFault::Kind::kFromThenOn:
      return fault_.error;
    case CallFault::Kind::kShortWrite:
      if (calls_ == fault_.fail_at && size != nullptr) *size = (*size + 1) / 2;
      return 0;
  }
  return 0;
}

}  // namespace likeness::testing

// The names are the C library's.
extern "C" {

// NOLINTNEXTLINE(cert-dcl50-cpp): that is how open is declared.
int open(const char* path, int flags, ...) {
  mode_t mode = 0;
  if ((flags & (O_CREAT | O_TMPFILE)) != 0) {
    va_list arguments;
    va_start(arguments, flags);
    mode = va_arg(arguments, mode_t);
    va_end(arguments);
  }
  const bool writes = (flags & O_ACCMODE) != O_RDONLY;
  if (writes && !likeness::testing::MayGoOn(path)) return -1;
  static const auto real =
      likeness::testing::Real<int(const char*, int, ...)>("open");
  return real(path, flags, mode);
}

ssize_t write(int descriptor, const void* bytes, size_t size) {
  if (!likeness::testing::MayGoOn(descriptor, &size)) return -1;
  static const auto real =
      likeness::testing::Real<ssize_t(int, const void*, size_t)>("write");
  return real(descriptor, bytes, size);
}

ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t offset) {
  if (!likeness::testing::MayGoOn(descriptor, &size)) return -1;
  static const auto real =
      likeness::testing::Real<ssize_t(int, const void*, size_t, off_t)>(
          "pwrite");
  return real(descriptor, bytes, size, offset);
}

int fsync(int descriptor) {
  if (!likeness::testing::MayGoOn(descriptor)) return -1;
  static const auto real = likeness::testing::Real<int(int)>("fsync");
  return real(descriptor);
}

int fdatasync(int descriptor) {
  if (!likeness::testing::MayGoOn(descriptor)) return -1;
  static const auto real = likeness::testing::Real<int(int)>("fdatasync");
  return real(descriptor);
}

int ftruncate(int descriptor, off_t size) noexcept {
  if (!likeness::testing::MayGoOn(descriptor)) return -1;
  static const auto real =
      likeness::testing::Real<int(int, off_t)>("ftruncate");
  return real(descriptor, size);
}

int rename(const char* from, const char* to) noexcept {
  if (!likeness::testing::MayGoOn(to)) return -1;
  static const auto real =
      likeness::testing::Real<int(const char*, const char*)>("rename");
  return real(from, to);
}

int link(const char* from, const char* to) noexcept {
  if (!likeness::testing::MayGoOn(to)) return -1;
  static const auto real =
      likeness::testing::Real<int(const char*, const char*)>("link");
  return real(from, to);
}

int mkdir(const char* path, mode_t mode) noexcept {
  if (!likeness::testing::MayGoOn(path)) return -1;
  static const auto real =
      likeness::testing::Real<int(const char*, mode_t)>("mkdir");
  return real(path, mode);
}

}  // extern "C"
