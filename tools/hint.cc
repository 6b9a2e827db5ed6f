#include "tools/hint.h"

#include "engine/core/error.h"
#include "engine/store/database.h"
#include "indexer/change_model.h"
#include "server/reasons.h"

namespace likeness {

std::string HintFor(const absl::Status& status) {
  const std::string reason = ReasonOf(status);
  if (reason == kReasonDirectoryInUse) {
    return "a running server holds it: ask that with --server HOST:PORT, or "
           "stop it";
  }
  if (reason == kReasonModelMismatch) {
    return "use the model that made the collection (--model), or another "
           "--collection";
  }
  if (reason == kReasonNoAnswer) {
    return "is the server running? start it with: likeness serve --data DIR";
  }
  if (reason == kReasonLoading) {
    return "its log says \"ready\" when it has loaded";
  }
  if (reason == kReasonOverloaded) {
    return "other clients keep it busy, or it has too few cores for them";
  }
  if (reason == kReasonShuttingDown) {
    return "start it again with: likeness serve --data DIR";
  }
  if (reason == kReasonNoModelChange) {
    return "begin one with: likeness model reembed BUNDLE --data DIR (or "
           "reembed --server HOST:PORT)";
  }
  if (reason == kReasonNotCaughtUp) {
    return "likeness model reembed BUNDLE (to go back: rollback BUNDLE) "
           "repeats them; a server does so by itself: likeness model status";
  }
  if (reason == kReasonItemsUnembedded) {
    return "likeness model unembedded lists them, reembed --retry tries them "
           "again; go on with --unembedded NUMBER";
  }
  return "";
}

}  // namespace likeness
