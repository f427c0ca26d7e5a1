// The registry's word on where the data folder lies: how notifyees find the policy page and the spool.
#pragma once

#include "common/product.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace maptrail {

/// Writes the value. The installer wrote the default folder; this is the one that the configuration names.
class DataFolderValue {
public:
    /// `temporary`: the destructor puts back what was there before, or nothing. Throws win32::Error.
    DataFolderValue(const std::filesystem::path& folder, bool temporary, const std::wstring& key = settings_key);
    DataFolderValue(const DataFolderValue&) = delete;
    DataFolderValue& operator=(const DataFolderValue&) = delete;
    ~DataFolderValue();

private:
    std::wstring key_;
    bool temporary_;
    bool made_key_ = false;
    std::optional<std::wstring> before_;
};

/// Takes the value away, and its key if nothing else is in it: a service that was removed without an installer has no
/// spool any more. False, with the error's code, if the registry does not allow it.
[[nodiscard]] bool forget_data_folder(unsigned long& error, const std::wstring& key = settings_key);

} // namespace maptrail
