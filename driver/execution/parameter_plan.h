// Parameters: from the APD, the IPD and the application's memory to values for the server.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "conversion/from_c.h"
#include "conversion/types.h"
#include "descriptor/descriptor.h"
#include "mysql/bulk_values.h"
#include "results/parameter.h"

namespace myfabric::execution {

/// Data that SQLPutData delivered, by record number.
struct CollectedPart {
    std::string bytes;  // or, of data that goes straight to the server, what is still incomplete
    bool is_null = false;
    bool any = false;
    bool sent = false;  // straight to the server
};
using CollectedData = std::map<std::size_t, CollectedPart>;

/// A parameter whose data comes at execution; `token` is what SQLParamData returns.
struct WaitingParameter {
    std::size_t number;  // of its record, from 1
    SQLPOINTER token;
};

/// The values of one set of parameters, with the memory that conversions needed. Reused.
struct ParameterValues {
    std::vector<results::Parameter> values;
    std::vector<conversion::Scratch> scratch;
};

struct BoundParameter;
using Reader = conversion::Outcome (*)(const BoundParameter&, const void* value, SQLLEN length,
                                       results::Parameter& out, conversion::Scratch& scratch);

/// How the value of one marker is read, and where it lies: "Binding Arrays of Parameters".
struct BoundParameter {
    std::size_t number = 0;  // of the record, from 1
    const char* value = nullptr;
    const char* length = nullptr;
    const char* indicator = nullptr;
    std::size_t value_stride = 0;
    std::size_t length_stride = 0;
    SQLLEN default_length = SQL_NTS;  // where there is no length
    SQLSMALLINT sql_type = SQL_UNKNOWN_TYPE;
    SQLSMALLINT c_code = SQL_C_DEFAULT;
    conversion::CType c_type = conversion::CType::character;
    SQLSMALLINT direction = SQL_PARAM_INPUT;
    SQLSMALLINT scale = 0;
    SQLSMALLINT precision = 0;
    SQLLEN capacity = 0;
    unsigned size = 0;
    conversion::Writing writing;
    Reader read = nullptr;
    bool is_read = true;  // its value goes to the server

    bool is_input() const { return is_read; }
    bool is_stream() const {
        return direction == SQL_PARAM_OUTPUT_STREAM || direction == SQL_PARAM_INPUT_OUTPUT_STREAM;
    }
    const char* value_of(std::size_t set, SQLLEN offset) const {
        return value ? value + set * value_stride + offset : nullptr;
    }
    SQLLEN* length_of(std::size_t set, SQLLEN offset) const { return at(length, set, offset); }
    SQLLEN* indicator_of(std::size_t set, SQLLEN offset) const {
        return at(indicator ? indicator : length, set, offset);
    }

private:
    SQLLEN* at(const char* base, std::size_t set, SQLLEN offset) const {
        return base ? reinterpret_cast<SQLLEN*>(
                          const_cast<char*>(base + set * length_stride + offset))
                    : nullptr;
    }
};

/// The bindings of a statement's markers, decided once and kept until a descriptor changes.
class ParameterPlan {
public:
    /// `records[i]` is the record of marker i; empty: marker i has record i + 1. The last
    /// `values_given` of them (0 or 1) are no markers of the statement but what a function returns,
    /// and are never read. Throws 07002 when one of them is not bound.
    void update(const descriptor::Descriptor& apd, const descriptor::Descriptor& ipd,
                std::size_t markers, std::span<const std::size_t> records = {},
                std::size_t values_given = 0) {
        if (apd_ != &apd || apd_revision_ != apd.revision() || ipd_revision_ != ipd.revision() ||
            parameters_.size() != markers) [[unlikely]]
            build(apd, ipd, markers, records, values_given);
    }
    void forget() { apd_ = nullptr; }
    /// Takes the bindings as they are now, for what is delivered after the execution: a parameter
    /// that is no longer bound becomes an input that nothing is delivered to.
    void follow(const descriptor::Descriptor& apd, const descriptor::Descriptor& ipd);

    /// What the connection's keys ask for; set before the first update().
    conversion::Writing writing;

    const std::vector<BoundParameter>& parameters() const { return parameters_; }
    bool has_output() const { return has_output_; }
    /// The markers (from 0) whose values are the bytes of an integer: SQL_C_BINARY. What they mean
    /// depends on the sign of the column, which take_sign() tells.
    const std::vector<std::size_t>& integer_bytes() const { return integer_bytes_; }
    void take_sign(std::size_t marker, bool is_unsigned) {
        parameters_[marker].writing.unsigned_bytes = is_unsigned;
    }

    /// Those parameters of set `set` (from 0) whose indicator asks for data at execution.
    std::vector<WaitingParameter> waiting(std::size_t set) const;
    bool any_waiting(std::size_t set) const;
    SQLLEN offset() const { return apd_->bind_offset_ptr ? *apd_->bind_offset_ptr : 0; }

    /// Converts set `set` to `values[i]`, one for each marker. Throws the SQLSTATEs of "Converting
    /// Data from C to SQL Data Types", 07S01, HY009.
    void read(std::size_t set, const CollectedData& collected, results::Parameter* values,
              conversion::Scratch* scratch) const;

    /// Puts sets `first` to `first + rows - 1` into `bulk`, parameter by parameter. False when that
    /// is not all there is to do: a set waits or cannot be converted, types differ between sets, or
    /// the values need more than `most_bytes`; then nothing is lost but time.
    bool fill(std::size_t first, std::size_t rows, std::size_t most_bytes,
              mysql::BulkValues& bulk) const;

private:
    void build(const descriptor::Descriptor& apd, const descriptor::Descriptor& ipd,
               std::size_t markers, std::span<const std::size_t> records, std::size_t values_given);

    static constexpr std::uint64_t never = ~std::uint64_t{0};

    const descriptor::Descriptor* apd_ = nullptr;
    std::uint64_t apd_revision_ = 0;
    std::uint64_t ipd_revision_ = 0;
    bool has_output_ = false;
    std::vector<BoundParameter> parameters_;
    std::vector<std::size_t> integer_bytes_;
    struct Watched {
        const char* indicator;
        std::size_t stride;
    };
    std::vector<Watched> watched_;  // indicators that may ask for data at execution
};

/// SQLBindParameter's arguments; parameter numbers count from 1.
struct Binding {
    SQLSMALLINT direction;
    SQLSMALLINT c_type;
    SQLSMALLINT sql_type;
    SQLULEN column_size;
    SQLSMALLINT decimal_digits;
    SQLPOINTER value;
    SQLLEN buffer_length;
    SQLLEN* indicator;
};

/// Throws HY003, HY004, HY105, HY009, HY090.
void bind_parameter(descriptor::Descriptor& apd, descriptor::Descriptor& ipd, std::size_t number,
                    const Binding& binding);

}  // namespace myfabric::execution
