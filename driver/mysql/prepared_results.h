// Results of the binary protocol, streamed. Private to driver/mysql.
#pragma once

#include "mysql/prepared_wire.h"
#include "mysql/wire_results.h"

namespace myfabric::mysql {

class PreparedResults final : public WireResults {
public:
    /// `wire` lives longer.
    explicit PreparedResults(PreparedWire& wire) : WireResults(wire.connection()), wire_(wire) {
        format_ = results::Format::binary;
    }
    ~PreparedResults() override { drain(); }

    /// Takes the first result of the statement that has just been executed.
    void open() { open(true); }

    bool next_row() override { return reading() ? PreparedResults::read_row() : next_kept_row(); }

private:
    bool read_row() override;
    void open_next() override;
    bool drop_rows(Drain* drain) noexcept override;
    bool more_on_wire() const override;

    void open(bool first);

    PreparedWire& wire_;
};

}  // namespace myfabric::mysql
