#include "execution/parameter_input.h"

#include <algorithm>
#include <string>

#include "base/character_set.h"
#include "base/error.h"
#include "base/text.h"
#include "base/unicode.h"
#include "conversion/parameter_value.h"

namespace myfabric::execution {

using conversion::CType;
using conversion::Group;

namespace {

SQLLEN terminated_length(SQLSMALLINT c_type, const void* data) {
    if (c_type == SQL_C_WCHAR) {
        const auto* const text = static_cast<const SQLWCHAR*>(data);
        std::size_t units = 0;
        while (text[units]) ++units;
        return static_cast<SQLLEN>(units * sizeof(SQLWCHAR));
    }
    return static_cast<SQLLEN>(std::char_traits<char>::length(static_cast<const char*>(data)));
}

bool has_names(const descriptor::Descriptor& ipd) {
    for (std::size_t i = 1; i <= ipd.count(); ++i)
        if (!ipd.record(i).texts.get().name.empty()) return true;
    return false;
}

}  // namespace

void ParameterInput::update(const Command& command, const descriptor::Descriptor& apd,
                            const descriptor::Descriptor& ipd, const ByName& by_name) {
    if (command.asks_value() && records_.empty()) {
        for (std::size_t marker = 0; marker < command.markers(); ++marker)
            records_.push_back(marker + 2);
        records_.push_back(1);
    }
    if (command.verb() == sql::Verb::call) {
        const bool named = has_names(ipd);
        if (named != !records_.empty()) {
            records_ = named ? by_name() : std::vector<std::size_t>();
            plan_.forget();
        }
    }
    plan_.update(apd, ipd, command.parameters(), records_, command.asks_value());
}

ParameterValues& ParameterInput::read(std::size_t set) {
    const std::size_t count = plan_.parameters().size();
    if (values_.values.size() < count) {
        values_.values.resize(count);
        values_.scratch.resize(count);
    }
    plan_.read(set, data_, values_.values.data(), values_.scratch.data());
    return values_;
}

// ---- data at execution -------------------------------------------------------------------------

void ParameterInput::wait(const ParameterPlan& plan, std::size_t set, Send send) {
    asking_ = &plan;
    set_ = set;
    waiting_ = plan.waiting(set);
    next_ = 0;
    send_ = std::move(send);
}

/// The parameter that SQLParamData has named.
const BoundParameter& ParameterInput::taken() const {
    return *std::ranges::find(asking_->parameters(), waiting_[next_ - 1].number,
                              &BoundParameter::number);
}

bool ParameterInput::next(SQLPOINTER* token) {
    if (!asking_) throw Error(state::function_sequence, "no parameter waits for data");
    if (next_) {
        CollectedPart& part = data_[waiting_[next_ - 1].number];
        if (!part.any)
            throw Error(state::function_sequence,
                        "SQLPutData was not called for the last parameter");
        if (part.sent) send(part, {}, true);
    }
    if (next_ == waiting_.size()) {
        asking_ = nullptr;
        return false;
    }
    if (token) *token = waiting_[next_].token;
    ++next_;
    return true;
}

/// Whether parts may go to the server as they come: no conversion but that to UTF-8.
bool ParameterInput::is_sent(const BoundParameter& parameter) const {
    if (!send_) return false;
    const Group to = conversion::sql_row(parameter.sql_type).group;
    switch (parameter.c_type) {
        case CType::character:
        case CType::wide_character:
            return to == Group::character;
        case CType::binary:
            return to == Group::binary || to == Group::character;
        default:
            return false;
    }
}

void ParameterInput::put(SQLPOINTER data, SQLLEN length) {
    if (!asking_ || !next_)
        throw Error(state::function_sequence, "SQLParamData has not named a parameter");
    const BoundParameter& parameter = taken();
    CollectedPart& part = data_[parameter.number];
    if (length == SQL_NULL_DATA) {
        if (part.any) throw Error(state::concatenate_null);
        part.is_null = part.any = true;
        return;
    }
    if (part.is_null) throw Error(state::concatenate_null);
    if (length == SQL_DEFAULT_PARAM) throw Error(state::invalid_default_parameter);
    if (!data && length != 0)
        throw Error(state::invalid_null_pointer, "SQLPutData was given no data");
    const SQLLEN fixed = conversion::c_type_size(parameter.c_type);
    if (fixed) {
        if (part.any) throw Error(state::non_character_in_pieces);
        length = fixed;
    } else if (length == SQL_NTS) {
        length = terminated_length(parameter.c_code, data);
    } else if (length < 0) {
        throw Error(state::invalid_length, "the length is " + std::to_string(length));
    }
    const std::string_view bytes(static_cast<const char*>(data), static_cast<std::size_t>(length));
    if (!part.any) part.sent = is_sent(parameter);
    if (part.sent)
        send(part, bytes, false);
    else
        part.bytes.append(bytes);
    part.any = true;
}

/// Sends what is complete. A character of UTF-16 may be split between two parts.
void ParameterInput::send(CollectedPart& part, std::string_view bytes, bool last) {
    const BoundParameter& parameter = taken();
    const auto marker = static_cast<std::size_t>(&parameter - asking_->parameters().data());
    const bool wide = parameter.c_type == CType::wide_character;
    const CharacterSet* narrow =
        parameter.c_type == CType::character ? CharacterSet::at(parameter.writing.narrow) : nullptr;
    if (last && ((!wide && !narrow) || part.bytes.empty())) return;
    std::string converted;
    if (narrow) {
        std::string joined = std::move(part.bytes);
        joined += bytes;
        std::size_t rest = 0;
        if (!narrow->to_utf8(joined, converted, last ? nullptr : &rest)) {
            cancel();
            throw Error(state::invalid_character,
                        "the data of a parameter are not in the character set " + narrow->name() +
                            " that the key Charset names");
        }
        part.bytes = joined.substr(joined.size() - rest);
        bytes = converted;
        if (bytes.empty() && part.any) return;
    }
    if (wide) {
        std::string joined;
        if (!part.bytes.empty()) {
            joined = std::move(part.bytes);
            joined += bytes;
            bytes = joined;
        }
        std::vector<SQLWCHAR> units(bytes.size() / sizeof(SQLWCHAR));
        std::copy_n(bytes.data(), units.size() * sizeof(SQLWCHAR),
                    reinterpret_cast<char*>(units.data()));
        if (!last && !units.empty() && (units.back() & 0xFC00) == 0xD800) units.pop_back();
        const std::size_t used = units.size() * sizeof(SQLWCHAR);
        part.bytes.assign(last ? std::string_view() : bytes.substr(used));
        converted = utf16_to_utf8(units.data(), units.size());
        bytes = converted;
        if (bytes.empty() && part.any) return;
    }
    const bool bytes_for_bytes = parameter.c_type == CType::binary &&
                                 conversion::sql_row(parameter.sql_type).group == Group::binary;
    try {
        send_(marker, bytes,
              bytes_for_bytes ? results::Parameter::Type::binary : results::Parameter::Type::text);
    } catch (...) {
        cancel();  // Statement Transitions, SQLPutData: S1, S2, S3 [e]
        throw;
    }
}

}  // namespace myfabric::execution
