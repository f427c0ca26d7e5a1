// two_identities: a host of the DLL that acts for two users, as a web server does. Its main thread connects drives as
// itself, another thread connects drives with a token of its own, in turns.
#include "tests/windows/notifyee_host.hpp"

#include <atomic>
#include <cstdio>
#include <string>
#include <thread>

namespace {

using namespace maptrail::test;

constexpr int rounds = 5;

void connect(const Notifyee& notifyee, const std::wstring& remote) {
    NOTIFYADD add = make_add(nullptr, remote.c_str());
    NOTIFYINFO info = before();
    notifyee.add(&info, &add);
    NOTIFYINFO end = after(info, WN_SUCCESS);
    notifyee.add(&end, &add);
}

} // namespace

int main() {
    const Notifyee notifyee;
    std::atomic<int> turn{0};
    std::atomic<bool> impersonated{true};
    const auto wait_for = [&](int number) {
        while (turn != number) {
            Sleep(0);
        }
    };
    std::thread other([&] {
        impersonated = ImpersonateSelf(SecurityImpersonation) != 0;
        for (int i = 0; i < rounds; ++i) {
            wait_for(2 * i + 1);
            connect(notifyee, L"\\\\other\\" + std::to_wstring(i));
            ++turn;
        }
    });
    for (int i = 0; i < rounds; ++i) {
        wait_for(2 * i);
        connect(notifyee, L"\\\\self\\" + std::to_wstring(i));
        ++turn;
    }
    other.join();
    return impersonated ? 0 : 1;
}
