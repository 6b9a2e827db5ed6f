// The composition root of the gRPC server.
#ifndef LIKENESS_SERVER_SERVER_H_
#define LIKENESS_SERVER_SERVER_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "engine/image/decode.h"
#include "server/backend.h"

namespace likeness {

struct ServerOptions {
  // HOST:PORT, or gRPC's unix:PATH. Port 0 takes a free one.
  std::string listen = "127.0.0.1:50051";
  // Where AdminService makes snapshots; empty: nowhere.
  std::string snapshot_folder;
  // What the sources of items that are relative paths are relative to, where
  // their pictures are read again for another model; empty: the working
  // directory.
  std::string picture_folder;
  // Of each picture. Messages may have twice max_bytes (a comparison holds two
  // pictures) and 1 MiB for the rest.
  DecodeLimits limits;
  int thumbnail_side = 256;  // Longer side of kept thumbnails, 16..1024 pixels.
  // Threads that decode pictures and wait for the network, 1..1024. More than
  // cores, so that the embedder's batches fill.
  int handler_threads = 16;
  // Calls that may wait for such a thread, 1..65536; further ones are refused
  // with UNAVAILABLE (reason OVERLOADED).
  int max_pending_calls = 128;

  // INVALID_ARGUMENT names the field and its range.
  absl::Status Validate() const;
};

// Serves likeness.v1, grpc.health.v1 and reflection.
//
// Health answers as soon as Start returns: NOT_SERVING while the backend loads
// (every other call fails with UNAVAILABLE, reason LOADING), SERVING
// afterwards, NOT_SERVING again from the moment that Shutdown is called.
//
// Thread-safe, except that Shutdown is called once and before destruction,
// which otherwise shuts down without grace.
class Server {
 public:
  virtual ~Server() = default;

  // Binds the port and starts loading. UNAVAILABLE when the address can't be
  // bound; INVALID_ARGUMENT from Validate.
  static absl::StatusOr<std::unique_ptr<Server>> Start(
      const ServerOptions& options, BackendLoader loader);

  // The bound TCP port; 1 for a unix socket.
  virtual int port() const = 0;

  // Blocks until the backend is loaded and returns how that went.
  virtual absl::Status WaitUntilReady() = 0;

  // Blocks until RequestStop was called (OK) or loading failed (its error).
  virtual absl::Status WaitForStop() = 0;

  // Ends WaitForStop.
  virtual void RequestStop() = 0;

  // Turns health to NOT_SERVING, accepts no more calls, and lets those that run
  // end for `grace`; what still runs then is cancelled. Returns when no call
  // runs any more. Blocks for the loading to end, too.
  virtual void Shutdown(absl::Duration grace) = 0;
};

}  // namespace likeness

#endif  // LIKENESS_SERVER_SERVER_H_
