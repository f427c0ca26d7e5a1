// The Connection Notification API as a router sees it: Unicode, C names.
#pragma once

#ifndef UNICODE
#error "notifyees are called with wide strings: LPTSTR has to be LPWSTR"
#endif

// windows.h comes first, the others stand on it.
#include <windows.h>

#include <winnetwk.h>

extern "C" {
#include <npapi.h>
}
