#include "sources/json_tree.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <unordered_set>

namespace myfabric::sources {
namespace {

using nlohmann::json;
constexpr std::size_t deepest = 32;

/// Walks through the text and lets the parser's events know how far it has come.
class Cursor {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    Cursor(const char* at, const char** furthest) : at_(at), furthest_(furthest) {}
    reference operator*() const { return *at_; }
    Cursor& operator++() {
        *furthest_ = ++at_;
        return *this;
    }
    Cursor operator++(int) {
        Cursor before = *this;
        ++*this;
        return before;
    }
    bool operator==(const Cursor& other) const { return at_ == other.at_; }

private:
    const char* at_;
    const char** furthest_;
};

class Builder : public nlohmann::json_sax<json> {
public:
    explicit Builder(const char* const* at) : at_(at), counted_(*at), line_start_(*at) {}

    JsonNode take() { return std::move(root_); }
    const std::string& error() const { return error_; }

    bool null() override { return add(node(JsonNode::Kind::null)); }
    bool boolean(bool value) override {
        JsonNode made = node(JsonNode::Kind::boolean);
        made.boolean = value;
        return add(std::move(made));
    }
    bool number_integer(std::int64_t value) override {
        JsonNode made = node(JsonNode::Kind::integer);
        made.integer = value;
        return add(std::move(made));
    }
    bool number_unsigned(std::uint64_t value) override {
        if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
            return number_float(static_cast<double>(value), {});
        return number_integer(static_cast<std::int64_t>(value));
    }
    bool number_float(double value, const std::string&) override {
        JsonNode made = node(JsonNode::Kind::real);
        made.real = value;
        return add(std::move(made));
    }
    bool string(std::string& value) override {
        JsonNode made = node(JsonNode::Kind::string);
        made.string = std::move(value);
        return add(std::move(made));
    }
    bool binary(json::binary_t&) override { return fail("binary data"); }

    bool start_object(std::size_t) override { return open(JsonNode::Kind::object); }
    bool start_array(std::size_t) override { return open(JsonNode::Kind::array); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }
    bool key(std::string& name) override {
        // Looking through the members for each of them would take a minute for a large object.
        if (!open_.back().names.insert(name).second)
            return fail("the key '" + name + "' comes twice");
        open_.back().node->members.push_back({std::move(name), {}});
        return true;
    }
    bool parse_error(std::size_t, const std::string& token, const json::exception& why) override {
        // The library's text begins with its own code and the position, which is said here anyway.
        std::string_view text = why.what();
        if (const auto colon = text.find(": "); colon != std::string_view::npos)
            text.remove_prefix(colon + 2);
        static_cast<void>(token);
        return fail(std::string(text));
    }

private:
    JsonNode node(JsonNode::Kind kind) {
        JsonNode made;
        made.kind = kind;
        for (; counted_ < *at_; ++counted_)
            if (*counted_ == '\n') {
                ++line_;
                line_start_ = counted_ + 1;
            }
        made.line = line_;
        made.column = std::max(1, static_cast<int>(*at_ - line_start_));
        return made;
    }

    JsonNode* place(JsonNode made) {
        if (open_.empty()) return &(root_ = std::move(made));
        JsonNode& parent = *open_.back().node;
        if (parent.kind == JsonNode::Kind::array)
            return &parent.items.emplace_back(std::move(made));
        return &(parent.members.back().value = std::move(made));
    }

    bool add(JsonNode made) {
        place(std::move(made));
        return true;
    }

    bool open(JsonNode::Kind kind) {
        if (open_.size() == deepest) return fail("there are more than 32 levels");
        open_.push_back({place(node(kind)), {}});
        return true;
    }

    bool close() {
        open_.pop_back();
        return true;
    }

    bool fail(const std::string& what) {
        const JsonNode here = node(JsonNode::Kind::null);
        error_ = "line " + std::to_string(here.line) + ", column " + std::to_string(here.column) +
                 ": " + what;
        return false;
    }

    const char* const* at_;  // how far the parser has read
    const char* counted_;    // how far lines have been counted
    const char* line_start_;
    int line_ = 1;
    JsonNode root_;
    /// A parent gets no further child while one of its children is open.
    struct Open {
        JsonNode* node;
        std::unordered_set<std::string> names;  // of the members so far
    };
    std::vector<Open> open_;
    std::string error_;
};

}  // namespace

const JsonNode* JsonNode::member(std::string_view name) const {
    const auto found = std::ranges::find(members, name, &JsonMember::name);
    return found == members.end() ? nullptr : &found->value;
}

std::string_view kind_name(JsonNode::Kind kind) {
    switch (kind) {
        case JsonNode::Kind::null:
            return "null";
        case JsonNode::Kind::boolean:
            return "true or false";
        case JsonNode::Kind::integer:
            return "an integer";
        case JsonNode::Kind::real:
            return "a number";
        case JsonNode::Kind::string:
            return "a string";
        case JsonNode::Kind::array:
            return "an array";
        case JsonNode::Kind::object:
            return "an object";
    }
    return "a value";
}

JsonNode parse_json(std::string_view text) {
    const char* at = text.data();
    Builder builder(&at);
    const Cursor begin(text.data(), &at);
    const Cursor end(text.data() + text.size(), &at);
    if (!json::sax_parse(begin, end, &builder)) throw std::runtime_error(builder.error());
    return builder.take();
}

}  // namespace myfabric::sources
