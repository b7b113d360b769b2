#include "library/guarded.h"

#include <new>
#include <utility>

#include "base/error.h"
#include "topology/source.h"

namespace myfabric {

FabricError::FabricError(const std::string& sentence, std::string message, std::string command,
                         int code)
    : std::runtime_error(sentence),
      message_(std::move(message)),
      command_(std::move(command)),
      code_(code) {}
FabricError::FabricError(const FabricError&) = default;
FabricError& FabricError::operator=(const FabricError&) = default;
FabricError::~FabricError() = default;

namespace library {

void rethrow(const std::string& command) {
    try {
        throw;
    } catch (const topology::CommandFailed& error) {
        throw FabricError(error.message(), error.reason, error.command, error.native());
    } catch (const Error& error) {
        std::string sentence = error.message();
        for (std::size_t i = 1; i < error.records().size(); ++i)
            sentence += "; " + error.records()[i].message;
        throw FabricError(sentence, error.message(), command, error.native());
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception& error) {
        throw FabricError(error.what(), error.what(), command, 0);
    }
}

void refuse(const std::string& sentence) {
    throw FabricError(sentence, sentence, {}, 0);
}

}  // namespace library
}  // namespace myfabric
