// What the compiler itself calls when there is no C runtime: it turns copies and initialisations into these.
// Built without the optimisation that would turn the loops into calls of themselves.
#include <cstddef>

extern "C" {

void* memcpy(void* to, const void* from, std::size_t size) {
    auto* target = static_cast<unsigned char*>(to);
    const auto* source = static_cast<const unsigned char*>(from);
    for (std::size_t i = 0; i < size; ++i) {
        target[i] = source[i];
    }
    return to;
}

void* memmove(void* to, const void* from, std::size_t size) {
    auto* target = static_cast<unsigned char*>(to);
    const auto* source = static_cast<const unsigned char*>(from);
    if (target < source) {
        return memcpy(to, from, size);
    }
    while (size > 0) {
        --size;
        target[size] = source[size];
    }
    return to;
}

void* memset(void* to, int value, std::size_t size) {
    auto* target = static_cast<unsigned char*>(to);
    for (std::size_t i = 0; i < size; ++i) {
        target[i] = static_cast<unsigned char>(value);
    }
    return to;
}

int memcmp(const void* left, const void* right, std::size_t size) {
    const auto* a = static_cast<const unsigned char*>(left);
    const auto* b = static_cast<const unsigned char*>(right);
    for (std::size_t i = 0; i < size; ++i) {
        if (a[i] != b[i]) {
            return a[i] < b[i] ? -1 : 1;
        }
    }
    return 0;
}

} // extern "C"
