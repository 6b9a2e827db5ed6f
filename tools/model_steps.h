// The steps of `likeness model`.
#ifndef LIKENESS_TOOLS_MODEL_STEPS_H_
#define LIKENESS_TOOLS_MODEL_STEPS_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "engine/collection/overlap.h"
#include "indexer/change_model.h"
#include "tools/command.h"

namespace likeness {

// What the steps are told; each heeds its own.
struct ModelFlags {
  std::string data;
  std::string collection = "pictures";
  std::string bundle;
  std::string pictures;
  std::string list;
  int workers = 0;
  bool retry = false;
  uint64_t unembedded = 0;
  OverlapOptions overlap;
};

// Each opens the data directory, takes its step and prints what came of it.
absl::Status RunReembed(const ModelFlags& flags, const CommandContext& context);
absl::Status RunStatus(const ModelFlags& flags, const CommandContext& context);
absl::Status RunUnembedded(const ModelFlags& flags,
                           const CommandContext& context);
absl::Status RunCompare(const ModelFlags& flags, const CommandContext& context);
absl::Status RunSwitch(const ModelFlags& flags, const CommandContext& context);
absl::Status RunRollback(const ModelFlags& flags,
                         const CommandContext& context);
absl::Status RunEnd(const ModelFlags& flags, const CommandContext& context,
                    EndStep step);

}  // namespace likeness

#endif  // LIKENESS_TOOLS_MODEL_STEPS_H_
