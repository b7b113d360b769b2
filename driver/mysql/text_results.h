// Results of the text protocol, streamed: rows lie where the client library received them.
// Private to driver/mysql.
#pragma once

#include "mysql/answer_head.h"
#include "mysql/connection_gates.h"
#include "mysql/text_rows.h"
#include "mysql/wire_results.h"

namespace myfabric::mysql {

class TextResults final : public WireResults {
public:
    explicit TextResults(Connection& connection)
        : WireResults(connection), rows_(ResultsGate::text_rows(connection)) {}
    ~TextResults() override { drain(); }

    /// Takes the first result of the statement that has just been executed.
    void open(const AnswerHead& head);

    bool next_row() override { return reading() ? TextResults::read_row() : next_kept_row(); }

private:
    bool read_row() override;
    void open_next() override;
    bool drop_rows(Drain* drain) noexcept override;
    bool more_on_wire() const override;

    TextRows& rows_;
};

}  // namespace myfabric::mysql
