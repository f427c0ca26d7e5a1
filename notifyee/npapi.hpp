// The Connection Notification API as MPR speaks it: Unicode, C names.
#pragma once

#ifndef UNICODE
#error "MPR calls notifyees with wide strings: LPTSTR has to be LPWSTR"
#endif

#include <windows.h>
#include <winnetwk.h>

extern "C" {
#include <npapi.h>
}
