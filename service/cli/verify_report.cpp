#include "service/cli/verify_report.hpp"

#include "service/cli/rules_words.hpp"
#include "service/text/hex.hpp"
#include "service/text/text.hpp"

#include <string_view>

namespace maptrail {
namespace {

using Json = nlohmann::ordered_json;

std::string_view word_of(Misfit misfit) {
    switch (misfit) {
    case Misfit::chain_broken:
        return "chain-broken";
    case Misfit::entry_changed:
        return "entry-changed";
    case Misfit::entry_unreadable:
        return "entry-unreadable";
    case Misfit::content_changed:
        return "content-changed";
    case Misfit::altered_earlier:
        return "altered-earlier";
    case Misfit::record_missing:
        return "record-missing";
    case Misfit::record_put_back:
        return "record-put-back";
    case Misfit::id_reused:
        return "id-reused";
    case Misfit::never_sealed:
        return "never-sealed";
    case Misfit::beginning_untold:
        return "beginning-untold";
    case Misfit::schema_changed:
        return "schema-changed";
    case Misfit::incident:
        return "incident";
    }
    return "";
}

std::string_view sentence_of(Misfit misfit) {
    switch (misfit) {
    case Misfit::chain_broken:
        return "the chain is broken: entries before this one are missing";
    case Misfit::entry_changed:
        return "its entry in the chain, or the one before it, was changed";
    case Misfit::entry_unreadable:
        return "its entry in the chain holds what MapTrail does not write";
    case Misfit::content_changed:
        return "its content was changed";
    case Misfit::altered_earlier:
        return "its content had been changed when MapTrail came to change or remove it";
    case Misfit::record_missing:
        return "it was deleted, and not by MapTrail";
    case Misfit::record_put_back:
        return "MapTrail deleted it, and it is there again";
    case Misfit::id_reused:
        return "MapTrail removed it, and another was recorded under its number";
    case Misfit::never_sealed:
        return "it has no entry in the chain: MapTrail did not record it";
    case Misfit::beginning_untold:
        return "the entry that tells where it begins is missing";
    case Misfit::schema_changed:
        return "it is not as MapTrail makes it";
    case Misfit::incident:
        return "which MapTrail had not done";
    }
    return "";
}

std::string_view word_of(HeadFate fate) {
    switch (fate) {
    case HeadFate::found:
        return "found";
    case HeadFate::missing:
        return "missing";
    case HeadFate::cut_away:
        return "cut-away";
    case HeadFate::unknown:
        return "unknown";
    }
    return "";
}

std::string subject_of(const Finding& finding) {
    if (finding.misfit == Misfit::incident) {
        return printable(finding.name);
    }
    if (!finding.name.empty()) {
        return "the database's " + printable(finding.name);
    }
    if (finding.operation > 0) {
        return "operation " + std::to_string(finding.operation);
    }
    return finding.entry != 0 ? "a note of the chain" : "the chain";
}

std::string finding_line(const Finding& finding, const ZoneOffset& zone) {
    std::string text = subject_of(finding);
    if (finding.entry != 0) {
        text += " (entry " + std::to_string(finding.entry) + " of " + local_time(finding.time, zone) + ")";
    }
    return text + ": " + std::string(sentence_of(finding.misfit));
}

std::string kept_head_line(const Verification& result) {
    switch (*result.kept_head) {
    case HeadFate::found:
        return "The head that was kept is entry " + std::to_string(result.kept_head_number) +
               (result.cut_since == 0
                    ? ": what was recorded until then is what is here"
                    : ". The entries up to " + std::to_string(result.cut_since) +
                          " were cut off since then, as retention does: what only they told of may have been anything. "
                          "What later ones seal and was recorded until then is what is here") +
               (result.changed_since + result.removed_since == 0
                    ? std::string()
                    : ", but for " + counted(result.changed_since, "record") + " changed since then and " +
                          counted(result.removed_since, "record") +
                          " removed. MapTrail does both (an operation ends, retention comes); so can whoever "
                          "knows how to add entries") +
               ".\n";
    case HeadFate::missing:
        return "THE HEAD THAT WAS KEPT IS NOT HERE: the newest records were removed, or the history was replaced.\n";
    case HeadFate::unknown:
        return "The head that was kept is not here. Retention has left off entries, which it may have been one of; "
               "with its number, as NUMBER:HASH, that can be told.\n";
    case HeadFate::cut_away:
        return "The head that was kept lies before what retention left, so it says nothing any more. Take a later "
               "one.\n";
    }
    return {};
}

} // namespace

std::string verify_text(const Verification& result, const ZoneOffset& zone) {
    std::string text = counted(result.records, "record") + " compared, " + std::to_string(result.entries) +
                       (result.entries == 1 ? " entry" : " entries") + " of the chain walked.\n";
    if (result.head.number != 0) {
        text += "Head: " + head_text(result.head) +
                (result.head_time != 0 ? ", " + local_time(result.head_time, zone) : std::string()) + "\n";
    }
    if (result.stump) {
        text += "Retention left off what lay before " + head_text(result.stump->last) + ", last on " +
                local_time(result.stump->time, zone) + ".\n";
    }
    if (result.removed != 0) {
        text += "MapTrail removed " + counted(result.removed, "record") + ", as far as the chain goes back.\n";
    }
    if (result.unproved != 0) {
        text += counted(result.unproved, "record") + " older than the chain, from operation " +
                std::to_string(result.first_unproved) + " on: nothing is known of them.\n";
    }
    if (result.misfits == 0) {
        text += "Everything fits.\n";
    } else {
        text += std::to_string(result.misfits) + (result.misfits == 1 ? " thing does" : " things do") +
                " not fit. The first:\n";
        for (const Finding& finding : result.findings) {
            text += "  " + finding_line(finding, zone) + "\n";
        }
        if (result.misfits > result.findings.size()) {
            text += "  and " + std::to_string(result.misfits - result.findings.size()) + " more\n";
        }
    }
    return result.kept_head ? text + kept_head_line(result) : text;
}

Json verify_json(const Verification& result) {
    const auto head = [](const ChainHead& of, std::int64_t time) {
        return Json{{"number", of.number}, {"hash", hex_bytes(of.hash)}, {"time", iso_utc(time)}};
    };
    Json json{{"fits", result.fits()},
              {"records", result.records},
              {"entries", result.entries},
              {"removed", result.removed},
              {"olderThanChain", result.unproved}};
    if (result.head.number != 0) {
        json["head"] = head(result.head, result.head_time);
    }
    if (result.stump) {
        json["stump"] = head(result.stump->last, result.stump->time);
    }
    if (result.kept_head) {
        json["keptHead"] = word_of(*result.kept_head);
        json["changedSince"] = result.changed_since;
        json["removedSince"] = result.removed_since;
        json["cutSince"] = result.cut_since;
    }
    json["misfits"] = result.misfits;
    json["first"] = Json::array();
    for (const Finding& finding : result.findings) {
        Json one{{"misfit", word_of(finding.misfit)}};
        if (!finding.name.empty()) {
            one["name"] = finding.name;
        } else if (finding.operation > 0) {
            one["operation"] = finding.operation;
        }
        if (finding.entry != 0) {
            one["entry"] = finding.entry;
            one["time"] = iso_utc(finding.time);
        }
        json["first"].push_back(std::move(one));
    }
    return json;
}

} // namespace maptrail
