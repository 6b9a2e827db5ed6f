// Content hashes. Cryptographic on purpose: owners delete files because two
// pictures have the same one, and an attacker must not be able to arrange that.
#ifndef LIKENESS_ENGINE_CORE_SHA256_H_
#define LIKENESS_ENGINE_CORE_SHA256_H_

#include <array>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace likeness {

using Sha256Digest = std::array<uint8_t, 32>;

// SHA-256 (FIPS 180-4) of `bytes`.
Sha256Digest Sha256(absl::string_view bytes);

// The digest as 64 lower-case hexadecimal digits.
std::string ToHex(const Sha256Digest& digest);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_CORE_SHA256_H_
