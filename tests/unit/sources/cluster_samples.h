// Answers of servers as they were recorded, cut down to the columns that matter, and how they
// differ.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>
#include <string>
#include <vector>

#include "sources/cluster_kind.h"
#include "topology/names.h"

namespace myfabric::sources {

using State = SeenServer::State;

/// "a b c" as a list.
inline std::vector<std::string> words(const std::string& text) {
    std::vector<std::string> list;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find(' ', begin), text.size());
        if (end > begin) list.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return list;
}

/// Rows of words; "-" is an empty text, "NULL" is NULL.
inline topology::ResultSet set_of(const std::string& names,
                                  std::initializer_list<std::string> rows) {
    topology::ResultSet set;
    set.names = words(names);
    for (const std::string& text : rows) {
        topology::Row& row = set.rows.emplace_back();
        for (const std::string& word : words(text)) {
            if (word == "NULL")
                row.emplace_back();
            else
                row.emplace_back(word == "-" ? std::string() : word);
        }
    }
    return set;
}

inline SeenServer seen_at(const std::string& address, State state = State::answers) {
    SeenServer seen;
    seen.at = *endpoint_in(address, 3306);
    seen.seed = true;
    seen.state = state;
    if (state == State::silent) seen.problem = "has not answered for 9 s";
    if (state == State::gone) seen.problem = "cannot be reached: refused";
    seen.silence = std::chrono::seconds(state == State::silent ? 9 : 0);
    return seen;
}

/// "PRIMARY a, SECONDARY b, FAULTY c", by host.
inline std::string roles(const topology::Topology& topology) {
    std::vector<std::string> list;
    for (const auto& [name, servers] : topology.groups)
        for (const topology::Server& server : servers)
            list.push_back(server.host + " " + topology::status_name(server.status));
    std::ranges::sort(list);
    std::string text;
    for (const std::string& one : list) text += (text.empty() ? "" : ", ") + one;
    return text;
}

inline std::string note_of(const topology::Topology& topology, const std::string& host) {
    for (const auto& [name, servers] : topology.groups)
        for (const topology::Server& server : servers)
            if (server.host == host) return server.note;
    return "no such server";
}

inline std::vector<std::string> texts_of(const std::vector<topology::Endpoint>& endpoints) {
    std::vector<std::string> texts;
    for (const topology::Endpoint& endpoint : endpoints) texts.push_back(endpoint.text());
    return texts;
}

/// The message of the Error that `body` throws.
template <class Body>
std::string thrown_by(Body&& body) {
    try {
        body();
    } catch (const Error& error) {
        return std::string(error.state()) + " " + error.message();
    }
    return "nothing";
}

}  // namespace myfabric::sources
