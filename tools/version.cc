#include "tools/version.h"

#include "absl/strings/str_cat.h"
#include "engine/index/flat_index.h"
#include "engine/store/database.h"
#include "grpcpp/grpcpp.h"

namespace likeness {

std::vector<std::pair<std::string, std::string>> Versions() {
  return {
      {"likeness", LIKENESS_VERSION}, {"LibTorch", LIKENESS_TORCH_VERSION},
      {"FAISS", FaissVersion()},      {"RocksDB", RocksDbVersion()},
      {"gRPC", grpc::Version()},
  };
}

std::string VersionText() {
  std::string text;
  for (const auto& [name, version] : Versions()) {
    absl::StrAppend(&text, text.empty() ? "" : "\n", name, " ", version);
  }
  return text;
}

}  // namespace likeness
