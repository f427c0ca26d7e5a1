// The file of a program that is to be started, looked at as the file system has it.
#pragma once

#include "common/win32/handle.hpp"

#include <string>

namespace maptrail {

/// While it lives, nobody writes, renames or deletes the file: what was looked at is what is started.
class ProgramFile {
public:
    /// `path` is UTF-8. Throws win32::Error if there is no such file, or std::runtime_error if it, or what a link or
    /// another name leads to, is none that a rule may run: a shell or a batch file, or on another machine.
    explicit ProgramFile(const std::string& path);

    /// Its absolute path behind all links.
    [[nodiscard]] const std::wstring& path() const { return path_; }

private:
    win32::Handle file_;
    std::wstring path_;
};

} // namespace maptrail
