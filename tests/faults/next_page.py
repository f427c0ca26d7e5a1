"""next_page.py PAGE BUDGET: makes a policy page one version newer, with a longer body, and gives it that budget."""
import struct
import sys
import zlib

BODY, MORE = 24, 16  # where the body begins; how much longer it is
with open(sys.argv[1], "r+b") as file:
    page = bytearray(file.read())
    magic, lock, version, oldest, size = struct.unpack_from("<IIHHI", page)
    assert magic == 0x5050544D and version == 1 and size == 40, "not today's policy page"
    struct.pack_into("<I", page, BODY + 16, 0)  # no process id of a service: another one stands in
    struct.pack_into("<I", page, BODY + 20, int(sys.argv[2]))
    page[BODY + size : BODY + size + MORE] = b"\x5a" * MORE
    size += MORE
    crc = zlib.crc32(page[BODY : BODY + size])
    struct.pack_into("<IIHHII", page, 0, magic, (lock | 1) + 1, version + 1, oldest, size, crc)
    file.seek(0)
    file.write(page)
