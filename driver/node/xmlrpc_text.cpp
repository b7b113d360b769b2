#include "node/xmlrpc_text.h"

#include <xmlrpc-c/base.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>
#include <xmlrpc-c/base.hpp>
#include <xmlrpc-c/girerr.hpp>
#include <xmlrpc-c/xml.hpp>

#include "base/text.h"
#include "node/xml_tags.h"
#include "sources/xmlrpc_reply.h"

namespace myfabric::node {
namespace {

using xmlrpc_c::value;

constexpr int format_version = 1;
constexpr std::size_t format_fields = 5;

/// The library's default, 512 KiB, is too small for a large farm. It is a setting of the process.
void raise_size_limit() {
    static const bool raised = [] {
        xmlrpc_limit_set(XMLRPC_XML_SIZE_LIMIT_ID, sources::reply_limit);
        return true;
    }();
    static_cast<void>(raised);
}

std::vector<value> array(const value& from, const char* what) {
    if (from.type() != value::TYPE_ARRAY) wrong_shape(std::string(what) + " is no array");
    return xmlrpc_c::value_array(from).vectorValueValue();
}

std::int64_t integer(const value& from, const char* what) {
    if (from.type() == value::TYPE_INT) return xmlrpc_c::value_int(from).cvalue();
    if (from.type() == value::TYPE_I8) return xmlrpc_c::value_i8(from).cvalue();
    wrong_shape(std::string(what) + " is no integer");
}

std::string string(const value& from, const char* what) {
    if (from.type() != value::TYPE_STRING) wrong_shape(std::string(what) + " is no string");
    return xmlrpc_c::value_string(from).cvalue();
}

std::string as_text(const topology::Value& from) {
    struct Text {
        std::string operator()(std::monostate) const { return "None"; }
        std::string operator()(bool b) const { return b ? "True" : "False"; }
        std::string operator()(const std::string& s) const { return s; }
        std::string operator()(std::int64_t n) const { return std::to_string(n); }
        std::string operator()(double n) const { return std::to_string(n); }
    };
    return std::visit(Text{}, from);
}

/// Arrays, which a procedure may return as its result, become text.
topology::Value cell(const value& from) {
    switch (from.type()) {
        case value::TYPE_INT:
        case value::TYPE_I8:
            return integer(from, "a value");
        case value::TYPE_BOOLEAN:
            return xmlrpc_c::value_boolean(from).cvalue();
        case value::TYPE_DOUBLE:
            return xmlrpc_c::value_double(from).cvalue();
        case value::TYPE_STRING:
            return string(from, "a value");
        case value::TYPE_NIL:
            return std::monostate{};
        case value::TYPE_ARRAY: {
            std::string joined;
            for (const value& item : array(from, "a value"))
                joined += (joined.empty() ? "" : ", ") + as_text(cell(item));
            return "[" + joined + "]";
        }
        default:
            wrong_shape("a value of an unexpected type");
    }
}

topology::ResultSet result_set(const value& from) {
    if (from.type() != value::TYPE_STRUCT) wrong_shape("a result set is no struct");
    const xmlrpc_c::cstruct members = xmlrpc_c::value_struct(from).cvalue();
    const auto member = [](const xmlrpc_c::cstruct& in, const char* name) {
        const auto found = in.find(name);
        if (found == in.end()) wrong_shape("a result set without " + std::string(name));
        return found->second;
    };
    const value info = member(members, "info");
    if (info.type() != value::TYPE_STRUCT) wrong_shape("info is no struct");

    topology::ResultSet result;
    for (const value& name : array(member(xmlrpc_c::value_struct(info).cvalue(), "names"), "names"))
        result.names.push_back(string(name, "a column name"));
    for (const value& given : array(member(members, "rows"), "rows")) {
        topology::Row row;
        for (const value& item : array(given, "a row")) row.push_back(cell(item));
        if (row.size() != result.names.size())
            wrong_shape("a row with " + std::to_string(row.size()) + " values for " +
                        std::to_string(result.names.size()) + " columns");
        result.rows.push_back(std::move(row));
    }
    return result;
}

xmlrpc_c::rpcOutcome parse(const std::string& xml) {
    raise_size_limit();
    xmlrpc_c::rpcOutcome outcome;
    try {
        xmlrpc_c::xml::parseResponse(xml, &outcome);
    } catch (const girerr::error& error) {
        const std::string why = error.what();
        const auto says = [&](const char* words) { return why.find(words) != std::string::npos; };
        const std::string_view text = trim(xml);
        const bool begun = text.starts_with("<?xml") || text.starts_with("<methodResponse");
        if (begun && (says("no element found") || says("unclosed")))
            refuse("sent a reply that is cut off after " + std::to_string(xml.size()) + " bytes");
        if (!says("Not valid XML")) wrong_shape(why);
        refuse("sent " + std::to_string(xml.size()) +
               " bytes that are not XML; check that FabricHost and FabricPort name a MySQL Fabric "
               "node's XML-RPC port");
    }
    return outcome;
}

value result_of(const xmlrpc_c::rpcOutcome& outcome) {
    if (outcome.succeeded()) return outcome.getResult();
    const xmlrpc_c::fault fault = outcome.getFault();
    throw sources::Fault(static_cast<int>(fault.getCode()), fault.getDescription());
}

value argument(const topology::Value& from) {
    struct Make {
        value operator()(std::monostate) const { return xmlrpc_c::value_nil(); }
        value operator()(bool b) const { return xmlrpc_c::value_boolean(b); }
        value operator()(double n) const { return xmlrpc_c::value_double(n); }
        value operator()(const std::string& s) const { return xmlrpc_c::value_string(s); }
        value operator()(std::int64_t n) const {
            if (n >= INT32_MIN && n <= INT32_MAX) return xmlrpc_c::value_int(static_cast<int>(n));
            return xmlrpc_c::value_i8(n);
        }
    };
    return std::visit(Make{}, from);
}

}  // namespace

std::string encode_call(const std::string& method, const std::vector<topology::Value>& arguments) {
    xmlrpc_c::paramList parameters(static_cast<unsigned>(arguments.size()));
    // The one command that wants its arguments as one array.
    if (method == "event.wait_for_procedures") {
        xmlrpc_c::carray items;
        for (const topology::Value& given : arguments) items.push_back(argument(given));
        parameters.add(xmlrpc_c::value_array(items));
    } else {
        for (const topology::Value& given : arguments) parameters.add(argument(given));
    }
    std::string xml;
    xmlrpc_c::xml::generateCall(method, parameters, &xml);
    return xml;
}

namespace {

topology::Reply decode_whole(const std::string& xml) {
    const xmlrpc_c::rpcOutcome outcome = parse(xml);
    try {
        const std::vector<value> fields = array(result_of(outcome), "it");
        if (fields.empty()) wrong_shape("an empty array");
        if (const std::int64_t version = integer(fields[0], "the format version");
            version != format_version)
            wrong_shape("format version " + std::to_string(version) + ", this driver knows " +
                        std::to_string(format_version));
        if (fields.size() != format_fields)
            wrong_shape("an array of " + std::to_string(fields.size()) + " instead of " +
                        std::to_string(format_fields));
        topology::Reply reply;
        reply.ttl = static_cast<int>(integer(fields[2], "the time to live"));
        reply.error = string(fields[3], "the error field");
        for (const value& set : array(fields[4], "the list of result sets"))
            reply.result_sets.push_back(result_set(set));
        return reply;
    } catch (const girerr::error& error) {
        wrong_shape(error.what());
    }
}

/// The library makes twenty times a reply's bytes of it. Of one with many rows it gets some of them
/// at a time, in a reply that is otherwise the same.
topology::Reply decode_in_pieces(const RowsInPieces& rows) {
    topology::Reply reply;
    for (const std::string_view piece : rows.pieces) {
        topology::Reply next =
            decode_whole(std::string(rows.before).append(piece).append(rows.after));
        if (next.result_sets.size() != 1) wrong_shape("rows outside of a result set");
        if (reply.result_sets.empty()) {
            reply = std::move(next);
            continue;
        }
        std::ranges::move(next.result_sets[0].rows, std::back_inserter(reply.result_sets[0].rows));
    }
    return reply;
}

}  // namespace

topology::Reply decode_reply(const std::string& xml) {
    check_harmless(xml);
    if (const std::optional<RowsInPieces> rows = rows_in_pieces(xml)) try {
            return decode_in_pieces(*rows);
        } catch (const topology::MalformedReply&) {
            // What is wrong is said of the whole.
        }
    return decode_whole(xml);
}

topology::Reply decode_plain_reply(const std::string& xml) {
    check_harmless(xml);
    const xmlrpc_c::rpcOutcome outcome = parse(xml);
    try {
        const value result = result_of(outcome);
        topology::Reply reply;
        topology::ResultSet& set = reply.result_sets.emplace_back();
        set.names = {"value"};
        if (result.type() != value::TYPE_ARRAY) {
            set.rows.push_back({cell(result)});
        } else {
            for (const value& item : array(result, "it")) set.rows.push_back({cell(item)});
        }
        return reply;
    } catch (const girerr::error& error) {
        wrong_shape(error.what());
    }
}

}  // namespace myfabric::node
