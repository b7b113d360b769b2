#include "catalog/typed_rows.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "catalog/types.h"

namespace myfabric::catalog {
namespace {

enum Source { data_type, characters, precision, scale, fraction, full_type };

class TypedRows : public results::Results {
public:
    TypedRows(std::unique_ptr<results::Results> inner, std::size_t width, const TypePlaces& places,
              const Facts& facts)
        : inner_(std::move(inner)),
          width_(width),
          places_(places),
          facts_(facts),
          values_(width),
          lengths_(width) {
        columns_ = inner_->shared_columns();
        format_ = inner_->format();
        counts_ = inner_->counts();
        row_ = {values_.data(), lengths_.data()};
    }

    bool next_row() override {
        if (!inner_->next_row()) return false;
        for (std::size_t i = 0; i < width_; ++i) {
            values_[i] = inner_->row().values[i];
            lengths_[i] = inner_->row().lengths[i];
        }
        cells_ = type_cells({text(data_type), text(full_type), number(characters),
                             number(precision), number(scale), number(fraction)},
                            facts_);
        used_ = 0;
        put(places_.data_type, cells_.data_type);
        put(places_.type_name, cells_.type_name.data(), cells_.type_name.size());
        put(places_.column_size, cells_.column_size);
        put(places_.buffer_length, cells_.buffer_length);
        put(places_.decimal_digits, cells_.decimal_digits);
        put(places_.num_prec_radix, cells_.num_prec_radix);
        put(places_.sql_data_type, cells_.sql_data_type);
        put(places_.sql_datetime_sub, cells_.sql_datetime_sub);
        put(places_.char_octet_length, cells_.char_octet_length);
        return true;
    }
    bool next_result() override {
        columns_.reset();
        return false;
    }
    void buffer_rest() override { inner_->buffer_rest(); }
    std::optional<std::size_t> rows_left() override { return inner_->rows_left(); }

private:
    std::string_view text(Source source) const {
        const char* const value = inner_->row().values[width_ + source];
        return value ? std::string_view(value, inner_->row().lengths[width_ + source])
                     : std::string_view();
    }
    std::optional<std::uint64_t> number(Source source) const {
        const std::string_view digits = text(source);
        std::uint64_t value = 0;
        if (std::from_chars(digits.data(), digits.data() + digits.size(), value).ec != std::errc{})
            return std::nullopt;
        return value;
    }

    void put(std::size_t place, const char* value, std::size_t length) {
        if (place == no_place) return;
        values_[place] = value;
        lengths_[place] = length;
    }
    void put(std::size_t place, TypeCells::Number value) {
        if (!value) return put(place, nullptr, 0);
        std::array<char, 24>& room = digits_[used_++];
        const auto end = std::to_chars(room.data(), room.data() + room.size(), *value).ptr;
        put(place, room.data(), static_cast<std::size_t>(end - room.data()));
    }

    std::unique_ptr<results::Results> inner_;
    std::size_t width_;
    TypePlaces places_;
    Facts facts_;
    TypeCells cells_;
    std::array<std::array<char, 24>, 8> digits_;  // of the numbers of a row
    std::size_t used_ = 0;
    std::vector<const char*> values_;
    std::vector<unsigned long> lengths_;
};

}  // namespace

std::string type_sources(std::string_view full_type, std::string_view type_name) {
    return ", " + std::string(type_name) +
           ", CHARACTER_MAXIMUM_LENGTH, NUMERIC_PRECISION, NUMERIC_SCALE, DATETIME_PRECISION, " +
           std::string(full_type);
}

std::unique_ptr<results::Results> with_types(std::unique_ptr<results::Results> rows,
                                             std::size_t width, const TypePlaces& places,
                                             const Facts& facts) {
    return std::make_unique<TypedRows>(std::move(rows), width, places, facts);
}

}  // namespace myfabric::catalog
