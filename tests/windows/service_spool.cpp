// The collector with a real folder and a real inbox.
#include "service/host/data_folder.hpp"
#include "service/inbox/envelope.hpp"
#include "service/inbox/loss_notice.hpp"
#include "service/spool/access.hpp"
#include "service/spool/collector.hpp"
#include "tests/unit/spool_sample.hpp"
#include "tests/windows/service_fixture.hpp"

#include <catch_amalgamated.hpp>

#include <chrono>
#include <fstream>
#include <map>
#include <mutex>
#include <string_view>
#include <thread>

using namespace maptrail;
using namespace maptrail::test;
using namespace maptrail::spool;
using namespace maptrail::spool_test;
using namespace std::chrono_literals;

namespace {

bool eventually(const std::function<bool()>& condition) {
    for (int i = 0; i < 2'000; ++i) {
        if (condition()) {
            return true;
        }
        std::this_thread::sleep_for(10ms);
    }
    return condition();
}

class Spool {
public:
    explicit Spool(std::uint64_t inbox_size = 1 << 20) {
        make_private_folder(path());
        make_private_folder(quarantine());
        inbox = Inbox::open(folder_.path() / "inbox", inbox_size);
        options.pause = 50ms;
        options.look = 200ms;
        options.patience = 300ms;
        system.clock = [] { return std::int64_t{1'700'000'000'000'000'000}; };
        system.error = [this](const std::string& line) {
            const std::scoped_lock lock(mutex_);
            lines_.push_back(line);
        };
    }

    [[nodiscard]] std::filesystem::path path() const { return folder_.path() / "spool"; }
    [[nodiscard]] std::filesystem::path quarantine() const { return folder_.path() / "quarantine"; }
    [[nodiscard]] std::filesystem::path file(const char* name) const { return path() / name; }

    void put(const char* name, const std::vector<std::byte>& bytes) const {
        std::ofstream out(file(name), std::ios::binary);
        out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    }

    Collector& start() {
        collector = std::make_unique<Collector>(*inbox, judge, path(), quarantine(), system, options);
        collector->start();
        return *collector;
    }

    /// Takes everything out of the inbox: how often each sequence came, and the losses.
    void drain() {
        InboxRecords records;
        while (inbox->read(1'000, 1U << 20U, records) > 0) {
            for (std::size_t i = 0; i < records.size(); ++i) {
                Loss loss;
                Notification notification;
                if (is_loss_notice(records[i])) {
                    REQUIRE(decode_loss_notice(records[i], loss));
                    losses.push_back(loss);
                } else {
                    REQUIRE(decode_envelope(records[i], notification) == EnvelopeError::none);
                    ++came[notification.sequence];
                    last = notification;
                }
            }
            inbox->release(records.size());
        }
    }

    [[nodiscard]] bool is_empty() const { return std::filesystem::is_empty(path()); }

private:
    TemporaryFolder folder_;
    std::mutex mutex_;
    std::vector<std::string> lines_;

public:
    std::unique_ptr<Inbox> inbox;
    CollectorSystem system;
    CollectorOptions options;
    std::map<std::uint64_t, int> came;
    std::vector<Loss> losses;
    Notification last;
    Judge judge;
    std::unique_ptr<Collector> collector; ///< ends before the inbox
};

std::vector<std::byte> numbered(std::uint64_t first, std::uint64_t count) {
    SpoolBytes bytes;
    bytes.add_numbered(first, count);
    return bytes.bytes();
}

std::string own_sid(const std::filesystem::path& file) {
    return SpoolEntry(file).owner();
}

/// A notifyee that goes on appending: claimed or not, it looks after each append, as the protocol says.
class Writer {
public:
    Writer(const std::filesystem::path& path, std::span<const std::byte> header)
        : handle_(CreateFileW(path.c_str(), GENERIC_READ | GENERIC_WRITE,
                              FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr, CREATE_NEW,
                              FILE_ATTRIBUTE_NORMAL, nullptr)) {
        if (!handle_) {
            win32::throw_last_error("cannot make a spool file");
        }
        write(header);
    }

    void append(std::span<const std::byte> frame) {
        std::vector<std::byte> padded(frame.begin(), frame.end());
        padded.resize(wire::spool_aligned(padded.size()));
        write(padded);
    }

