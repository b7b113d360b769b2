#include "setup/patience.h"

#include <condition_variable>
#include <mutex>
#include <ostream>
#include <stop_token>
#include <utility>

namespace myfabric::setup {

Patience::Patience(std::string what, std::ostream& out, std::chrono::milliseconds interval)
    : thread_([what = std::move(what), &out, interval](const std::stop_token& ended) {
          std::mutex mutex;
          std::condition_variable_any changed;
          std::unique_lock lock(mutex);
          for (auto waited = interval;; waited += interval) {
              changed.wait_for(lock, ended, interval, [] { return false; });
              if (ended.stop_requested()) return;
              out << "myfabric: still " + what + " (" +
                         std::to_string(
                             std::chrono::duration_cast<std::chrono::seconds>(waited).count()) +
                         " s)\n"
                  << std::flush;
          }
      }) {}

}  // namespace myfabric::setup
