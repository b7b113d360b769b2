#include "execution/command.h"

#include "base/error.h"
#include "execution/purpose.h"
#include "sql/escapes.h"

namespace myfabric::execution {

using sql::Verb;

Command Command::parse(std::string_view text, const Options& options, std::string memory) {
    Command read;
    const bool escapes = options.escapes && text.find('{') != text.npos;
    if (escapes) {
        read.asks_value_ = sql::asks_function_value(text, options.backslash_escapes);
        read.sql_ = sql::translate_escapes(text, options.backslash_escapes);
    } else {
        memory = text;
        read.sql_ = std::move(memory);
    }
    read.analysis_ = options.known ? options.known->analyse(read.sql_, options.backslash_escapes)
                                   : sql::analyse(read.sql_, options.backslash_escapes);
    if (options.locks && read.analysis_.plain_read && read.verb() == Verb::select &&
        sql::reads_tables(read.sql_, options.backslash_escapes)) {
        read.sql_ = sql::locking(read.sql_, options.backslash_escapes);
        read.analysis_ = sql::analyse(read.sql_, options.backslash_escapes);
    }
    if (read.analysis_.may_be_positioned)
        read.positioned_ = sql::positioned(read.sql_, options.backslash_escapes);
    // For what is asked about the statement before it is executed.
    if (read.positioned_) read.sql_ = read.positioned_->head + "WHERE FALSE";
    read.fabric_call_ =
        read.verb() == Verb::call && options.fabric_calls && sql::is_fabric_call(read.sql_);
    if (options.farm) read.hint_ = sql::parse_hint(read.sql_);
    if (options.farm && read.analysis_.calls_fabric_later && options.fabric_calls)
        throw Error(
            state::syntax_error,
            "CALL fabric.... stands behind another statement; send it as a statement of its "
            "own");
    if (!options.comment.empty() && !read.fabric_call_) [[unlikely]] {
        read.sql_.insert(0, options.comment);
        if (read.positioned_) read.positioned_->head.insert(0, options.comment);
        read.comment_size_ = options.comment.size();
    }
    read.exists_ = true;
    read.several_ = options.several;
    read.prepare_direct_ = options.prepare_direct;
    read.defer_prepare_ = options.defer_prepare;
    read.backslash_escapes_ = options.backslash_escapes;
    read.purpose_ = purpose_of(read.analysis_, {});
    return read;
}

Command Command::answered() {
    Command read;
    read.exists_ = true;
    read.purpose_ = purpose_of(read.analysis_, {});
    return read;
}

router::Purpose Command::reading(const topology::Target& aim) const {
    router::Purpose purpose{router::Effect::read};
    purpose.plain_read = analysis_.plain_read;
    if (hint_) {
        purpose.target = &aim;
        purpose.reuse_last_server = hint_->server == sql::Hint::Server::last_used;
    }
    return purpose;
}

router::Purpose Command::purpose(const topology::Target& aim) const {
    router::Purpose purpose = purpose_;
    if (purpose.implicitly_rolled_back) purpose.text = sql_;
    if (hint_) {
        purpose.target = &aim;
        purpose.reuse_last_server |= hint_->server == sql::Hint::Server::last_used;
    }
    return purpose;
}

bool Command::is_searched() const {
    return verb() == Verb::update || verb() == Verb::remove || verb() == Verb::insert ||
           verb() == Verb::replace;
}

const Command::Details& Command::read() const {
    if (!details_) {
        details_ = std::make_unique<Details>();
        details_->values_row = sql::values_row(sql_);
        details_->changed_table = sql::changed_table(sql_);
        details_->targets = sql::parameter_targets(sql_);
        details_->procedure = sql::called_procedure(sql_);
        if (runs_several()) details_->pieces = sql::pieces(sql_, backslash_escapes_);
    }
    return *details_;
}

bool Command::surely_has_its_markers() const {
    using sql::Verb;
    if (analysis_.several_statements || !analysis_.parameter_count) return false;
    if (analysis_.plain_read) return true;
    switch (verb()) {
        case Verb::insert:
        case Verb::update:
        case Verb::remove:
        case Verb::replace:
            break;
        default:
            return false;
    }
    // Comments are read by some versions, backslashes in some modes, and Oracle's mode has markers
    // of its own.
    const std::string_view text = std::string_view(sql_).substr(comment_size_);
    for (const std::string_view mark : {"\\", "/*", "--", "#", ":"})
        if (text.find(mark) != std::string_view::npos) return false;
    return true;
}

}  // namespace myfabric::execution
