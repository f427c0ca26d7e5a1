#include "tests/router/shim/notifyee.hpp"

#include "tests/router/shim/registry.hpp"

namespace maptrail::router {

namespace {

template <typename Function>
Function function_of(HMODULE module, const char* name) {
    return reinterpret_cast<Function>(reinterpret_cast<void*>(GetProcAddress(module, name)));
}

std::vector<Notifyee> load() {
    std::vector<Notifyee> loaded;
    for (const std::wstring& path : notifyee_paths()) {
        const HMODULE module = LoadLibraryW(path.c_str());
        if (module == nullptr) {
            continue;
        }
        const Notifyee notifyee{function_of<PF_AddConnectNotify>(module, "AddConnectNotify"),
                                function_of<PF_CancelConnectNotify>(module, "CancelConnectNotify")};
        if (notifyee.add == nullptr && notifyee.cancel == nullptr) {
            FreeLibrary(module);
            continue;
        }
        loaded.push_back(notifyee);
    }
    return loaded;
}

} // namespace

const std::vector<Notifyee>& notifyees() {
    static const std::vector<Notifyee> loaded = load();
    return loaded;
}

} // namespace maptrail::router