    void write(std::span<const std::byte> bytes) {
        OVERLAPPED at{};
        at.Offset = end_;
        DWORD moved = 0;
        if (!WriteFile(handle_.get(), bytes.data(), static_cast<DWORD>(bytes.size()), &moved, &at)) {
            win32::throw_last_error("cannot write a spool file");
        }
        end_ += moved;
    }

    [[nodiscard]] bool claimed() const {
        OVERLAPPED at{};
        at.Offset = offsetof(wire::SpoolHeader, claimed);
        std::uint32_t value = 0;
        DWORD moved = 0;
        if (!ReadFile(handle_.get(), &value, sizeof value, &moved, &at)) {
            win32::throw_last_error("cannot read a spool file");
        }
        return value != 0;
    }

private:
    win32::Handle handle_;
    DWORD end_ = 0;
};

} // namespace

TEST_CASE("a spool file's notifications come in once, whole, and as their owner's") {
    Spool spool;
    spool.put("a.spool", numbered(1, 20));
    const std::string owner = own_sid(spool.file("a.spool"));
    Collector& collector = spool.start();
    REQUIRE(eventually([&] { return spool.is_empty(); }));
    spool.put("b.spool", numbered(21, 5)); // while it runs
    REQUIRE(eventually([&] { return spool.is_empty(); }));
    REQUIRE(eventually([&] { return collector.counts().files == 2; }));
    spool.drain();
    CHECK(spool.came.size() == 25);
    for (const auto& [sequence, times] : spool.came) {
        CHECK(times == 1);
    }
    CHECK(spool.losses.empty());
    CHECK(spool.last.identity.user_sid == owner);
    CHECK(owner.starts_with("S-1-"));
    CHECK(spool.last.source == Source::spool);
    CHECK(spool.last.process.path == "C:\\Program Files\\caller.exe");
    CHECK(collector.counts().frames == 25);
    CHECK(collector.counts().damaged == 0);
    CHECK(eventually([&] { return collector.counts().waiting == 0; }));
    CHECK(std::filesystem::is_empty(spool.quarantine()));
}

TEST_CASE("a writer that goes on appending loses nothing: what it wrote after the claim is in its next file too") {
    Spool spool(8 << 20);
    SpoolBytes header;
    Collector& collector = spool.start();
    constexpr std::uint64_t frames = 400;
    int files = 0;
    std::unique_ptr<Writer> writer;
    const auto begin_file = [&] {
        writer = std::make_unique<Writer>(spool.path() / (std::to_wstring(++files) + L".spool"), header.bytes());
    };
    begin_file();
    for (std::uint64_t sequence = 1; sequence <= frames; ++sequence) {
        const std::vector<std::byte> frame = make_frame(sequence);
        writer->append(frame);
        while (writer->claimed()) {
            begin_file();
            writer->append(frame);
        }
        std::this_thread::sleep_for(1ms);
    }
    writer.reset();
    REQUIRE(eventually([&] { return spool.is_empty(); }));
    collector.stop();
    spool.drain();
    CHECK(files > 1);
    CHECK(spool.came.size() == frames);
    CHECK(spool.losses.empty());
}

TEST_CASE("a torn tail is given time; then it is a loss, and the frames before it are stored once") {
    Spool spool;
    std::vector<std::byte> bytes = numbered(1, 3);
    bytes.resize(bytes.size() - 40);
    SECTION("whose writer goes on") {
        spool.options.pause = 1s;
        const std::vector<std::byte> whole = numbered(1, 3);
        Writer writer(spool.file("a.spool"), bytes);
        spool.start();
        REQUIRE(eventually([&] { return spool.collector->counts().frames == 2; }));
        CHECK_FALSE(spool.is_empty());
        writer.write(std::span(whole).subspan(bytes.size()));
        REQUIRE(eventually([&] { return spool.collector->counts().files == 1; }));
        spool.drain();
        CHECK(spool.came == std::map<std::uint64_t, int>{{1, 1}, {2, 1}, {3, 1}});
        CHECK(spool.losses.empty());
    }
    SECTION("whose writer is dead") {
        spool.put("a.spool", bytes);
        spool.start();
        REQUIRE(eventually([&] { return spool.is_empty(); }));
        spool.collector->stop();
        spool.drain();
        CHECK(spool.came == std::map<std::uint64_t, int>{{1, 1}, {2, 1}});
        REQUIRE(spool.losses.size() == 1);
        CHECK(spool.losses[0].count == 1);
        CHECK(spool.losses[0].kind == LossKind::damaged);
        CHECK(spool.losses[0].source == Source::spool);
        CHECK(spool.losses[0].producer == make_origin().producer);
        CHECK(spool.losses[0].process.pid == 4711);
        CHECK(std::filesystem::file_size(spool.quarantine() / "a.spool") == bytes.size());
    }
}

TEST_CASE("damage in a spool file costs what it hit, is kept aside and told") {
    Spool spool;
    SpoolBytes sample;
    sample.add_numbered(1, 5);
    sample.bytes()[sample.places()[1].begin + 50] ^= std::byte{1};
    sample.bytes()[sample.places()[3].begin + 50] ^= std::byte{1};
    spool.put("damaged.spool", sample.bytes());
    spool.put("garbage.spool", std::vector<std::byte>(5'000, std::byte{0x41}));
    spool.put("empty.spool", {});
    spool.put("short.spool", std::vector<std::byte>(40));
    spool.put("good.spool", numbered(10, 2));
    Collector& collector = spool.start();
    REQUIRE(eventually([&] { return spool.is_empty(); }));
    collector.stop();
    spool.drain();
    CHECK(spool.came == std::map<std::uint64_t, int>{{1, 1}, {3, 1}, {5, 1}, {10, 1}, {11, 1}});
    REQUIRE(spool.losses.size() == 4);
    std::uint64_t stretches = 0;
    for (const Loss& loss : spool.losses) {
        stretches += loss.count;
        CHECK(loss.identity.user_sid.starts_with("S-1-"));
        CHECK_THAT(loss.reason, Catch::Matchers::ContainsSubstring(".spool"));
    }
    CHECK(stretches == 5);
    CHECK(collector.counts().damaged == 5);
    for (const char* name : {"damaged.spool", "garbage.spool", "empty.spool", "short.spool"}) {
        CHECK(std::filesystem::exists(spool.quarantine() / name));
    }
    CHECK_FALSE(std::filesystem::exists(spool.quarantine() / "good.spool"));
}

TEST_CASE("a file that was only just made is waited for") {
    Spool spool;
    spool.options.patience = 30s;
    const std::vector<std::byte> whole = numbered(1, 1);
    Writer writer(spool.file("a.spool"), {});
    Collector& collector = spool.start();
    REQUIRE(eventually([&] { return collector.counts().waiting == 1; }));
    std::this_thread::sleep_for(200ms);
    CHECK_FALSE(spool.is_empty());
    writer.write(whole);
    REQUIRE(eventually([&] { return collector.counts().files == 1; }));
    spool.drain();
    CHECK(spool.came.size() == 1);
    CHECK(spool.losses.empty());
}

TEST_CASE("what is no spool file at all is out of the way, and does not hold up others") {
    Spool spool;
    std::filesystem::create_directory(spool.file("folder.spool"));
    {
        const win32::Handle large(CreateFileW(spool.file("large.spool").c_str(), GENERIC_WRITE, 0, nullptr, CREATE_NEW,
                                              FILE_ATTRIBUTE_NORMAL, nullptr));
        FILE_END_OF_FILE_INFO end{};
        end.EndOfFile.QuadPart = max_file_size + 1;
        REQUIRE(SetFileInformationByHandle(large.get(), FileEndOfFileInfo, &end, sizeof end));
    }
    const std::filesystem::path elsewhere = spool.path().parent_path() / "elsewhere";
    std::ofstream(elsewhere) << "not the spool's";
    const bool linked = CreateHardLinkW(spool.file("link.spool").c_str(), elsewhere.c_str(), nullptr) != FALSE;
    REQUIRE(linked);
    spool.put("good.spool", numbered(1, 2));
    Collector& collector = spool.start();
    REQUIRE(eventually([&] { return spool.is_empty(); }));
    collector.stop();
    spool.drain();
    CHECK(spool.came.size() == 2);
    CHECK(spool.losses.size() == 3);
    CHECK(std::filesystem::is_directory(spool.quarantine() / "folder.spool"));
    CHECK(std::filesystem::file_size(spool.quarantine() / "large.spool") == max_file_size + 1);
    CHECK_FALSE(std::filesystem::exists(spool.quarantine() / "link.spool"));
    std::ifstream in(elsewhere);
    CHECK(std::string(std::istreambuf_iterator<char>(in), {}) == "not the spool's");
}

TEST_CASE("a file of a later version is left as it is, until the next start") {
    Spool spool;
    std::vector<std::byte> later = numbered(1, 1);
    later[offsetof(wire::SpoolHeader, min_reader)] = std::byte{2};
    spool.put("later.spool", later);
    spool.put("good.spool", numbered(1, 1));
    Collector& collector = spool.start();
    REQUIRE(eventually([&] { return collector.counts().files == 1; }));
    std::this_thread::sleep_for(2 * spool.options.patience);
    CHECK(std::filesystem::exists(spool.file("later.spool")));
    spool.drain();
    CHECK(spool.losses.empty());
    CHECK(collector.counts().damaged == 0);
}

TEST_CASE("a full inbox makes files wait; when there is room they come, each frame once") {
    Spool spool(64 * 1024);
    constexpr std::uint64_t frames = 400; // more than the inbox holds
    spool.put("a.spool", numbered(1, frames / 2));
    spool.put("b.spool", numbered(frames / 2 + 1, frames / 2));
    Collector& collector = spool.start();
    REQUIRE(eventually([&] { return collector.counts().frames > 0; }));
    std::this_thread::sleep_for(300ms);
    CHECK(collector.counts().frames < frames);
    CHECK(collector.counts().waiting > 0);
    // Half of the room stays for the pipe.
    const InboxCounts full = spool.inbox->counts();
    CHECK(full.used < full.capacity * 3 / 4);
    CHECK(full.refused == 0);
    REQUIRE(eventually([&] {
        spool.drain();
        return spool.is_empty();
    }));
    collector.stop();
    spool.drain();
    CHECK(spool.came.size() == frames);
    for (const auto& [sequence, times] : spool.came) {
        CHECK(times == 1);
    }
    CHECK(spool.losses.empty());
}

TEST_CASE("the same frames in two files come twice: the store tells them apart") {
    Spool spool;
    spool.put("a.spool", numbered(1, 2));
    spool.put("b.spool", numbered(1, 2));
    Collector& collector = spool.start();
    REQUIRE(eventually([&] { return collector.counts().files == 2; }));
    spool.drain();
    CHECK(spool.came == std::map<std::uint64_t, int>{{1, 2}, {2, 2}});
}

TEST_CASE("the collector stops at once, and what it left comes with the next one") {
    Spool spool;
    spool.put("a.spool", numbered(1, 3));
    spool.start();
    REQUIRE(eventually([&] { return spool.collector->counts().files == 1; }));
    spool.options.look = 60s;
    spool.options.pause = 60s;
    spool.start();
    spool.put("b.spool", numbered(4, 3));
    const auto begin = std::chrono::steady_clock::now();
    spool.collector->stop();
    CHECK(std::chrono::steady_clock::now() - begin < 2s);
    spool.start();
    REQUIRE(eventually([&] { return spool.is_empty(); }));
    spool.drain();
    CHECK(spool.came.size() == 6);
}

TEST_CASE("the spool folder's access list, which Wine takes and does not enforce") {
    CHECK(std::wstring_view(folder_access) ==
          L"O:SYG:SYD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;;0x100022;;;AU)(A;;0x100022;;;AC)(A;OIIO;RC;;;OW)"
          L"S:(ML;OICI;NW;;;LW)");
    CHECK((FILE_ADD_FILE | FILE_TRAVERSE | SYNCHRONIZE) == 0x100022);
    const TemporaryFolder folder;
    make_private_folder(folder.path() / "spool", folder_access);
    CHECK(std::filesystem::is_directory(folder.path() / "spool"));
    make_private_folder(folder.path() / "spool", folder_access); // one that is there: list and label are set
    CHECK(std::filesystem::is_directory(folder.path() / "spool"));
}
